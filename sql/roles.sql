-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What maildb_roles() compares to tell whether it changed anything.

-- name: roles_state
-- scan: the catalogue, which is small
-- only: pgsql
-- out: state
SELECT md5(string_agg(concat_ws(' ', o.owner, o.name, item), ','
    ORDER BY o.name, item::text)) AS state
FROM (SELECT nspowner AS owner, nspname::text AS name, nspacl AS acl
    FROM pg_namespace WHERE nspname IN ('maildb', 'public')
  UNION ALL SELECT relowner, relname, relacl FROM pg_class
    WHERE relnamespace = 'maildb'::regnamespace
  UNION ALL SELECT 0, c.relname || '.' || a.attname, a.attacl
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'maildb'::regnamespace
  UNION ALL SELECT proowner, oid::regprocedure::text, proacl FROM pg_proc
    WHERE pronamespace = 'maildb'::regnamespace
  UNION ALL SELECT datdba, datname, datacl FROM pg_database
    WHERE datname = current_database()
  UNION ALL SELECT oid, rolname, NULL FROM pg_roles
    WHERE rolname LIKE 'maildb\_%') o
  LEFT JOIN LATERAL unnest(o.acl) item ON true;

-- What of it is missing, for whoever may not run the script: no row when all is
-- there.  Every view and function of a role was granted together, so the last
-- of them speak for all.
-- name: roles_missing
-- scan: the catalogue, which is small
-- only: pgsql
-- out: role
SELECT needed.role
FROM (VALUES ('maildb_owner', NULL), ('maildb_admin', 'maildb.target'),
    ('maildb_postfix', 'maildb.postfix_sender_any'),
    ('maildb_dovecot', 'maildb.dovecot_user'),
    ('maildb_audit', 'maildb.journal')) needed (role, relation)
  LEFT JOIN pg_roles r ON r.rolname = needed.role
WHERE r.oid IS NULL
  OR NOT coalesce(has_table_privilege(r.oid,
    to_regclass(needed.relation)::oid, 'SELECT'), true)
UNION ALL
SELECT 'maildb_owner' FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE c.relnamespace = 'maildb'::regnamespace AND c.relkind IN ('r', 'v')
  AND r.rolname <> 'maildb_owner'
LIMIT 1;
