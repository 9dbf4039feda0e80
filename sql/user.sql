-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Addresses and the mailboxes they may have.

-- name: address_find
-- in: domain localpart
-- out: id:int final:bool enabled:bool receive:bool internal:bool
-- out: valid_from:time valid_until:time note
SELECT id, final, enabled, receive, internal, nullif(valid_from, 0) AS valid_from,
  nullif(valid_until, 9223372036854775807) AS valid_until, note
FROM address WHERE domain = $1 AND localpart = $2;

-- name: address_text
-- in: id:int
-- out: address domain localpart final:bool
SELECT localpart || '@' || domain AS address, domain, localpart, final
FROM address WHERE id = $1;

-- Addresses that answer for one that has gone: those of the same name, with
-- and without its extension, and the catch-alls; in its domain, that for which
-- it stands, those that stand for it, and '*'.
-- name: address_heirs
-- in: domain localpart plain
-- scan: a wildcard address stands before the catch-alls of all domains
-- out: address_id:int target_id:int
SELECT a.id AS address_id, -1 AS target_id FROM address a
WHERE a.localpart IN ('', $2, $3) AND a.domain IN (SELECT '*'
  UNION ALL SELECT $1
  UNION ALL SELECT target FROM domain WHERE name = $1
  UNION ALL SELECT name FROM domain WHERE target = $1
  UNION ALL SELECT name FROM domain WHERE $1 = '*');

-- name: address_add
-- in: domain localpart @(inputs address)
-- out: id:int
INSERT INTO address (domain, localpart, @(fields address))
VALUES ($1, $2, @(values address 3))
RETURNING id;

-- name: address_update
-- in: id:int @(changes address)
UPDATE address SET @(set address 2)
WHERE id = $1;

-- A destination in both names will be one.
-- name: address_rename_merge
-- in: id:int dest
DELETE FROM target WHERE dest = $2 AND dest_id IS NULL
  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id
    AND o.dest_id = $1);

-- name: address_rename
-- in: id:int domain localpart
UPDATE address SET domain = $2, localpart = $3 WHERE id = $1;

-- name: address_delete
-- in: id:int
DELETE FROM address WHERE id = $1;

-- name: user_add
-- in: id:int password @(inputs mailbox)
INSERT INTO mailbox (address_id, password, @(fields mailbox))
VALUES ($1, $2, @(values mailbox 3));

-- name: user_update
-- in: id:int @(changes mailbox)
UPDATE mailbox SET @(set mailbox 2)
WHERE address_id = $1;

-- name: user_delete
-- in: id:int
DELETE FROM mailbox WHERE address_id = $1;

-- name: user_password
-- in: domain localpart
-- out: id:int password active:bool
SELECT a.id, m.password, CASE WHEN d.enabled = 1 AND a.enabled = 1
    AND unixepoch() BETWEEN a.valid_from AND a.valid_until
  THEN 1 ELSE 0 END AS active
FROM address a JOIN mailbox m ON m.address_id = a.id
  JOIN domain d ON d.name = a.domain
WHERE a.domain = $1 AND a.localpart = $2;

-- A hash of each kind, for checks that cost the same for every user: the most
-- common kinds first.  What stands before the salt tells kinds apart, and hash.c
-- knows them better; here none may be missed, and no salt may be counted as one.
-- name: user_kinds
-- scan: the password of every user, beside which hashing takes long
-- out: password n:int
SELECT min(password) AS password, count(*) AS n
FROM (SELECT password, instr(password, '}') AS at FROM mailbox
  WHERE password IS NOT NULL) AS found
WHERE substr(password, at + 1, 1) = '$'
GROUP BY CASE
  WHEN substr(password, at + 4, 7) = 'rounds='
    THEN substr(password, 1, at + 4 + instr(substr(password, at + 4), '$'))
  WHEN substr(password, at + 2, 1) = 'g' THEN substr(password, 1, at + 8)
  WHEN substr(password, at + 2, 1) IN ('y', '2')
    THEN substr(password, 1, at + 7)
  ELSE substr(password, 1, at + CASE substr(password, at + 2, 1)
    WHEN '7' THEN 4 ELSE 3 END) END
ORDER BY n DESC, 1 LIMIT 8;

-- name: user_kinds pgsql
SELECT min(password) AS password, count(*) AS n
FROM (SELECT password, strpos(password, '}') AS at FROM mailbox
  WHERE password IS NOT NULL) AS found
WHERE substr(password, at + 1, 1) = '$'
GROUP BY CASE
  WHEN substr(password, at + 4, 7) = 'rounds='
    THEN substr(password, 1, at + 4 + strpos(substr(password, at + 4), '$'))
  WHEN substr(password, at + 2, 1) = 'g' THEN substr(password, 1, at + 8)
  WHEN substr(password, at + 2, 1) IN ('y', '2')
    THEN substr(password, 1, at + 7)
  ELSE substr(password, 1, at + CASE substr(password, at + 2, 1)
    WHEN '7' THEN 4 ELSE 3 END) END
