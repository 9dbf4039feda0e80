-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The desired state.  Documents are filled into TEMP tables stage_*, a record
-- a row; what has to be done is worked out into todo_*, and done from there.
--
-- In stage_* NULL is what a document does not say; -1 and '' are "default".
-- In todo_* all values are those that the row will have.

-- Where a record comes from: the number of a file, line and column.  n numbers
-- the records, or the rows of an import, of which rank is the turn: 0 for none,
-- 1 users, 2 fields of users, 3 domains, 4 aliases, 5 aliases of which the first
-- row counts.
-- part: stage_place
  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,
  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank

-- name: stage_make_setting
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_setting AS SELECT s.name, s.value,
@stage_place
FROM setting s WHERE 1 = 0;

-- name: stage_make_domain
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_domain AS SELECT d.name, d.class, d.target, d.enabled,
  d.is_primary, d.quota, d.messages, d.max_users, d.max_aliases, d.max_quota,
  d.outside_senders, d.any_recipient, d.autoconfig, d.dkim, d.note,
@stage_place
FROM domain d WHERE 1 = 0;

-- replaces: the password is for users who exist, too.  pending: it was not
-- hashed, because the user existed.
-- name: stage_make_user
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_user AS SELECT a.domain, a.localpart, m.name, a.enabled,
  a.receive, m.send, m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages,
  a.valid_from, a.valid_until, m.must_change, m.spam_days, m.home, a.note,
  m.password, a.enabled AS replaces, a.enabled AS pending,
@stage_place
FROM address a CROSS JOIN mailbox m WHERE 1 = 0;

-- Passwords that were hashed meanwhile.
-- name: stage_make_hash
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_hash AS SELECT a.id AS n, a.domain, a.localpart,
  m.password
FROM address a CROSS JOIN mailbox m WHERE 1 = 0;

-- exact: the targets staged are all it has.  has_fields: it says anything about
-- the address itself, which for a user only the user's own record may.
-- name: stage_make_alias
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_alias AS SELECT a.domain, a.localpart, a.enabled,
  a.internal, a.valid_from, a.valid_until, a.note, a.final AS recipient,
  a.enabled AS exact, a.enabled AS has_fields, a.enabled AS of_user,
@stage_place
FROM address a WHERE 1 = 0;

-- wide: 1, no address of ours can look so; 2, it needs SMTPUTF8.  seq: its
-- place among the targets of its record.
-- name: stage_make_target
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_target AS SELECT a.domain, a.localpart, t.dest,
  t.may_send, t.may_send AS wide, t.id AS seq,
@stage_place
FROM address a CROSS JOIN target t WHERE 1 = 0;

-- login NULL: the record itself, which says that the logins of the other rows
-- are all there should be.
-- name: stage_make_sender
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_sender AS SELECT a.domain, a.localpart, t.dest AS login,
@stage_place
FROM address a CROSS JOIN target t WHERE 1 = 0;

-- The domains inside which what no document names is removed.
-- name: stage_make_scope
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_scope AS SELECT d.name FROM domain d WHERE 1 = 0;

-- name: stage_make_used
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE stage_used AS SELECT d.note AS kind, d.name AS domain,
  d.note AS localpart, d.class
FROM domain d WHERE 1 = 0;

-- name: todo_make_domain
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_domain AS SELECT d.id AS n, d.id, d.name, d.class,
  d.target, d.enabled, d.is_primary, d.quota, d.messages, d.max_users,
  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,
  d.dkim, d.note
FROM domain d WHERE 1 = 0;

-- name: todo_make_user
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_user AS SELECT a.id AS address_id, m.address_id AS
  mailbox_id, a.domain, a.localpart, m.name, a.enabled, a.receive, m.send,
  m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages, a.valid_from,
  a.valid_until, m.must_change, m.spam_days, m.home, a.note, m.password,
  a.enabled AS pending
FROM address a CROSS JOIN mailbox m WHERE 1 = 0;

-- name: todo_make_alias
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_alias AS SELECT a.id AS address_id, a.domain,
  a.localpart, a.enabled, a.internal, a.valid_from, a.valid_until, a.note,
  a.final
FROM address a WHERE 1 = 0;

-- name: todo_make_target
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_target AS SELECT t.id AS target_id, t.address_id, t.dest,
  t.may_send, t.may_send AS gone, t.id AS n, t.id AS rank
FROM target t WHERE 1 = 0;

-- name: todo_make_sender
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_sender AS SELECT s.domain, s.localpart, s.login_id,
  s.login_id AS gone
FROM sender s WHERE 1 = 0;

-- name: todo_make_removal
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE todo_removal AS SELECT a.id AS n, a.note AS kind, a.domain,
  a.localpart
FROM address a WHERE 1 = 0;

-- name: stage_index_domain
-- temp: of a table that is
CREATE INDEX stage_domain_key ON stage_domain (name);
-- name: stage_index_user
-- temp: of a table that is
CREATE INDEX stage_user_key ON stage_user (domain, localpart, n);
-- name: stage_index_alias
-- temp: of a table that is
CREATE INDEX stage_alias_key ON stage_alias (domain, localpart);
-- name: stage_index_target
-- temp: of a table that is
CREATE INDEX stage_target_key ON stage_target (domain, localpart, dest, n);
-- name: stage_index_sender
-- temp: of a table that is
CREATE INDEX stage_sender_key ON stage_sender (domain, localpart, login);
-- name: stage_index_removal
-- temp: of a table that is
CREATE INDEX todo_removal_key ON todo_removal (n);
-- name: stage_index_todo
-- temp: of a table that is
CREATE INDEX todo_domain_key ON todo_domain (n);

