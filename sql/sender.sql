-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Sender grants: users who may send as an address, a domain or everybody.

-- name: sender_add
-- in: domain localpart login_id:int
INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: sender_delete
-- in: domain localpart login_id:int
DELETE FROM sender WHERE domain = $1 AND localpart = $2 AND login_id = $3;

-- name: sender_delete_all
-- in: domain localpart
DELETE FROM sender WHERE domain = $1 AND localpart = $2;

-- The next grant that ends with an address: on it, or of its user.
-- name: sender_ending
-- in: id:int domain localpart
-- out: domain localpart login_id:int address login
SELECT s.domain, s.localpart, s.login_id, s.localpart || '@' || s.domain AS address,
  a.localpart || '@' || a.domain AS login
FROM sender s JOIN address a ON a.id = s.login_id
WHERE s.login_id = $1
UNION ALL SELECT s.domain, s.localpart, s.login_id,
  s.localpart || '@' || s.domain, a.localpart || '@' || a.domain
FROM sender s JOIN address a ON a.id = s.login_id
WHERE s.domain = $2 AND s.localpart = $3 AND $3 <> ''
LIMIT 1;

-- part: sender_columns
-- out: address domain localpart login
SELECT s.localpart || '@' || s.domain AS address, s.domain, s.localpart,
  a.localpart || '@' || a.domain AS login
FROM sender s JOIN address a ON a.id = s.login_id

-- name: sender_list
-- scan: it lists every grant
@sender_columns
ORDER BY s.domain, s.localpart, a.domain, a.localpart;

-- Grants on an address and those of its user.
-- name: sender_list_address
-- in: domain localpart
-- scan: it sorts the users of an address
@sender_columns
WHERE s.domain = $1 AND s.localpart = $2
UNION ALL SELECT s.localpart || '@' || s.domain, s.domain, s.localpart,
  a.localpart || '@' || a.domain
FROM address a JOIN sender s ON s.login_id = a.id
WHERE a.domain = $1 AND a.localpart = $2
  AND NOT (s.domain = $1 AND s.localpart = $2)
ORDER BY 2, 3, 4;

-- What an address is: a user, a recipient of a relay domain, an alias, or
-- nothing but grants.
-- name: address_kinds
-- in: domain localpart
-- out: user:bool recipient:bool alias:bool sender:bool
SELECT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id
    WHERE a.domain = $1 AND a.localpart = $2) AS "user",
  EXISTS (SELECT 1 FROM address a WHERE a.domain = $1 AND a.localpart = $2
    AND a.final = 1 AND NOT EXISTS (SELECT 1 FROM mailbox m
      WHERE m.address_id = a.id)) AS recipient,
  EXISTS (SELECT 1 FROM address a JOIN target t ON t.address_id = a.id
    WHERE a.domain = $1 AND a.localpart = $2) AS alias,
  EXISTS (SELECT 1 FROM sender s
    WHERE s.domain = $1 AND s.localpart = $2) AS sender;
