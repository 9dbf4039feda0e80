-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Targets: what aliases, catch-alls and forwards lead to; and the steps by
-- which they are followed when a change is checked.

-- name: target_add
-- in: address_id:int dest may_send:bool
-- out: id:int
INSERT INTO target (address_id, dest, may_send) VALUES ($1, $2, $3)
RETURNING id;

-- name: target_set
-- in: id:int may_send:bool
UPDATE target SET may_send = $2 WHERE id = $1;

-- name: target_find
-- in: id:int
-- out: address_id:int dest source domain localpart
SELECT t.address_id, t.dest, a.localpart || '@' || a.domain AS source, a.domain,
  a.localpart
FROM target t JOIN address a ON a.id = t.address_id WHERE t.id = $1;

-- name: target_find_dest
-- in: address_id:int dest
-- out: id:int may_send:bool
SELECT id, may_send FROM target
WHERE address_id = $1 AND lower(dest) = lower($2);

-- name: target_delete
-- in: id:int
DELETE FROM target WHERE id = $1;

-- name: target_delete_all
-- in: address_id:int
DELETE FROM target WHERE address_id = $1;

-- name: target_count
-- in: address_id:int
-- out: n:count
SELECT count(*) AS n FROM target WHERE address_id = $1;

-- name: address_alive
-- in: id:int
-- out: id:int
SELECT a.id FROM address a WHERE a.id = $1 AND (a.final = 1
  OR EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id));

-- The next one that leads to an address row, other than from itself.
-- name: target_to
-- in: dest_id:int
-- out: id:int address_id:int source dest
SELECT t.id, t.address_id, a.localpart || '@' || a.domain AS source, t.dest
FROM target t JOIN address a ON a.id = t.address_id
WHERE t.dest_id = $1 AND t.address_id <> $1 ORDER BY t.id LIMIT 1;

-- All rows that lead to an address row; none of their targets is new, here and
-- below.
-- name: target_sources
-- in: dest_id:int
-- out: address_id:int target_id:int
SELECT t.address_id, -1 AS target_id FROM target t
WHERE t.dest_id = $1 AND t.address_id <> $1;

-- The same by way of names: of addresses in a domain, those that stand for it,
-- or (of wildcards) any, between low and high.
-- name: target_akin
-- in: domain low high
-- out: address_id:int target_id:int
SELECT t.address_id, -1 AS target_id FROM address p
  JOIN target t ON t.dest_id = p.id
WHERE p.localpart || '@' || p.domain >= $2
  AND p.localpart || '@' || p.domain < $3
  AND ($1 IN (p.domain, '*') OR EXISTS (SELECT 1 FROM domain d
    WHERE d.name = p.domain AND d.target = $1))
UNION ALL SELECT t.address_id, -1 FROM target t
WHERE t.dest_id IS NULL AND t.dest >= $2 AND t.dest < $3
  AND (SELECT $1 IN (d.name, d.target, '*') FROM domain d
    WHERE d.name = substr(t.dest, instr(t.dest, '@') + 1));

-- Targets that name an address without a row.
-- name: target_dangling
-- in: dest
-- out: address_id:int target_id:int
SELECT t.address_id, t.id AS target_id FROM target t
WHERE t.dest = $1 AND t.dest_id IS NULL;

-- All that lead anywhere.
-- name: target_all_sources
-- out: address_id:int
-- scan: it lists every alias
SELECT DISTINCT address_id FROM target ORDER BY address_id;

-- The same, to be followed again.
-- name: target_all_again
-- out: address_id:int target_id:int
-- scan: it lists every alias
SELECT DISTINCT address_id, -1 AS target_id FROM target
ORDER BY address_id;

-- Where an address leads: its destinations in a steady order.
-- name: target_list
-- in: address_id:int
-- out: id:int dest
SELECT id, dest FROM target WHERE address_id = $1 ORDER BY lower(dest);

-- Rows that lead to an address and have no live target left.
-- name: dead_sources
-- in: dest_id:int
-- out: address
SELECT a.localpart || '@' || a.domain AS address
FROM target s JOIN address a ON a.id = s.address_id
WHERE s.dest_id = $1 AND a.final = 0
  AND NOT EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id
    AND NOT EXISTS (SELECT 1 FROM address o
      JOIN domain od ON od.name = o.domain WHERE o.id = t.dest_id
      AND NOT (od.enabled = 1 AND o.enabled = 1 AND o.receive = 1
        AND unixepoch() BETWEEN o.valid_from AND o.valid_until)));

-- part: alias_columns
-- out: id:int source destination domain enabled:bool may_send:bool
-- out: internal:bool valid_from:time valid_until:time note
SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,
  a.domain, a.enabled, t.may_send, a.internal,
  nullif(a.valid_from, 0) AS valid_from,
  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note
FROM address a JOIN target t ON t.address_id = a.id

-- name: alias_list
-- scan: it lists every alias
@alias_columns
ORDER BY a.domain, a.localpart, lower(t.dest);

-- name: alias_list_domain
-- in: domain
@alias_columns
WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest);

-- name: alias_get
-- in: domain localpart
@alias_columns
WHERE a.domain = $1 AND a.localpart = $2 ORDER BY lower(t.dest);
