-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The database of the first mailcfg, which was always SQLite: what perl.c
-- reads of it, and rows that keep the ids they had there.

-- The application_id; whether the three tables are there; what else is there
-- that would break; whether ids were counted.
-- name: perl_file
-- out: application:int known:bool other counted:bool
-- only: sqlite
SELECT (SELECT application_id FROM pragma_application_id) AS application,
  (SELECT count(*) FROM pragma_table_info('domains')
    WHERE name IN ('id', 'name')) = 2
  AND (SELECT count(*) FROM pragma_table_info('users')
    WHERE name IN ('id', 'email', 'password', 'active')) = 4
  AND (SELECT count(*) FROM pragma_table_info('aliases')
    WHERE name IN ('id', 'src', 'dst')) = 3 AS known,
  (SELECT min(type || ' ' || name) FROM sqlite_schema
    WHERE type IN ('view', 'trigger')) AS other,
  EXISTS (SELECT 1 FROM sqlite_schema
    WHERE name = 'sqlite_sequence') AS counted;

-- name: perl_domains
-- out: id:int name
-- scan: it converts every row
-- only: sqlite
SELECT id, CAST(name AS TEXT) AS name FROM domains ORDER BY id;

-- name: perl_users
-- out: id:int email password active:bool
-- scan: it converts every row
-- only: sqlite
SELECT id, CAST(email AS TEXT) AS email, CAST(password AS TEXT) AS password,
  coalesce(CAST(active AS INTEGER), 0) <> 0 AS active
FROM users ORDER BY id;

-- name: perl_aliases
-- out: id:int src dst
-- scan: it converts every row
-- only: sqlite
SELECT id, CAST(src AS TEXT) AS src, CAST(dst AS TEXT) AS dst
FROM aliases ORDER BY id;

-- The last id ever given in a table.
-- name: perl_last_id
-- in: name
-- out: id:int
-- scan: there are only a few tables
-- only: sqlite
SELECT seq AS id FROM sqlite_sequence WHERE name = $1;

-- name: perl_forget_ids
-- only: sqlite
DELETE FROM sqlite_sequence;

-- name: perl_keep_id
-- in: name id:int
-- only: sqlite
INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2);

-- name: perl_add_domain
-- in: id:int name uname
-- only: sqlite
INSERT INTO domain (id, name, uname) VALUES ($1, $2, nullif($3, $2));

-- name: perl_add_address
-- in: id:int domain localpart enabled:bool
-- out: id:int
-- only: sqlite
INSERT INTO address (id, domain, localpart, enabled) VALUES ($1, $2, $3, $4)
RETURNING id;

-- name: perl_add_mailbox
-- in: id:int password home
-- only: sqlite
INSERT INTO mailbox (address_id, password, home) VALUES ($1, $2, $3);

-- name: perl_add_target
-- in: id:int address_id:int dest may_send:bool
-- only: sqlite
INSERT INTO target (id, address_id, dest, may_send) VALUES ($1, $2, $3, $4)
ON CONFLICT (address_id, lower(dest)) DO NOTHING;
