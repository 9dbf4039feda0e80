-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What maildb_check() looks for: each statement finds objects, with a detail
-- that check.c puts into the message.  They read everything there is, so all
-- of them may scan.

-- What makes an address o in its domain od work, and the same for a.
-- part: dest_is_on
(od.enabled = 1 AND o.enabled = 1 AND o.receive = 1
  AND unixepoch() BETWEEN o.valid_from AND o.valid_until)

-- part: source_is_on
(d.enabled = 1 AND a.enabled = 1 AND a.receive = 1
  AND unixepoch() BETWEEN a.valid_from AND a.valid_until)

-- name: check_pages
-- out: object detail
-- scan: it reads the whole file
-- only: sqlite
SELECT 'database' AS object, quick_check AS detail FROM pragma_quick_check
WHERE quick_check <> 'ok';

-- name: check_references
-- out: object detail
-- scan: it reads every table
-- only: sqlite
SELECT "table" || ' ' || coalesce(rowid, '') AS object, parent AS detail
FROM pragma_foreign_key_check;

-- What runs by itself or is read by daemons, with its text, which the schema
-- has word for word unless somebody changed it.  named is how the schema begins
-- a view of that name; views with other names are nobody's business.
-- name: check_schema
-- scan: it reads the whole schema
-- out: object detail named
SELECT type || ' ' || name AS object, sql AS detail,
  CASE type WHEN 'view' THEN 'CREATE VIEW ' || name || ' ' END AS named
FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY 1;

-- name: check_schema pgsql
SELECT 'trigger ' || t.tgname || ' on ' || c.relname AS object,
  CASE WHEN t.tgenabled = 'O' AND f.pronamespace = c.relnamespace
    THEN 'CREATE TRIGGER ' || t.tgname ELSE 'none of ours' END AS detail,
  NULL AS named
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = 'maildb'::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || proname, prosrc, NULL FROM pg_proc
WHERE pronamespace = 'maildb'::regnamespace
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || c.relname, 'none of ours', NULL
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = 'maildb'::regnamespace AND r.rulename <> '_RETURN'
ORDER BY 1;

-- name: check_wal
-- out: object detail
-- only: sqlite
SELECT 'database' AS object, journal_mode AS detail FROM pragma_journal_mode
WHERE journal_mode <> 'wal';

-- name: check_final
-- out: object detail
-- scan: every address
SELECT a.localpart || '@' || a.domain AS object,
  CASE WHEN m.address_id IS NULL THEN 'no' ELSE 'a' END AS detail
FROM address a JOIN domain d ON d.name = a.domain
  LEFT JOIN mailbox m ON m.address_id = a.id
WHERE m.address_id IS NULL AND a.final = 1 AND d.class <> 'relay'
  OR m.address_id IS NOT NULL AND (a.final = 0 OR d.class <> 'mailbox');

-- name: check_link
-- out: object detail
-- scan: every target
SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail
FROM target t JOIN address a ON a.id = t.address_id
  LEFT JOIN address o ON o.id = t.dest_id
WHERE o.localpart || '@' || o.domain <> t.dest
  OR t.dest_id IS NULL AND EXISTS (SELECT 1 FROM address b
    WHERE b.domain = substr(t.dest, instr(t.dest, '@') + 1)
      AND b.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1));

-- name: check_spelling
-- out: object detail
-- scan: every domain
SELECT n.domain AS object, n.name AS detail
FROM domain_name n JOIN domain d ON d.name = n.domain
WHERE n.name <> d.name AND n.name <> coalesce(d.uname, d.name)
UNION ALL SELECT s.name AS object, s.spelling AS detail
FROM (SELECT name, name AS spelling FROM domain
  UNION ALL SELECT name, uname FROM domain WHERE uname IS NOT NULL) AS s
WHERE NOT EXISTS (SELECT 1 FROM domain_name n
  WHERE n.name = s.spelling AND n.domain = s.name);

-- name: check_domain
-- out: object detail
-- scan: every domain
SELECT name AS object, coalesce(uname, name) AS detail FROM domain
WHERE class <> 'wildcard';

-- name: check_dest
-- out: object detail
-- scan: every target
SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail
FROM target t JOIN address a ON a.id = t.address_id;

-- name: check_dest_case
-- out: object detail
-- scan: every target
SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail
FROM target t JOIN address a ON a.id = t.address_id
WHERE t.dest <> lower(t.dest) AND EXISTS (SELECT 1 FROM domain_name n
  WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1));

-- name: check_setting
-- out: object detail
-- scan: a handful of rows
SELECT name AS object, value AS detail FROM setting
UNION ALL SELECT n.name, NULL FROM (SELECT 'mail_root' AS name
    UNION ALL SELECT 'mail_uid' UNION ALL SELECT 'mail_gid'
    UNION ALL SELECT 'quota' UNION ALL SELECT 'messages') n
WHERE NOT EXISTS (SELECT 1 FROM setting s WHERE s.name = n.name);