-- TEMP tables have no statistics of themselves.
-- name: stage_analyze
-- temp: so it is
-- only: pgsql
ANALYZE stage_user, stage_alias, stage_target, stage_sender;

-- TEMP tables are filled and read from end to end: their cache can be small.
-- name: stage_cache
-- only: sqlite
PRAGMA temp.cache_size = -500;

-- name: stage_drop_setting
-- temp: the table itself
DROP TABLE IF EXISTS stage_setting;
-- name: stage_drop_domain
-- temp: the table itself
DROP TABLE IF EXISTS stage_domain;
-- name: stage_drop_user
-- temp: the table itself
DROP TABLE IF EXISTS stage_user;
-- name: stage_drop_hash
-- temp: the table itself
DROP TABLE IF EXISTS stage_hash;
-- name: stage_drop_alias
-- temp: the table itself
DROP TABLE IF EXISTS stage_alias;
-- name: stage_drop_target
-- temp: the table itself
DROP TABLE IF EXISTS stage_target;
-- name: stage_drop_sender
-- temp: the table itself
DROP TABLE IF EXISTS stage_sender;
-- name: stage_drop_scope
-- temp: the table itself
DROP TABLE IF EXISTS stage_scope;
-- name: stage_drop_used
-- temp: the table itself
DROP TABLE IF EXISTS stage_used;
-- name: todo_drop_domain
-- temp: the table itself
DROP TABLE IF EXISTS todo_domain;
-- name: todo_drop_user
-- temp: the table itself
DROP TABLE IF EXISTS todo_user;
-- name: todo_drop_alias
-- temp: the table itself
DROP TABLE IF EXISTS todo_alias;
-- name: todo_drop_target
-- temp: the table itself
DROP TABLE IF EXISTS todo_target;
-- name: todo_drop_sender
-- temp: the table itself
DROP TABLE IF EXISTS todo_sender;
-- name: todo_drop_removal
-- temp: the table itself
DROP TABLE IF EXISTS todo_removal;

-- ---- filling -----------------------------------------------------------

-- name: stage_setting
-- temp: so it is
-- in: name value file:int line:int col:int
INSERT INTO stage_setting (name, value, file, line, col)
VALUES ($1, $2, $3, $4, $5);

-- name: stage_setting_get
-- in: name
-- out: value file:int line:int col:int
-- scan: it is a handful of rows
SELECT value, file, line, col FROM stage_setting WHERE name = $1;

-- name: stage_domain
-- temp: so it is
-- in: name class target enabled:bool primary:bool quota:size messages:count
-- in: max_users:count max_aliases:count max_quota:size outside_senders:bool
-- in: any_recipient:bool autoconfig:bool dkim:bool note
-- in: file:int line:int col:int n:int rank:int
INSERT INTO stage_domain (name, class, target, enabled, is_primary, quota,
  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,
  autoconfig, dkim, note, file, line, col, n, rank)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
  $17, $18, $19, $20);

-- name: stage_user
-- temp: so it is
-- bulk: it is one for each record
-- in: domain localpart name enabled:bool receive:bool send:bool imap:bool
-- in: pop3:bool sieve:bool internal:bool quota:size messages:count
-- in: valid_from:time valid_until:time must_change:bool spam_days:count home
-- in: note password replaces:bool pending:bool file:int line:int col:int n:int
-- in: rank:int
INSERT INTO stage_user (domain, localpart, name, enabled, receive, send, imap,
  pop3, sieve, internal, quota, messages, valid_from, valid_until, must_change,
  spam_days, home, note, password, replaces, pending, file, line, col, n, rank)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
  $17, $18, $19, $20, $21, $22, $23, $24, $25, $26);

-- name: stage_hash
-- temp: so it is
-- in: n:int domain localpart password
INSERT INTO stage_hash (n, domain, localpart, password)
VALUES ($1, $2, $3, $4);

-- name: stage_hashed
-- temp: so it is
-- scan: it reads what was staged
UPDATE stage_user SET password = h.password FROM stage_hash h
WHERE stage_user.domain = h.domain AND stage_user.localpart = h.localpart
  AND stage_user.n = h.n;

-- name: stage_alias
-- temp: so it is
-- bulk: it is one for each record
-- in: domain localpart enabled:bool internal:bool valid_from:time
-- in: valid_until:time note recipient:bool exact:bool has_fields:bool
-- in: of_user:bool file:int line:int col:int
INSERT INTO stage_alias (domain, localpart, enabled, internal, valid_from,
  valid_until, note, recipient, exact, has_fields, of_user, file, line, col)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: stage_target
-- temp: so it is
-- bulk: it is one for each record
-- in: domain localpart dest may_send:bool wide:bool seq:int
-- in: file:int line:int col:int n:int rank:int
INSERT INTO stage_target (domain, localpart, dest, may_send, wide, seq, file,
  line, col, n, rank)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: stage_sender
-- temp: so it is
-- bulk: it is one for each record
-- in: domain localpart login file:int line:int col:int
INSERT INTO stage_sender (domain, localpart, login, file, line, col)
VALUES ($1, $2, $3, $4, $5, $6);

-- Domains that records need and nobody has.
-- name: stage_missing_domains
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO stage_domain (name, file, line, col)
SELECT k.domain, 0, 0, 0 FROM (SELECT domain FROM stage_user
    UNION SELECT domain FROM stage_alias UNION SELECT domain FROM stage_target
    UNION SELECT domain FROM stage_sender) k
  LEFT JOIN domain d ON d.name = k.domain
  LEFT JOIN stage_domain s ON s.name = k.domain
