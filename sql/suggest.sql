-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Names that stand near another one in alphabetical order: all there are in a
-- small database, and those with the same beginning in a large one.

-- name: suggest_domain
-- in: name most:int
-- out: name
SELECT name FROM (SELECT name FROM domain_name
  WHERE name < $1 AND name <> '*' ORDER BY name DESC LIMIT $2) AS before
UNION ALL SELECT name FROM (SELECT name FROM domain_name
  WHERE name >= $1 AND name <> '*' ORDER BY name LIMIT $2) AS after;

-- name: suggest_address
-- in: localpart most:int domain
-- out: localpart
SELECT localpart FROM (SELECT localpart FROM address
  WHERE domain = $3 AND localpart < $1 AND localpart <> ''
  ORDER BY localpart DESC LIMIT $2) AS before
UNION ALL SELECT localpart FROM (SELECT localpart FROM address
  WHERE domain = $3 AND localpart >= $1 AND localpart <> ''
  ORDER BY localpart LIMIT $2) AS after;
