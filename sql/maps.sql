-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What Postfix and Dovecot ask.  A map's text serves the library and, with
-- each input replaced by the daemon's own placeholder, its configuration; so
-- inputs bear the names that the daemons give them:
--
--	u d        Postfix: local part and domain of a key user@domain; another
--	           key (@domain, a bare name) does not run the query at all
--	s          Postfix: the key as it is
--	n d service   Dovecot: local part, domain, and the protocol
--
-- No text may hold a percent sign, which the daemons would take for theirs,
-- nor answer Postfix with two columns, which it joins on PostgreSQL.
--
-- On PostgreSQL, functions of the same name ask the same views: what they are
-- for stands in schema/pgsql/0001-init.sql.

-- name: map_virtual_mailbox_domains
-- in: s
-- out: domain
SELECT domain FROM postfix_domain WHERE domain = $1;
-- name: map_virtual_mailbox_domains pgsql
SELECT domain FROM maildb.virtual_mailbox_domains($1);

-- name: map_virtual_mailbox_maps
-- in: u d
-- out: address
SELECT address FROM postfix_mailbox WHERE domain = $2 AND localpart = $1;
-- name: map_virtual_mailbox_maps pgsql
SELECT address FROM maildb.virtual_mailbox_maps($1, $2);

-- name: map_virtual_alias_maps
-- in: u d
-- out: destination
SELECT destination FROM postfix_alias WHERE domain = $2 AND localpart = $1;
-- name: map_virtual_alias_maps pgsql
SELECT destination FROM maildb.virtual_alias_maps($1, $2);

-- name: map_virtual_alias_far
-- in: u d
-- out: destination
SELECT destination FROM postfix_alias_far WHERE domain = $2 AND localpart = $1;
-- name: map_virtual_alias_far pgsql
SELECT destination FROM maildb.virtual_alias_far($1, $2);

-- A key of another form must not become a domain by losing its first letter.
-- name: map_virtual_alias_catchall
-- in: s
-- out: destination
SELECT destination FROM postfix_catchall
WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@';
-- name: map_virtual_alias_catchall pgsql
SELECT destination FROM maildb.virtual_alias_catchall($1);

-- name: map_relay_domains
-- in: s
-- out: domain
SELECT domain FROM postfix_relay_domain WHERE domain = $1;
-- name: map_relay_domains pgsql
SELECT domain FROM maildb.relay_domains($1);

-- name: map_relay_recipient_maps
-- in: u d
-- out: address
SELECT address FROM postfix_relay_recipient
WHERE domain = $2 AND localpart = $1;
-- name: map_relay_recipient_maps pgsql
SELECT address FROM maildb.relay_recipient_maps($1, $2);

-- name: map_relay_recipient_any
-- in: s
-- out: domain
SELECT domain FROM postfix_relay_any
WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@';
-- name: map_relay_recipient_any pgsql
SELECT domain FROM maildb.relay_recipient_any($1);

-- name: map_recipient_access
-- in: u d
-- out: action
SELECT action FROM postfix_access WHERE domain = $2 AND localpart = $1
UNION ALL SELECT action FROM postfix_relay_off WHERE domain = $2;
-- name: map_recipient_access pgsql
SELECT action FROM maildb.recipient_access($1, $2);

-- By the domain of a whole address: Postfix asks for parent domains as well,
-- and ours must not speak for somebody else's subdomain.
-- name: map_sender_access
-- in: d
-- out: action
SELECT action FROM postfix_sender_access WHERE domain = $1;
-- name: map_sender_access pgsql
SELECT action FROM maildb.sender_access($1);

-- name: map_smtpd_sender_login_maps
-- in: u d
-- out: login
SELECT login FROM postfix_sender WHERE domain = $2 AND localpart = $1;
-- name: map_smtpd_sender_login_maps pgsql
SELECT login FROM maildb.smtpd_sender_login_maps($1, $2);

-- name: map_sender_login_any
-- in: s
-- out: login
SELECT login FROM postfix_sender_any
WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@';
-- name: map_sender_login_any pgsql
SELECT login FROM maildb.sender_login_any($1);

-- Dovecot.  A service that is switched off finds no user; 'sieve' is how
-- Dovecot calls ManageSieve, 'submission' its own SMTP.
-- name: map_passdb
-- in: n d service
-- out: user password userdb_uid:int userdb_gid:int userdb_home
-- out: userdb_quota_rule
SELECT address AS "user", password, uid AS userdb_uid, gid AS userdb_gid,
  home AS userdb_home, '*:bytes=' || coalesce(quota, 0) || ':messages='
    || coalesce(messages, 0) AS userdb_quota_rule