WHERE d.name IS NULL AND s.name IS NULL;

-- name: stage_scope
-- temp: so it is
-- in: name
INSERT INTO stage_scope (name) VALUES ($1);

-- name: stage_scope_named
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO stage_scope (name) SELECT name FROM stage_domain;

-- ---- checks: the first record that cannot be ---------------------------

-- Where an address is said first.
-- name: stage_find_address
-- in: domain localpart
-- out: file:int line:int col:int
SELECT file, line, col FROM (
  SELECT file, line, col FROM stage_user WHERE domain = $1 AND localpart = $2
  UNION ALL SELECT file, line, col FROM stage_alias
    WHERE domain = $1 AND localpart = $2
  UNION ALL SELECT file, line, col FROM stage_target
    WHERE domain = $1 AND localpart = $2
  UNION ALL SELECT file, line, col FROM stage_sender
    WHERE domain = $1 AND localpart = $2) p LIMIT 1;

-- Where the grants of an address are said.
-- name: stage_find_sender
-- in: domain localpart
-- out: file:int line:int col:int
SELECT file, line, col FROM stage_sender
WHERE domain = $1 AND localpart = $2 LIMIT 1;

-- name: stage_find_domain
-- in: domain
-- out: file:int line:int col:int
SELECT file, line, col FROM stage_domain WHERE name = $1 LIMIT 1;

-- Two records of one thing; detail is the place of the other.
-- name: stage_twice_domain
-- out: domain localpart file:int line:int
-- scan: it reads what was staged
SELECT s.name AS domain, NULL AS localpart, max(s.file) AS file,
  max(s.line) AS line
FROM stage_domain s GROUP BY s.name HAVING count(*) > 1 LIMIT 1;
-- name: stage_twice_user
-- out: domain localpart file:int line:int
-- scan: it reads what was staged
SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line
FROM (SELECT domain, localpart FROM stage_user GROUP BY domain, localpart
    HAVING count(*) > 1 LIMIT 1) k
  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart
GROUP BY s.domain, s.localpart;
-- name: stage_twice_alias
-- out: domain localpart file:int line:int
-- scan: it reads what was staged
SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line
FROM (SELECT domain, localpart FROM stage_alias GROUP BY domain, localpart
    HAVING count(*) > 1 LIMIT 1) k
  JOIN stage_alias s ON s.domain = k.domain AND s.localpart = k.localpart
GROUP BY s.domain, s.localpart;

-- name: stage_twice_sender
-- out: domain localpart file:int line:int
-- scan: it reads what was staged
SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line
FROM stage_sender s WHERE s.login IS NULL
GROUP BY s.domain, s.localpart HAVING count(*) > 1 LIMIT 1;

-- name: stage_bad_class
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT s.name AS domain, NULL AS localpart,
  d.class || coalesce(' of ' || d.target, '') AS detail
FROM stage_domain s JOIN domain d ON d.name = s.name
WHERE s.class <> d.class OR s.target <> coalesce(d.target, '') LIMIT 1;

-- name: stage_bad_primary
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT max(name) AS domain, NULL AS localpart, min(name) AS detail
FROM stage_domain WHERE is_primary = 1 HAVING count(*) > 1;

-- Each domain with records of a kind, and the class it has or will have.
-- name: stage_used
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO stage_used (kind, domain, localpart, class)
SELECT k.kind, k.domain, k.localpart, coalesce(d.class, s.class,
  CASE WHEN s.name IS NOT NULL THEN 'mailbox' END)
FROM (SELECT 'user' AS kind, domain, min(localpart) AS localpart
    FROM stage_user GROUP BY domain
  UNION ALL SELECT CASE WHEN recipient = 1 THEN 'recipient' ELSE 'alias' END,
      domain, min(localpart)
    FROM stage_alias GROUP BY recipient, domain
  UNION ALL SELECT 'alias', domain, min(localpart)
    FROM stage_target GROUP BY domain
  UNION ALL SELECT 'alias', domain, min(localpart)
    FROM stage_sender GROUP BY domain) k
  LEFT JOIN domain d ON d.name = k.domain
  LEFT JOIN stage_domain s ON s.name = k.domain;

-- name: stage_bad_domain
-- out: domain localpart detail
-- scan: it is a row for each domain
SELECT domain, localpart, domain AS detail FROM stage_used
WHERE class IS NULL ORDER BY kind DESC LIMIT 1;

-- name: stage_bad_user
-- out: domain localpart detail
-- scan: it is a row for each domain
SELECT domain, localpart, class AS detail FROM stage_used
WHERE kind = 'user' AND class <> 'mailbox' LIMIT 1;

-- name: stage_bad_recipient
-- out: domain localpart detail
-- scan: it is a row for each domain
SELECT domain, localpart, class AS detail FROM stage_used
WHERE kind = 'recipient' AND class <> 'relay' LIMIT 1;

-- Logins that no user has or will have.
-- name: stage_bad_login
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT s.domain, s.localpart, s.login AS detail
FROM stage_sender s
WHERE s.login IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stage_user u
    WHERE u.domain = substr(s.login, instr(s.login, '@') + 1)
      AND u.localpart = substr(s.login, 1, instr(s.login, '@') - 1))
  AND NOT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id
    WHERE a.domain = substr(s.login, instr(s.login, '@') + 1)
      AND a.localpart = substr(s.login, 1, instr(s.login, '@') - 1)) LIMIT 1;