-- name: check_dead
-- out: object detail
-- scan: every address
SELECT a.localpart || '@' || a.domain AS object, NULL AS detail
FROM address a JOIN domain d ON d.name = a.domain
WHERE a.final = 0 AND a.localpart <> '' AND
@source_is_on
  AND NOT EXISTS (SELECT 1 FROM target t
    WHERE t.address_id = a.id
      AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain
        WHERE o.id = t.dest_id AND NOT
@dest_is_on
    ));

-- name: check_off
-- out: object detail
-- scan: every target
SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail
FROM target t JOIN address a ON a.id = t.address_id
  JOIN domain d ON d.name = a.domain
  JOIN address o ON o.id = t.dest_id JOIN domain od ON od.name = o.domain
WHERE o.id <> a.id AND
@source_is_on
  AND NOT
@dest_is_on
;

-- name: check_catchall
-- out: object detail
-- scan: every catch-all
SELECT '@' || a.domain AS object, t.dest AS detail
FROM address a JOIN target t ON t.address_id = a.id
WHERE a.localpart = '' AND t.dest_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM domain_name n
    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1));

-- name: check_role
-- out: object detail
-- scan: every domain
SELECT r.role || '@' || d.name AS object, r.role AS detail
FROM domain d
  CROSS JOIN (SELECT 'postmaster' AS role UNION ALL SELECT 'abuse') AS r
WHERE d.class = 'mailbox' AND NOT EXISTS (SELECT 1 FROM address a
  WHERE a.domain IN (d.name, '*') AND a.localpart = r.role);

-- name: check_admin
-- out: object detail
SELECT 'admin' AS object, NULL AS detail
WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'admin');

-- name: check_admin_gone
-- out: object detail
-- scan: the names of all domains
SELECT 'admin' AS object, s.value AS detail
FROM setting s WHERE s.name = 'admin'
  AND EXISTS (SELECT 1 FROM domain_name n WHERE s.value LIKE '%@' || n.name)
  AND NOT EXISTS (SELECT 1 FROM address a
    WHERE a.localpart || '@' || a.domain = s.value);

-- name: check_hash
-- out: object detail
-- scan: every user
SELECT a.localpart || '@' || a.domain AS object, m.password AS detail
FROM mailbox m JOIN address a ON a.id = m.address_id
WHERE m.password IS NOT NULL;

-- name: check_password
-- out: object detail
-- scan: every user
SELECT a.localpart || '@' || a.domain AS object, NULL AS detail
FROM mailbox m JOIN address a ON a.id = m.address_id
WHERE m.password IS NULL;

-- name: check_split
-- out: object detail
-- scan: every user, when there is another delimiter than the first one
SELECT a.localpart || '@' || a.domain AS object, s.value AS detail
FROM setting s, mailbox m JOIN address a ON a.id = m.address_id
WHERE s.name = 'recipient_delimiter';

-- A home is an own one, or the id; both stand below mail_root.
-- name: check_home
-- out: object detail
-- scan: every user
SELECT min(u.address) || ' and ' || max(u.address) AS object, u.home AS detail
FROM (SELECT a.localpart || '@' || a.domain AS address,
    coalesce(m.home, CAST(a.id AS TEXT)) AS home
  FROM mailbox m JOIN address a ON a.id = m.address_id) AS u
GROUP BY u.home HAVING count(*) > 1;

-- The sum is in KiB, lest it overflow; unlimited users have quota 0.
-- name: check_quota
-- out: object detail
-- scan: every user of domains with a limit
SELECT u.domain AS object, CASE WHEN min(u.quota) = 0 THEN 'no end'
  ELSE CAST(sum(u.quota / 1024) AS TEXT) END AS detail
FROM (SELECT a.domain, d.max_quota, coalesce(m.quota, d.quota,
    (SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'quota')) AS quota
  FROM domain d JOIN address a ON a.domain = d.name
    JOIN mailbox m ON m.address_id = a.id
  WHERE d.max_quota > 0) AS u
GROUP BY u.domain, u.max_quota
HAVING min(u.quota) = 0 OR sum(u.quota / 1024) > u.max_quota / 1024;

-- name: check_users
-- out: object detail
-- scan: every address of domains with a limit
SELECT d.name AS object, count(*) || ' users, but may have '
  || d.max_users AS detail
FROM domain d JOIN address a ON a.domain = d.name
WHERE d.max_users > 0 AND a.final = 1
GROUP BY d.name, d.max_users HAVING count(*) > d.max_users;

-- name: check_aliases
-- out: object detail
-- scan: every address of domains with a limit
SELECT d.name AS object, count(*) || ' aliases, but may have '
  || d.max_aliases AS detail
FROM domain d JOIN address a ON a.domain = d.name
WHERE d.max_aliases > 0 AND a.final = 0
GROUP BY d.name, d.max_aliases HAVING count(*) > d.max_aliases;
