-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A whole database from one place to another, ids, hashes and journal kept.
-- Each table has a statement that reads and one that writes the same columns.

-- What a new database has not: any of these makes it unfit as a target.
-- name: copy_is_empty
-- out: n:count
-- scan: it stops at the first row
SELECT CASE WHEN EXISTS (SELECT 1 FROM domain WHERE id > 0)
  OR EXISTS (SELECT 1 FROM address) OR EXISTS (SELECT 1 FROM journal)
  THEN 0 ELSE 1 END AS n;

-- name: copy_read_journal
-- out: id:int txn:int at:int who via key kind:int event:int
-- scan: it reads everything
SELECT id, txn, at, who, via, key, kind, event
FROM journal ORDER BY id;

-- name: copy_write_journal sqlite
-- in: id:int txn:int at:int who via key kind:int event:int
INSERT INTO journal (id, txn, at, who, via, key, kind, event)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: copy_write_journal pgsql
INSERT INTO journal (id, txn, at, who, via, key, kind, event)
OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

@copy_journal

-- Transactions are counted on; PostgreSQL has numbers of its own.
-- name: copy_txn sqlite
-- scan: it reads the whole journal once
UPDATE session SET txn = coalesce((SELECT max(txn) FROM journal), 0) + 1;

-- name: copy_txn pgsql
SELECT 1;

-- name: copy_read_setting
-- out: name value
-- scan: it reads everything
SELECT name, value FROM setting ORDER BY name;

-- name: copy_write_setting
-- in: name value
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
WHERE setting.value <> excluded.value;

-- Alias domains come after what they stand for.
-- name: copy_read_domain
-- out: @(typed domain)
-- scan: it reads everything
SELECT @(names domain)
FROM domain WHERE id > 0 ORDER BY CASE class WHEN 'alias' THEN 1 ELSE 0 END, id;

-- name: copy_write_domain
-- in: @(typed domain)
INSERT INTO domain (@(names domain))
VALUES (@(places domain));

-- name: copy_read_address
-- out: @(typed address)
-- scan: it reads everything
SELECT @(names address)
FROM address ORDER BY id;

-- name: copy_write_address
-- in: @(typed address)
INSERT INTO address (@(names address))
VALUES (@(places address));

-- name: copy_read_mailbox
-- out: @(typed mailbox)
-- scan: it reads everything
SELECT @(names mailbox)
FROM mailbox ORDER BY address_id;

-- name: copy_write_mailbox
-- in: @(typed mailbox)
INSERT INTO mailbox (@(names mailbox))
VALUES (@(places mailbox));

-- name: copy_read_target
-- out: id:int address_id:int dest may_send:int
-- scan: it reads everything
SELECT id, address_id, dest, may_send FROM target ORDER BY id;

-- name: copy_write_target
-- in: id:int address_id:int dest may_send:int
INSERT INTO target (id, address_id, dest, may_send)
VALUES ($1, $2, $3, $4);

-- name: copy_read_sender
-- out: domain localpart login_id:int
-- scan: it reads everything
SELECT domain, localpart, login_id FROM sender
ORDER BY domain, localpart, login_id;

-- name: copy_write_sender
-- in: domain localpart login_id:int
INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3);

-- The last id that each table ever gave, so that none comes back.
-- name: copy_read_last sqlite
-- out: name last:int
-- scan: four rows, and the end of the journal
SELECT name, seq AS last FROM sqlite_sequence
WHERE name IN ('domain', 'address', 'target')
UNION ALL SELECT 'journal', coalesce(max(id), 0) FROM journal ORDER BY name;

-- name: copy_read_last pgsql
SELECT s.name, coalesce(pg_sequence_last_value(
  pg_get_serial_sequence('maildb.' || s.name, 'id')::regclass), 0) AS last
FROM (VALUES ('address'), ('domain'), ('journal'), ('target')) AS s (name);

-- name: copy_write_last sqlite
-- in: name last:int
-- out: n:int
-- scan: of four rows, in a table that cannot have an index
UPDATE sqlite_sequence SET seq = max(seq, $2) WHERE name = $1 RETURNING seq AS n;

-- name: copy_write_last pgsql
SELECT setval(s.id::regclass,
    greatest($2, coalesce(pg_sequence_last_value(s.id::regclass), 1))) AS n
FROM (SELECT pg_get_serial_sequence('maildb.' || $1, 'id') AS id) s
WHERE $2 > 0;