FROM dovecot_user
WHERE domain = $2 AND localpart = $1 AND CASE $3
  WHEN 'smtp' THEN send WHEN 'submission' THEN send WHEN 'imap' THEN imap
  WHEN 'pop3' THEN pop3 WHEN 'sieve' THEN sieve ELSE 1 END = 1;
-- name: map_passdb pgsql
SELECT address AS "user", password, uid AS userdb_uid, gid AS userdb_gid,
  home AS userdb_home, '*:bytes=' || coalesce(quota, 0) || ':messages='
    || coalesce(messages, 0) AS userdb_quota_rule
FROM maildb.passdb($1, $2, $3);

-- Deliveries need a user who may receive; others only ask where the mail is.
-- name: map_userdb
-- in: n d service
-- out: uid:int gid:int home quota_rule
SELECT uid, gid, home, '*:bytes=' || coalesce(quota, 0) || ':messages='
    || coalesce(messages, 0) AS quota_rule
FROM dovecot_user
WHERE domain = $2 AND localpart = $1
  AND ($3 NOT IN ('lmtp', 'lda') OR receive = 1);
-- name: map_userdb pgsql
SELECT uid, gid, home, '*:bytes=' || coalesce(quota, 0) || ':messages='
    || coalesce(messages, 0) AS quota_rule
FROM maildb.userdb($1, $2, $3);

-- A user once, whatever spellings the domain has.
-- name: map_iterate
-- out: user
-- scan: it lists every user
SELECT address AS "user" FROM dovecot_user
WHERE domain = substr(address, instr(address, '@') + 1);
-- name: map_iterate pgsql
SELECT address AS "user" FROM maildb.dovecot_user
WHERE domain = split_part(address, '@', 2);

-- Dovecot 2.4 has limits instead of a rule; 0 is unlimited there, too.
-- name: map_passdb24
-- in: n d service
-- out: user password userdb_uid:int userdb_gid:int userdb_home
-- out: userdb_quota_storage_size userdb_quota_message_count:count
SELECT address AS "user", password, uid AS userdb_uid, gid AS userdb_gid,
  home AS userdb_home, coalesce(quota, 0) || 'B' AS userdb_quota_storage_size,
  coalesce(messages, 0) AS userdb_quota_message_count
FROM dovecot_user
WHERE domain = $2 AND localpart = $1 AND CASE $3
  WHEN 'smtp' THEN send WHEN 'submission' THEN send WHEN 'imap' THEN imap
  WHEN 'pop3' THEN pop3 WHEN 'sieve' THEN sieve ELSE 1 END = 1;
-- name: map_passdb24 pgsql
SELECT address AS "user", password, uid AS userdb_uid, gid AS userdb_gid,
  home AS userdb_home, coalesce(quota, 0) || 'B' AS userdb_quota_storage_size,
  coalesce(messages, 0) AS userdb_quota_message_count
FROM maildb.passdb($1, $2, $3);

-- name: map_userdb24
-- in: n d service
-- out: uid:int gid:int home quota_storage_size quota_message_count:count
SELECT uid, gid, home, coalesce(quota, 0) || 'B' AS quota_storage_size,
  coalesce(messages, 0) AS quota_message_count
FROM dovecot_user
WHERE domain = $2 AND localpart = $1
  AND ($3 NOT IN ('lmtp', 'lda') OR receive = 1);
-- name: map_userdb24 pgsql
SELECT uid, gid, home, coalesce(quota, 0) || 'B' AS quota_storage_size,
  coalesce(messages, 0) AS quota_message_count
FROM maildb.userdb($1, $2, $3);

-- The alias maps once more, for maildb_trace(), which also tells the target
-- that answered, and an alias domain from a wildcard.
-- name: trace_alias
-- in: u d
-- out: destination id:int
SELECT destination, target_id FROM postfix_alias
WHERE domain = $2 AND localpart = $1;

-- name: trace_alias_far
-- in: u d
-- out: destination id:int found
SELECT destination, target_id, found FROM postfix_alias_far
WHERE domain = $2 AND localpart = $1;

-- name: trace_catchall
-- in: s
-- out: destination id:int
SELECT destination, target_id FROM postfix_catchall
WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@';