-- name: stage_bad_fields
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT s.domain, s.localpart, NULL AS detail
FROM stage_alias s
WHERE s.has_fields = 1 AND s.recipient = 0 AND EXISTS (SELECT 1 FROM stage_user u
  WHERE u.domain = s.domain AND u.localpart = s.localpart) LIMIT 1;

-- name: stage_no_target
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT s.domain, s.localpart, NULL AS detail
FROM stage_alias s
  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
WHERE a.id IS NULL AND s.recipient = 0 AND s.of_user = 0
  AND NOT EXISTS (SELECT 1 FROM stage_target t WHERE t.domain = s.domain
    AND t.localpart = s.localpart)
  AND NOT EXISTS (SELECT 1 FROM stage_user u WHERE u.domain = s.domain
    AND u.localpart = s.localpart) LIMIT 1;

-- name: stage_to_itself
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT t.domain, t.localpart, NULL AS detail
FROM stage_target t
  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
WHERE t.dest = t.localpart || '@' || t.domain AND coalesce(a.final, 0) = 0
  AND NOT EXISTS (SELECT 1 FROM stage_user u
    WHERE u.domain = t.domain AND u.localpart = t.localpart)
  AND NOT EXISTS (SELECT 1 FROM stage_alias s WHERE s.domain = t.domain
    AND s.localpart = t.localpart AND s.recipient = 1) LIMIT 1;

-- Capitals are kept in domains that are not ours, and that nothing staged makes
-- ours.
-- name: stage_fold
-- temp: so it is
-- scan: it reads what was staged
UPDATE stage_target SET dest = lower(dest)
WHERE dest <> lower(dest) AND (EXISTS (SELECT 1 FROM domain_name n
    WHERE n.name = substr(dest, instr(dest, '@') + 1))
  OR EXISTS (SELECT 1 FROM stage_domain s
    WHERE s.name = substr(dest, instr(dest, '@') + 1))
  OR EXISTS (SELECT 1 FROM stage_user u
    WHERE u.domain = substr(dest, instr(dest, '@') + 1))
  OR EXISTS (SELECT 1 FROM stage_alias l
    WHERE l.domain = substr(dest, instr(dest, '@') + 1)));

-- Destinations that no address of ours can be, in domains that are ours.
-- name: stage_bad_dest
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT t.domain, t.localpart, t.dest AS detail
FROM stage_target t
WHERE t.wide > 0 AND (EXISTS (SELECT 1 FROM domain_name n
    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))
  OR EXISTS (SELECT 1 FROM stage_domain s
    WHERE s.name = substr(t.dest, instr(t.dest, '@') + 1))) LIMIT 1;

-- name: stage_utf8_dest
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT t.domain, t.localpart, t.dest AS detail
FROM stage_target t WHERE t.wide = 2 LIMIT 1;

-- name: todo_bad_window
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT k.domain, k.localpart, NULL AS detail FROM (
  SELECT domain, localpart, valid_from, valid_until FROM todo_user
  UNION ALL SELECT domain, localpart, valid_from, valid_until FROM todo_alias) k
WHERE k.valid_from > k.valid_until LIMIT 1;

-- name: todo_unhashed
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT domain, localpart, NULL AS detail FROM todo_user
WHERE pending = 1 AND mailbox_id IS NULL LIMIT 1;

-- name: todo_still_wanted
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT t.domain, t.localpart, t.dest AS detail
FROM todo_removal r JOIN stage_target t ON t.dest = r.localpart || '@' || r.domain
  LEFT JOIN todo_removal s ON s.domain = t.domain AND s.localpart = t.localpart
WHERE r.localpart <> '' AND r.domain <> '*' AND s.n IS NULL LIMIT 1;

-- A user whom a grant names, and who goes.
-- name: todo_login_gone
-- out: domain localpart detail
-- scan: it reads what was staged
SELECT t.domain, t.localpart, t.login AS detail
FROM todo_removal r JOIN stage_sender t ON t.login = r.localpart || '@' || r.domain
WHERE r.kind = 'user' LIMIT 1;

-- Addresses that get a grant and have no row.
-- name: todo_sender_bare
-- out: domain localpart
-- scan: it reads what there is to do
SELECT DISTINCT t.domain, t.localpart
FROM todo_sender t
  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
WHERE t.gone = 0 AND a.id IS NULL ORDER BY t.domain, t.localpart;

-- ---- differences -------------------------------------------------------

-- Mailbox domains first: alias domains need them.
-- name: todo_domains
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_domain (n, id, name, class, target, enabled, is_primary, quota,
  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,
  autoconfig, dkim, note)
SELECT row_number() OVER (ORDER BY CASE WHEN s.class = 'alias' THEN 1 ELSE 0 END,
    s.name), d.id, s.name, coalesce(d.class, nullif(s.class, ''), 'mailbox'),
  nullif(coalesce(s.target, d.target), ''), coalesce(s.enabled, d.enabled),
  coalesce(s.is_primary, d.is_primary),
  nullif(coalesce(s.quota, d.quota), -1),
  nullif(coalesce(s.messages, d.messages), -1),
  nullif(coalesce(s.max_users, d.max_users), -1),
  nullif(coalesce(s.max_aliases, d.max_aliases), -1),
  nullif(coalesce(s.max_quota, d.max_quota), -1),
  coalesce(s.outside_senders, d.outside_senders),
  coalesce(s.any_recipient, d.any_recipient),
  coalesce(s.autoconfig, d.autoconfig), coalesce(s.dkim, d.dkim),
  nullif(coalesce(s.note, d.note), '')
