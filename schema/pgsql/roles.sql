-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- The roles of a mail database and what each may do; for a superuser, or for
-- the owner of schema maildb who may create roles.  May be run again.
--
--	maildb_owner    owns the schema; nobody logs in as it
--	maildb_admin    changes domains, users and aliases: mailcfg
--	maildb_postfix  reads what Postfix asks for; no passwords
--	maildb_dovecot  reads what Dovecot asks for
--	maildb_audit    reads the journal

SET search_path = maildb, pg_temp;

DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY '{maildb_owner,maildb_admin,maildb_postfix,maildb_dovecot,maildb_audit}'::text[] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role);
    EXECUTE format('CREATE ROLE %I %s', role,
      CASE role WHEN 'maildb_owner' THEN 'NOLOGIN' ELSE 'LOGIN' END);
    EXECUTE format('ALTER ROLE %I SET search_path = maildb, pg_temp', role);
    IF role <> 'maildb_owner' AND role <> 'maildb_admin' THEN
      EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', role);
      EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', role, '30s');
      EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', role, '60s');
    END IF;
  END LOOP;
END $$;

-- Everything in the schema gets one owner; whoever made it goes on as a member.
DO $$
DECLARE
  was text := (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'maildb');
  object record;
BEGIN
  IF NOT pg_has_role(current_user, 'maildb_owner', 'MEMBER') THEN
    EXECUTE format('GRANT maildb_owner TO %I', current_user);
  END IF;
  IF NOT pg_has_role(was, 'maildb_owner', 'MEMBER') THEN
    EXECUTE format('GRANT maildb_owner TO %s', was);
  END IF;
  IF was <> 'maildb_owner' THEN
    ALTER SCHEMA maildb OWNER TO maildb_owner;
  END IF;
  FOR object IN
    SELECT 'TABLE' AS kind, c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'maildb'::regnamespace AND c.relkind IN ('r', 'v')
      AND c.relowner <> 'maildb_owner'::regrole
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p
      WHERE p.pronamespace = 'maildb'::regnamespace
      AND p.proowner <> 'maildb_owner'::regrole
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO maildb_owner', object.kind, object.name);
  END LOOP;
END $$;

-- A database that holds nothing else is closed to everybody else.
DO $$ BEGIN
  IF pg_has_role((SELECT datdba FROM pg_database
      WHERE datname = current_database()), 'MEMBER') AND NOT EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('maildb', 'information_schema')
      AND n.nspname NOT LIKE 'pg\_%') THEN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO maildb_owner, maildb_admin,
      maildb_postfix, maildb_dovecot, maildb_audit', current_database());
    -- for what apply works out
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO maildb_admin', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
  END IF;
END $$;

REVOKE ALL ON SCHEMA maildb FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA maildb FROM PUBLIC;
GRANT USAGE ON SCHEMA maildb
  TO maildb_admin, maildb_postfix, maildb_dovecot, maildb_audit;

-- domain_name and the journal are written by triggers only.
GRANT SELECT ON ALL TABLES IN SCHEMA maildb TO maildb_admin;
GRANT INSERT, UPDATE, DELETE ON @{tables}
  TO maildb_admin;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA maildb TO maildb_admin;

GRANT SELECT ON postfix_domain, postfix_relay_domain, postfix_relay_recipient,
  postfix_relay_any, postfix_relay_off, postfix_mailbox, postfix_alias, postfix_alias_far,
  postfix_catchall, postfix_access, postfix_sender_access, postfix_sender,
  postfix_sender_any, domains, aliases TO maildb_postfix;
GRANT SELECT (id, domain_id, email, active) ON users TO maildb_postfix;
GRANT EXECUTE ON FUNCTION virtual_mailbox_domains, virtual_mailbox_maps,
  virtual_alias_maps, virtual_alias_far, virtual_alias_catchall, relay_domains,
  relay_recipient_maps, relay_recipient_any, recipient_access, sender_access,
  smtpd_sender_login_maps, sender_login_any, mail_in, mail_out
  TO maildb_postfix;

GRANT SELECT ON dovecot_user, users TO maildb_dovecot;
GRANT EXECUTE ON FUNCTION passdb, userdb TO maildb_dovecot;

GRANT SELECT ON journal, @{images} TO maildb_audit;

-- Who connects asks first which schema it is.
GRANT SELECT ON version TO maildb_postfix, maildb_dovecot, maildb_audit;
