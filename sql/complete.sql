-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Names from $1 on and before $2, for whoever completes a beginning.  Of
-- addresses only so many are looked at, whatever they are.

-- name: complete_domain
-- in: first past most:int
-- out: name
SELECT name FROM domain_name
WHERE name >= $1 AND name < $2 AND name <> '*' ORDER BY name LIMIT $3;

-- part: near
-- out: name
SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name
  FROM address WHERE localpart || '@' || domain >= $1
    AND localpart || '@' || domain < $2
  ORDER BY localpart || '@' || domain LIMIT 5000) AS a

-- name: complete_address
-- in: first past most:int
@near
WHERE a.localpart <> '' LIMIT $3;

-- name: complete_user
-- in: first past most:int
@near
WHERE a.final = 1 LIMIT $3;

-- name: complete_alias
-- in: first past most:int
@near
WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3;

-- part: near_local
-- out: name
SELECT a.name FROM (SELECT id, final, localpart AS name FROM address
  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''
  ORDER BY localpart LIMIT 5000) AS a

-- name: complete_local_address
-- in: first past most:int domain
@near_local
LIMIT $3;

-- name: complete_local_user
-- in: first past most:int domain
@near_local
WHERE a.final = 1 LIMIT $3;

-- name: complete_local_alias
-- in: first past most:int domain
@near_local
WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3;

-- name: complete_sender
-- in: first past most:int
-- out: name
SELECT DISTINCT localpart || '@' || domain AS name FROM sender
WHERE localpart || '@' || domain >= $1 AND localpart || '@' || domain < $2
ORDER BY localpart || '@' || domain LIMIT $3;

-- name: complete_local_sender
-- in: first past most:int domain
-- out: name
SELECT DISTINCT localpart AS name FROM sender
WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''
ORDER BY localpart LIMIT $3;

-- name: complete_id
-- in: first:int last:int most:int
-- out: name what
SELECT CAST(t.id AS TEXT) AS name,
  a.localpart || '@' || a.domain || ' -> ' || t.dest AS what
FROM target t JOIN address a ON a.id = t.address_id
WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id LIMIT $3;