FROM stage_domain s LEFT JOIN domain d ON d.name = s.name
WHERE d.id IS NULL OR s.enabled <> d.enabled OR s.is_primary <> d.is_primary
  OR s.quota <> coalesce(d.quota, -1)
  OR s.messages <> coalesce(d.messages, -1)
  OR s.max_users <> coalesce(d.max_users, -1)
  OR s.max_aliases <> coalesce(d.max_aliases, -1)
  OR s.max_quota <> coalesce(d.max_quota, -1)
  OR s.outside_senders <> d.outside_senders
  OR s.any_recipient <> d.any_recipient OR s.autoconfig <> d.autoconfig
  OR s.dkim <> d.dkim OR s.note <> coalesce(d.note, '');

-- name: todo_domain_get
-- in: n:int
-- out: id:int name class target enabled:bool primary:bool quota:size
-- out: messages:count max_users:count max_aliases:count max_quota:size
-- out: outside_senders:bool any_recipient:bool autoconfig:bool dkim:bool note
SELECT id, name, class, target, enabled, is_primary AS "primary", quota,
  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,
  autoconfig, dkim, note
FROM todo_domain WHERE n = $1;

-- A password of a document is the first one, unless it says otherwise; so is
-- that it must be changed.  An import changes no user who is there.
-- name: todo_users
-- temp: so it is
-- in: enabled:bool receive:bool send:bool imap:bool pop3:bool sieve:bool
-- in: internal:bool must_change:bool
-- scan: it reads what was staged
INSERT INTO todo_user (address_id, mailbox_id, domain, localpart, name, enabled,
  receive, send, imap, pop3, sieve, internal, quota, messages, valid_from,
  valid_until, must_change, spam_days, home, note, password, pending)
SELECT a.id, m.address_id, s.domain, s.localpart,
  nullif(coalesce(s.name, m.name), ''), coalesce(s.enabled, a.enabled, $1),
  coalesce(s.receive, a.receive, $2), coalesce(s.send, m.send, $3),
  coalesce(s.imap, m.imap, $4), coalesce(s.pop3, m.pop3, $5),
  coalesce(s.sieve, m.sieve, $6), coalesce(s.internal, a.internal, $7),
  nullif(coalesce(s.quota, m.quota), -1),
  nullif(coalesce(s.messages, m.messages), -1),
  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),
  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),
    9223372036854775807),
  CASE WHEN m.address_id IS NULL THEN coalesce(s.must_change, $8)
  WHEN s.password IS NOT NULL AND s.replaces = 1
    AND s.password <> coalesce(m.password, '') THEN coalesce(s.must_change, 0)
  WHEN s.password IS NULL AND s.pending = 0 OR s.replaces = 1
    THEN coalesce(s.must_change, m.must_change)
  ELSE m.must_change END,
  nullif(coalesce(s.spam_days, m.spam_days), -1),
  nullif(coalesce(s.home, m.home), ''), nullif(coalesce(s.note, a.note), ''),
  CASE WHEN m.address_id IS NULL OR s.replaces = 1
  THEN nullif(coalesce(s.password, m.password), '') ELSE m.password END,
  s.pending
FROM stage_user s
  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
  LEFT JOIN mailbox m ON m.address_id = a.id
WHERE m.address_id IS NULL OR s.rank = 0 AND (s.name <> coalesce(m.name, '')
  OR s.enabled <> a.enabled OR s.receive <> a.receive OR s.send <> m.send
  OR s.imap <> m.imap OR s.pop3 <> m.pop3 OR s.sieve <> m.sieve
  OR s.internal <> a.internal OR s.quota <> coalesce(m.quota, -1)
  OR s.messages <> coalesce(m.messages, -1)
  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)
  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)
  OR s.must_change <> m.must_change
    AND (s.password IS NULL AND s.pending = 0 OR s.replaces = 1)
  OR s.spam_days <> coalesce(m.spam_days, -1)
  OR s.home <> coalesce(m.home, '') OR s.note <> coalesce(a.note, '')
  OR s.password <> coalesce(m.password, '') AND s.replaces = 1)
ORDER BY s.domain, s.localpart;

-- Sources as their own records want them, and those that only have targets.
-- name: todo_aliases
-- temp: so it is
-- in: enabled:bool internal:bool
-- scan: it reads what was staged
INSERT INTO todo_alias (address_id, domain, localpart, enabled, internal,
  valid_from, valid_until, note, final)
SELECT a.id, s.domain, s.localpart, coalesce(s.enabled, a.enabled, $1),
  coalesce(s.internal, a.internal, $2),
  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),
  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),
    9223372036854775807),
  nullif(coalesce(s.note, a.note), ''),
  CASE WHEN s.recipient = 1 THEN 1 ELSE coalesce(a.final, 0) END
FROM stage_alias s
  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
WHERE a.id IS NULL OR s.enabled <> a.enabled OR s.internal <> a.internal
  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)
  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)
  OR s.note <> coalesce(a.note, '') OR s.recipient = 1 AND a.final = 0
UNION ALL
SELECT NULL, t.domain, t.localpart, $1, $2, 0, 9223372036854775807, NULL, 0
FROM (SELECT domain, localpart FROM stage_target GROUP BY domain, localpart) t
  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