ORDER BY n DESC, 1 LIMIT 8;

-- name: user_set_password
-- in: id:int password
UPDATE mailbox SET password = $2, must_change = 0 WHERE address_id = $1;

-- Only while the old hash stands and its owner may log in.
-- name: user_change_password
-- in: id:int password old
UPDATE mailbox SET password = $2, must_change = 0
WHERE address_id = $1 AND password = $3 AND EXISTS (SELECT 1 FROM address a
  JOIN domain d ON d.name = a.domain
  WHERE a.id = $1 AND d.enabled = 1 AND a.enabled = 1
    AND unixepoch() BETWEEN a.valid_from AND a.valid_until);

-- active: could log in now, as far as domain, switch and window go.
-- scheme: what a hash of crypt(3) begins with, by the name that the setting
-- password_scheme has for it; of others the label.
-- part: user_columns
-- out: id:int address domain name active:bool enabled:bool receive:bool
-- out: send:bool imap:bool pop3:bool sieve:bool internal:bool quota:size
-- out: messages:count valid_from:time valid_until:time scheme must_change:bool
-- out: spam_days:count home note
SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,
  CASE WHEN d.enabled = 1 AND a.enabled = 1
    AND unixepoch() BETWEEN a.valid_from AND a.valid_until
  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,
  m.sieve, a.internal, m.quota, m.messages,
  nullif(a.valid_from, 0) AS valid_from,
  nullif(a.valid_until, 9223372036854775807) AS valid_until,
  CASE substr(m.password, instr(m.password, '}') + 1, 3)
    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'
    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'
    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'
    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'
    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,
  m.must_change,
  m.spam_days, m.home, a.note
FROM address a JOIN mailbox m ON m.address_id = a.id
  JOIN domain d ON d.name = a.domain

-- name: user_get
-- in: domain localpart
@user_columns
WHERE a.domain = $1 AND a.localpart = $2;

-- name: user_list
-- scan: it lists every user
@user_columns
ORDER BY a.domain, a.localpart;

-- name: user_list_domain
-- in: domain
@user_columns
WHERE a.domain = $1 ORDER BY a.domain, a.localpart;

-- part: quota_columns
-- out: address quota:size quota_from messages:count messages_from
SELECT a.localpart || '@' || a.domain AS address,
  coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT) FROM setting
    WHERE name = 'quota')) AS quota,
  CASE WHEN m.quota IS NOT NULL THEN 'user' WHEN d.quota IS NOT NULL
    THEN 'domain' ELSE 'setting' END AS quota_from,
  coalesce(m.messages, d.messages, (SELECT CAST(value AS BIGINT) FROM setting
    WHERE name = 'messages')) AS messages,
  CASE WHEN m.messages IS NOT NULL THEN 'user' WHEN d.messages IS NOT NULL
    THEN 'domain' ELSE 'setting' END AS messages_from
FROM address a JOIN mailbox m ON m.address_id = a.id
  JOIN domain d ON d.name = a.domain

-- name: quota_list
-- scan: it lists every user
@quota_columns
ORDER BY a.domain, a.localpart;

-- name: quota_list_domain
-- in: domain
@quota_columns
WHERE a.domain = $1 ORDER BY a.domain, a.localpart;

-- A user with a character in the name.
-- name: user_with
-- in: octet
-- out: address
-- scan: it reads every user, for a change of recipient_delimiter
SELECT a.localpart || '@' || a.domain AS address
FROM mailbox m JOIN address a ON a.id = m.address_id
WHERE instr(a.localpart, $1) > 0 ORDER BY a.id LIMIT 1;

-- Recipients of relay domains: final addresses without a mailbox.
-- name: recipient_add
-- in: domain localpart
INSERT INTO address (domain, localpart, final) VALUES ($1, $2, 1);

-- part: recipient_columns
-- out: id:int address domain enabled:bool internal:bool valid_from:time
-- out: valid_until:time note
SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,
  a.internal, nullif(a.valid_from, 0) AS valid_from,
  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note
FROM domain d JOIN address a ON a.domain = d.name

-- name: recipient_list
-- scan: it lists every recipient
@recipient_columns
WHERE d.class = 'relay' AND a.final = 1 ORDER BY d.name, a.localpart;

-- name: recipient_list_domain
-- in: domain
@recipient_columns
WHERE d.name = $1 AND d.class = 'relay' AND a.final = 1
ORDER BY a.domain, a.localpart;

-- name: recipient_get
-- in: domain localpart
@recipient_columns
WHERE a.domain = $1 AND a.localpart = $2 AND d.class = 'relay' AND a.final = 1;
