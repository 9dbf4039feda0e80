-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Domains.

-- part: domain_columns
-- out: id:int name uname class target enabled:bool primary:bool quota:size
-- out: messages:count max_users:count max_aliases:count max_quota:size
-- out: outside_senders:bool any_recipient:bool autoconfig:bool dkim:bool note
SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,
  d.enabled, d.is_primary AS "primary", d.quota, d.messages, d.max_users,
  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,
  d.dkim, d.note

-- A hosted domain by any spelling; '*' finds the wildcard row.
-- name: domain_find
-- in: name
@domain_columns
FROM domain_name n JOIN domain d ON d.name = n.domain
WHERE n.name = $1;

-- name: domain_list
-- scan: it lists every domain
@domain_columns
FROM domain d WHERE d.id > 0 ORDER BY d.name;

-- name: domain_list_class
-- in: class
-- scan: classes are too few for an index
@domain_columns
FROM domain d WHERE d.class = $1 ORDER BY d.name;

-- uname may be given as the name itself; the table keeps NULL then.
-- name: domain_add
-- in: name uname @(inputs domain)
INSERT INTO domain (name, uname, @(fields domain))
VALUES ($1, nullif($2, $1), @(values domain 3));

-- name: domain_update
-- in: id:int @(changes domain)
UPDATE domain SET @(set domain 2)
WHERE id = $1;

-- Only one domain can be primary: the other one steps back first.
-- name: domain_unprimary
-- in: name
UPDATE domain SET is_primary = 0 WHERE is_primary = 1 AND name <> $1;

-- The octets of its longest local part.
-- name: domain_longest
-- in: name
-- out: n:count
SELECT coalesce(max(length(localpart)), 0) AS n FROM address WHERE domain = $1;

-- name: domain_rename
-- in: id:int name uname
UPDATE domain SET name = $2, uname = nullif($3, $2) WHERE id = $1;

-- Destinations that reach the domain without a row of their own (by a
-- catch-all, or dangling) are text only and do not follow by themselves.
-- name: domain_rename_targets
-- in: old new
-- scan: renaming a domain is rare, and only unlinked destinations are read
UPDATE target SET dest = substr(dest, 1, length(dest) - length($1)) || $2
WHERE dest_id IS NULL
  AND substr(dest, length(dest) - length($1)) = '@' || $1;

-- A destination in both names will be one.
-- name: domain_rename_merge
-- in: old new
-- scan: likewise
DELETE FROM target WHERE dest_id IS NULL
  AND substr(dest, length(dest) - length($2)) = '@' || $2
  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id
    AND o.dest = substr(target.dest, 1, length(target.dest) - length($2)) || $1);

-- name: domain_delete
-- in: name
DELETE FROM domain WHERE name = $1;

-- name: domain_delete_targets
-- in: name
DELETE FROM target WHERE address_id IN (SELECT id FROM address WHERE domain = $1);
-- name: domain_delete_mailboxes
-- in: name
DELETE FROM mailbox WHERE address_id IN (SELECT id FROM address WHERE domain = $1);
-- name: domain_delete_addresses
-- in: name
DELETE FROM address WHERE domain = $1;

-- In a domain that has become ours capitals no longer tell addresses apart.
-- name: domain_fold
-- in: name
-- scan: only destinations elsewhere are read, once for each new domain
UPDATE target SET dest = lower(dest)
WHERE dest_id IS NULL AND dest <> lower(dest)
  AND substr(dest, length(dest) - length($1)) = '@' || $1;

-- An address of the domain that others, outside it, lead to.
-- name: domain_dependent
-- in: name
-- out: id:int
SELECT a.id FROM address a JOIN target t ON t.dest_id = a.id
  JOIN address s ON s.id = t.address_id
WHERE a.domain = $1 AND s.domain <> $1 LIMIT 1;

-- name: domain_alias_domain
-- in: name
-- out: name
SELECT name FROM domain WHERE target = $1 LIMIT 1;

-- final 1 counts users (or listed recipients), 0 aliases and catch-alls.
-- name: domain_count
-- in: name final:bool
-- out: n:count
SELECT count(*) AS n FROM address WHERE domain = $1 AND final = $2;

-- The sum of what the users of a domain may store; users without limit count
-- nothing here, which is why they are counted beside.
-- name: domain_quota_sum
-- in: name
-- out: total:size unlimited:count
SELECT coalesce(sum(q.quota), 0) AS total,
  coalesce(sum(CASE WHEN q.quota = 0 THEN 1 ELSE 0 END), 0) AS unlimited
FROM (SELECT coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT)
    FROM setting WHERE name = 'quota')) AS quota
  FROM address a JOIN mailbox m ON m.address_id = a.id
    JOIN domain d ON d.name = a.domain
  WHERE a.domain = $1) q;

-- Domains in which the quotas together have a limit.
-- name: domain_quota_limited
-- out: name
-- scan: it lists them all
SELECT name FROM domain WHERE max_quota > 0 ORDER BY name;

-- Targets that lead into a domain that had been somebody else's.
-- name: domain_sources
-- in: name
-- out: address_id:int target_id:int
-- scan: only destinations elsewhere are read, once for each new domain
SELECT t.address_id, t.id AS target_id FROM target t
WHERE t.dest_id IS NULL
  AND substr(t.dest, length(t.dest) - length($1)) = '@' || $1
UNION ALL SELECT t.address_id, t.id FROM address a
  JOIN target t ON t.dest_id = a.id
WHERE a.domain = $1;