WHERE a.id IS NULL AND NOT EXISTS (SELECT 1 FROM stage_alias s
  WHERE s.domain = t.domain AND s.localpart = t.localpart)
ORDER BY 2, 3;

-- name: todo_targets
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_target (target_id, address_id, dest, may_send, gone, n, rank)
SELECT x.id, a.id, min(t.dest), coalesce(max(t.may_send), x.may_send,
    CASE WHEN t.localpart = '' THEN 0 ELSE 1 END), 0, max(t.n), max(t.rank)
FROM stage_target t
  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
  LEFT JOIN target x ON x.address_id = a.id
    AND lower(x.dest) = lower(t.dest)
WHERE x.id IS NULL OR t.may_send <> x.may_send
GROUP BY t.domain, t.localpart, lower(t.dest), x.id, a.id, x.may_send;

-- What stands beside the targets that are all there should be.
-- name: todo_targets_gone
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)
SELECT x.id, x.address_id, x.dest, x.may_send, 1
FROM stage_alias s
  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
  JOIN target x ON x.address_id = a.id
WHERE s.exact = 1 AND NOT EXISTS (SELECT 1 FROM stage_target t
  WHERE t.domain = s.domain AND t.localpart = s.localpart
    AND lower(t.dest) = lower(x.dest));

-- The same for sources that only have targets added, within the domains.
-- name: todo_targets_pruned
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)
SELECT x.id, x.address_id, x.dest, x.may_send, 1
FROM (SELECT t.domain, t.localpart FROM stage_scope p
      JOIN stage_target t ON t.domain = p.name
    GROUP BY t.domain, t.localpart) s
  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
  JOIN target x ON x.address_id = a.id
WHERE NOT EXISTS (SELECT 1 FROM stage_target t
    WHERE t.domain = s.domain AND t.localpart = s.localpart
      AND lower(t.dest) = lower(x.dest))
  AND NOT EXISTS (SELECT 1 FROM stage_alias e
    WHERE e.domain = s.domain AND e.localpart = s.localpart AND e.exact = 1);

-- name: todo_senders
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_sender (domain, localpart, login_id, gone)
SELECT DISTINCT t.domain, t.localpart, m.address_id, 0
FROM stage_sender t
  JOIN address a ON a.domain = substr(t.login, instr(t.login, '@') + 1)
    AND a.localpart = substr(t.login, 1, instr(t.login, '@') - 1)
  JOIN mailbox m ON m.address_id = a.id
WHERE NOT EXISTS (SELECT 1 FROM sender s WHERE s.domain = t.domain
  AND s.localpart = t.localpart AND s.login_id = m.address_id);

-- Grants beside those that are all there should be.
-- name: todo_senders_gone
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_sender (domain, localpart, login_id, gone)
SELECT s.domain, s.localpart, s.login_id, 1
FROM stage_sender e
  JOIN sender s ON s.domain = e.domain AND s.localpart = e.localpart
  JOIN address a ON a.id = s.login_id
WHERE e.login IS NULL AND NOT EXISTS (SELECT 1 FROM stage_sender t
  WHERE t.domain = s.domain AND t.localpart = s.localpart
    AND t.login = a.localpart || '@' || a.domain);

-- Grants that no document names, within the domains.
-- name: todo_senders_pruned
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO todo_sender (domain, localpart, login_id, gone)
SELECT s.domain, s.localpart, s.login_id, 2
FROM stage_scope p JOIN sender s ON s.domain = p.name
  JOIN address a ON a.id = s.login_id
WHERE NOT EXISTS (SELECT 1 FROM stage_sender t
    WHERE t.domain = s.domain AND t.localpart = s.localpart
      AND (t.login IS NULL OR t.login = a.localpart || '@' || a.domain));

-- What no document names, within the domains; kind by kind, in the order in
-- which it can go.
-- name: todo_removals
-- temp: so it is
-- in: aliases:bool users:bool domains:bool
-- scan: it reads what was staged
INSERT INTO todo_removal (n, kind, domain, localpart)
SELECT row_number() OVER (ORDER BY r.kind, r.domain, r.localpart), r.kind,
  r.domain, r.localpart
FROM (SELECT CASE WHEN m.address_id IS NOT NULL THEN 'user'
      WHEN a.final = 1 THEN 'recipient' ELSE 'alias' END AS kind, a.domain,
      a.localpart
    FROM stage_scope p JOIN address a ON a.domain = p.name
      LEFT JOIN mailbox m ON m.address_id = a.id
    WHERE a.localpart NOT IN ('postmaster', 'abuse')
      AND CASE WHEN m.address_id IS NOT NULL THEN $2 ELSE $1 END = 1
      AND NOT EXISTS (SELECT 1 FROM stage_user s
        WHERE s.domain = a.domain AND s.localpart = a.localpart)
      AND (m.address_id IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM stage_alias s
          WHERE s.domain = a.domain AND s.localpart = a.localpart)
        AND NOT EXISTS (SELECT 1 FROM stage_target s
          WHERE s.domain = a.domain AND s.localpart = a.localpart))
      AND (a.final = 1 OR EXISTS (SELECT 1 FROM target t
        WHERE t.address_id = a.id))
  UNION ALL SELECT 'zone', p.name, '' FROM stage_scope p
      JOIN domain d ON d.name = p.name AND d.id > 0
    WHERE $3 = 1 AND NOT EXISTS (SELECT 1 FROM stage_domain s
      WHERE s.name = p.name)) r;

-- A new user with a character in the name.
-- name: todo_user_with
-- in: octet
-- out: domain localpart
-- scan: it reads what there is to do
SELECT domain, localpart FROM todo_user
WHERE mailbox_id IS NULL AND instr(localpart, $1) > 0 LIMIT 1;

-- name: todo_removal_get
-- in: n:int
-- out: kind domain localpart
SELECT kind, domain, localpart FROM todo_removal WHERE n = $1;

-- How many there are of each kind: what an answer less is, has been removed.
-- name: todo_census
-- out: domains:count users:count aliases:count recipients:count senders:count
-- scan: it counts everything
SELECT (SELECT count(*) FROM domain) AS domains,
  (SELECT count(*) FROM mailbox) AS users,
  (SELECT count(*) FROM address WHERE final = 0) AS aliases,
  (SELECT count(*) FROM address a WHERE a.final = 1 AND NOT EXISTS (SELECT 1
    FROM mailbox m WHERE m.address_id = a.id)) AS recipients,
  (SELECT count(*) FROM sender) AS senders;

-- The same of the domains inside which something is removed, and of those that
-- go with them.
-- name: todo_census_scope
-- out: domains:count users:count aliases:count recipients:count senders:count
-- scan: it counts what is within the domains
SELECT coalesce(sum(k.domains), 0) AS domains, coalesce(sum(k.users), 0) AS users,
  coalesce(sum(k.aliases), 0) AS aliases,
  coalesce(sum(k.recipients), 0) AS recipients,
  coalesce(sum(k.senders), 0) AS senders
FROM (SELECT 1 AS domains, (SELECT count(*) FROM address a
      JOIN mailbox m ON m.address_id = a.id WHERE a.domain = d.name) AS users,
    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 0)
      AS aliases,
    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 1
      AND NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.address_id = a.id))
      AS recipients,
    (SELECT count(*) FROM sender s WHERE s.domain = d.name) AS senders
  FROM (SELECT d.name FROM stage_scope p JOIN domain d ON d.name = p.name
    UNION SELECT d.name FROM stage_scope p JOIN domain d ON d.target = p.name)
    d) k;

-- ---- doing it ----------------------------------------------------------

-- name: todo_add_addresses
-- scan: it reads what there is to do
INSERT INTO address (domain, localpart, @(fields address))
SELECT domain, localpart, @(fields address)
FROM todo_user WHERE address_id IS NULL;

-- name: todo_set_addresses
-- scan: it reads what there is to do
UPDATE address SET @(set address t)
FROM todo_user t
WHERE address.id = t.address_id AND (@(differs address t));

-- name: todo_add_mailboxes
-- scan: it reads what there is to do
INSERT INTO mailbox (address_id, password, @(fields mailbox))
SELECT a.id, t.password, @(fields mailbox t)
FROM todo_user t
  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
WHERE t.mailbox_id IS NULL;

-- name: todo_set_mailboxes
-- scan: it reads what there is to do
UPDATE mailbox SET password = t.password, @(set mailbox t)
FROM todo_user t
WHERE mailbox.address_id = t.mailbox_id
  AND (coalesce(mailbox.password, '') <> coalesce(t.password, '')
  OR @(differs mailbox t));

-- name: todo_add_sources
-- scan: it reads what there is to do
INSERT INTO address (domain, localpart, enabled, internal, valid_from,
  valid_until, note, final)
SELECT domain, localpart, enabled, internal, valid_from, valid_until, note, final
FROM todo_alias WHERE address_id IS NULL;

-- name: todo_set_sources
-- scan: it reads what there is to do
UPDATE address SET enabled = t.enabled, internal = t.internal,
  valid_from = t.valid_from, valid_until = t.valid_until, note = t.note,
  final = t.final
FROM todo_alias t WHERE address.id = t.address_id;

-- name: todo_add_targets
-- scan: it reads what there is to do
INSERT INTO target (address_id, dest, may_send)
SELECT address_id, dest, may_send FROM todo_target
WHERE target_id IS NULL;

-- name: todo_set_targets
-- scan: it reads what there is to do
UPDATE target SET may_send = t.may_send
FROM todo_target t WHERE target.id = t.target_id AND t.gone = 0;

-- name: todo_remove_targets
-- scan: it reads what there is to do
DELETE FROM target
WHERE id IN (SELECT target_id FROM todo_target WHERE gone = 1);

-- name: todo_add_senders
-- scan: it reads what there is to do
INSERT INTO sender (domain, localpart, login_id)
SELECT domain, localpart, login_id FROM todo_sender WHERE gone = 0;

-- name: todo_remove_senders
-- in: gone:int
-- scan: it reads what there is to do
DELETE FROM sender
WHERE (domain, localpart, login_id) IN (SELECT domain, localpart, login_id
  FROM todo_sender WHERE gone = $1);

-- ---- what it came to ---------------------------------------------------

-- Sources whose targets may lead in circles, nowhere or to too many; all others
-- lead only to mailboxes that do not forward, and elsewhere.  With an extension
-- that a sender adds a mailbox may become an alias of a longer name.
-- name: todo_suspects
-- out: address_id:int
-- scan: it reads what there is to do
SELECT t.address_id
FROM todo_target t
  JOIN target x ON x.address_id = t.address_id
    AND lower(x.dest) = lower(t.dest)
  LEFT JOIN address o ON o.id = x.dest_id
WHERE t.gone = 0 AND (o.final = 0
  OR o.id IS NULL AND EXISTS (SELECT 1 FROM domain_name n
    WHERE n.name = substr(x.dest, instr(x.dest, '@') + 1))
  OR EXISTS (SELECT 1 FROM target y WHERE y.address_id = o.id)
  OR EXISTS (SELECT 1 FROM target z WHERE z.dest_id = t.address_id
    AND z.address_id <> t.address_id)
  OR EXISTS (SELECT 1 FROM address e WHERE e.domain IN (o.domain, '*',
      (SELECT d.target FROM domain d WHERE d.name = o.domain))
    AND e.localpart > o.localpart AND e.localpart < o.localpart || '~~'
    AND (e.final = 0 OR EXISTS (SELECT 1 FROM target f
      WHERE f.address_id = e.id))))
UNION SELECT u.address_id
FROM (SELECT DISTINCT address_id FROM todo_target WHERE gone = 0) u
WHERE (SELECT count(*) FROM target c
  WHERE c.address_id = u.address_id) > 50;

-- Catch-alls that now pass mail on to elsewhere.
-- name: todo_outside
-- out: domain dest
-- scan: it reads what there is to do
SELECT a.domain, t.dest
FROM todo_target t JOIN address a ON a.id = t.address_id
WHERE a.localpart = '' AND t.target_id IS NULL AND t.gone = 0
  AND NOT EXISTS (SELECT 1 FROM domain_name n
    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))
LIMIT 1;

-- Domains with limits that are touched.
-- name: todo_limited
-- out: name
-- scan: it reads what there is to do
SELECT d.name FROM domain d
WHERE (d.max_users > 0 OR d.max_aliases > 0 OR d.max_quota > 0)
  AND d.name IN (SELECT domain FROM todo_user UNION
    SELECT domain FROM todo_alias UNION SELECT name FROM todo_domain);

-- name: todo_count_users
-- out: added:count changed:count
-- scan: it reads what there is to do
SELECT coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 1 ELSE 0 END), 0) AS added,
  coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 0 ELSE 1 END), 0) AS changed
FROM todo_user;

-- Ids are never given twice, so what is new has greater ones.
-- name: todo_newest
-- out: id:int
SELECT coalesce(max(id), 0) AS id FROM address;

-- name: todo_count_aliases
-- in: newest:int
-- out: added:count changed:count recipients:count
-- scan: it reads what there is to do
SELECT (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 0)
    AS added,
  (SELECT count(*) FROM (SELECT address_id FROM todo_alias
    WHERE address_id IS NOT NULL UNION SELECT address_id FROM todo_target
    WHERE address_id <= $1) c) AS changed,
  (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 1)
    AS recipients;

-- ---- exports -----------------------------------------------------------

-- A user and one forward a row, in the order of addresses.
-- part: export_user_columns
-- out: domain localpart name enabled:bool receive:bool send:bool imap:bool
-- out: pop3:bool sieve:bool internal:bool quota:size messages:count
-- out: valid_from:time valid_until:time must_change:bool spam_days:count home
-- out: note password id:int dest may_send:bool
SELECT a.domain, a.localpart, m.name, a.enabled, a.receive, m.send, m.imap,
  m.pop3, m.sieve, a.internal, m.quota, m.messages,
  nullif(a.valid_from, 0) AS valid_from,
  nullif(a.valid_until, 9223372036854775807) AS valid_until, m.must_change,
  m.spam_days, m.home, a.note, m.password, a.id, t.dest, t.may_send
FROM address a JOIN mailbox m ON m.address_id = a.id
  LEFT JOIN target t ON t.address_id = a.id

-- name: export_users
-- scan: it lists every user
@export_user_columns
ORDER BY a.domain, a.localpart, lower(t.dest);
-- name: export_users_domain
-- in: domain
@export_user_columns
WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest);

-- What has no mailbox: aliases, catch-alls, wildcards; recipients with final.
-- part: export_alias_columns
-- out: domain localpart enabled:bool internal:bool valid_from:time
-- out: valid_until:time note id:int dest may_send:bool
SELECT a.domain, a.localpart, a.enabled, a.internal,
  nullif(a.valid_from, 0) AS valid_from,
  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,
  t.dest, t.may_send
FROM address a LEFT JOIN mailbox m ON m.address_id = a.id
  LEFT JOIN target t ON t.address_id = a.id

-- name: export_aliases
-- scan: it lists every alias
@export_alias_columns
WHERE m.address_id IS NULL AND a.final = 0
ORDER BY a.domain, a.localpart, lower(t.dest);
-- name: export_aliases_domain
-- in: domain
@export_alias_columns
WHERE m.address_id IS NULL AND a.final = 0 AND a.domain = $1
ORDER BY a.domain, a.localpart, lower(t.dest);
-- name: export_recipients
-- scan: it lists every recipient
@export_alias_columns
WHERE m.address_id IS NULL AND a.final = 1
ORDER BY a.domain, a.localpart, lower(t.dest);
-- name: export_recipients_domain
-- in: domain
@export_alias_columns
WHERE m.address_id IS NULL AND a.final = 1 AND a.domain = $1
ORDER BY a.domain, a.localpart, lower(t.dest);

-- name: export_senders
-- out: domain localpart login
-- scan: it lists every grant
SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login
FROM sender s JOIN address a ON a.id = s.login_id
ORDER BY s.domain, s.localpart, a.domain, a.localpart;
-- name: export_senders_domain
-- in: domain
-- out: domain localpart login
-- scan: it sorts the users of an address
SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login
FROM sender s JOIN address a ON a.id = s.login_id
WHERE s.domain = $1
ORDER BY s.domain, s.localpart, a.domain, a.localpart;
