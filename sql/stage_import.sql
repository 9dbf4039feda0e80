-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Imports: what was staged is only added, and each row has an outcome.  Rows
-- that could be refused, or that depend on others, are moved into late_*, to
-- be carried out one by one; nothing can go wrong with what is left, and it is
-- carried out by set like a desired state.

-- A row that needs a look of its own; with a message it is refused already.
-- first: the number of an earlier row that speaks of the same object.
-- name: late_make_row
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE late_row AS SELECT s.rank, s.n, s.file, s.line,
  s.note AS message, s.note AS hint, s.n AS first
FROM stage_domain s WHERE 1 = 0;
-- name: late_make_domain
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE late_domain AS SELECT s.* FROM stage_domain s WHERE 1 = 0;
-- name: late_make_user
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE late_user AS SELECT s.* FROM stage_user s WHERE 1 = 0;
-- name: late_make_target
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE late_target AS SELECT s.* FROM stage_target s WHERE 1 = 0;
-- Domains that the import names and that nobody has.
-- name: late_make_zone
-- temp: the table itself
-- scan: for its columns, not for its rows
CREATE TEMP TABLE late_zone AS SELECT s.name FROM stage_domain s WHERE 1 = 0;

-- name: late_index_row
-- temp: of a table that is
CREATE UNIQUE INDEX late_row_key ON late_row (n);
-- name: late_index_turn
-- temp: of a table that is
CREATE INDEX late_row_turn ON late_row (rank, n);
-- name: late_index_domain
-- temp: of a table that is
CREATE INDEX late_domain_key ON late_domain (n);
-- name: late_index_user
-- temp: of a table that is
CREATE INDEX late_user_key ON late_user (n);
-- name: late_index_address
-- temp: of a table that is
CREATE INDEX late_user_address ON late_user (domain, localpart);
-- name: late_index_target
-- temp: of a table that is
CREATE INDEX late_target_key ON late_target (n, seq);
-- name: late_index_zone
-- temp: of a table that is
CREATE INDEX late_zone_key ON late_zone (name);

-- name: late_drop_row
-- temp: the table itself
DROP TABLE IF EXISTS late_row;
-- name: late_drop_domain
-- temp: the table itself
DROP TABLE IF EXISTS late_domain;
-- name: late_drop_user
-- temp: the table itself
DROP TABLE IF EXISTS late_user;
-- name: late_drop_target
-- temp: the table itself
DROP TABLE IF EXISTS late_target;
-- name: late_drop_zone
-- temp: the table itself
DROP TABLE IF EXISTS late_zone;

-- name: late_refuse
-- temp: so it is
-- in: rank:int n:int file:int line:int message hint
INSERT INTO late_row (rank, n, file, line, message, hint)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- ---- which rows need a look ---------------------------------------------

-- name: late_zones
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_zone (name)
SELECT k.name FROM (SELECT domain AS name FROM stage_user
    UNION SELECT domain FROM stage_target UNION SELECT name FROM stage_domain) k
WHERE NOT EXISTS (SELECT 1 FROM domain d WHERE d.name = k.name);

-- Who is no user yet and may be refused one, or has an address already.  Of
-- fields, first says that the user is new.
-- name: late_users
-- temp: so it is
-- in: create:bool
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line, first)
SELECT s.rank, s.n, s.file, s.line,
  CASE WHEN s.rank = 2 AND m.address_id IS NULL THEN 1 END
FROM stage_user s
  LEFT JOIN domain d ON d.name = s.domain
  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart
  LEFT JOIN mailbox m ON m.address_id = a.id
WHERE s.rank = 2 OR m.address_id IS NULL AND (a.id IS NOT NULL
  OR d.name IS NULL AND $1 = 0 OR d.class <> 'mailbox' OR d.max_users > 0
  OR d.max_quota > 0)
ON CONFLICT DO NOTHING;

-- All rows of a user who has several; first only if the user is new, as an
-- import does not change those who exist.
-- name: late_users_again
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line, first)
SELECT s.rank, s.n, s.file, s.line, CASE WHEN s.n > k.n AND NOT EXISTS (
    SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id
    WHERE a.domain = s.domain AND a.localpart = s.localpart) THEN k.n END
FROM (SELECT domain, localpart, min(n) AS n FROM stage_user WHERE rank = 1
    GROUP BY domain, localpart HAVING count(*) > 1) k
  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart
WHERE s.rank = 1
ON CONFLICT DO NOTHING;

-- What a user's own row has lead to the user: all but new addresses of a new
-- user, that nothing else speaks of.
-- name: late_lists
-- temp: so it is
-- in: create:bool
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT t.rank, t.n, t.file, t.line
FROM stage_target t
  LEFT JOIN domain d ON d.name = t.domain
WHERE t.rank = 1 AND (t.localpart = '' OR t.domain = '*'
  OR d.name IS NULL AND $1 = 0 OR d.max_aliases > 0
  OR EXISTS (SELECT 1 FROM address a
    WHERE a.domain = t.domain AND a.localpart = t.localpart)
  OR EXISTS (SELECT 1 FROM address o
    WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)
      AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))
  OR EXISTS (SELECT 1 FROM target x
    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)
  OR EXISTS (SELECT 1 FROM stage_user v
    WHERE v.domain = t.domain AND v.localpart = t.localpart)
  OR EXISTS (SELECT 1 FROM stage_target z WHERE z.domain = t.domain
    AND z.localpart = t.localpart AND z.n <> t.n)
  OR EXISTS (SELECT 1 FROM stage_target z
    WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)
      AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)))
ON CONFLICT DO NOTHING;

-- Users whose address another user's row has for an alias: their order counts.
-- name: late_listed
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT s.rank, s.n, s.file, s.line
FROM stage_target t
  JOIN stage_user s ON s.domain = t.domain AND s.localpart = t.localpart
WHERE t.rank = 1
ON CONFLICT DO NOTHING;

-- All rows of a key that has several, in a table whose first row counts.
-- name: late_keys_again
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line, first)
SELECT DISTINCT s.rank, s.n, s.file, s.line,
  CASE WHEN s.n > k.n THEN k.n END
FROM (SELECT domain, localpart, min(n) AS n FROM stage_target WHERE rank = 5
    GROUP BY domain, localpart HAVING min(n) < max(n)) k
  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart
WHERE s.rank = 5
ON CONFLICT DO NOTHING;

-- A target that an earlier row has as well; and all of a source that may
-- become too many, together with those that late_aliases lets pass.
-- name: late_aliases_again
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT s.rank, s.n, s.file, s.line
FROM (SELECT domain, localpart, lower(dest) AS dest, min(n) AS n
    FROM stage_target
    GROUP BY domain, localpart, lower(dest) HAVING count(*) > 1) k
  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart
    AND lower(s.dest) = k.dest
WHERE s.n > k.n
ON CONFLICT DO NOTHING;
-- name: late_aliases_many
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT s.rank, s.n, s.file, s.line
FROM (SELECT domain, localpart FROM stage_target
    GROUP BY domain, localpart HAVING count(*) > 25) k
  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart
WHERE 1 = 1
ON CONFLICT DO NOTHING;

-- Aliases, all but those that lead to users who do not forward, or elsewhere,
-- and that nothing leads to.  Of the users staged those that need a look
-- themselves have been taken away before; they come before their forwards.
-- name: late_aliases
-- temp: so it is
-- in: create:bool
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT t.rank, t.n, t.file, t.line
FROM stage_target t
  LEFT JOIN domain d ON d.name = t.domain
  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart
WHERE t.rank >= 4 AND (t.localpart = '' OR t.domain = '*' OR t.wide = 2
  OR d.name IS NULL AND ($1 = 0 OR EXISTS (SELECT 1 FROM stage_domain p
    WHERE p.name = t.domain))
  OR d.max_aliases > 0
  OR EXISTS (SELECT 1 FROM late_user v
    WHERE v.domain = t.domain AND v.localpart = t.localpart)
  OR (SELECT count(*) FROM target y WHERE y.address_id = a.id) > 25
  OR EXISTS (SELECT 1 FROM target x WHERE x.dest_id = a.id
    AND x.address_id <> a.id)
  OR a.id IS NULL AND EXISTS (SELECT 1 FROM target x
    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)
  OR NOT (
    EXISTS (SELECT 1 FROM stage_user u
      WHERE u.domain = substr(t.dest, instr(t.dest, '@') + 1)
        AND u.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))
      AND NOT EXISTS (SELECT 1 FROM stage_target z
        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)
          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))
      AND NOT EXISTS (SELECT 1 FROM address o
        JOIN target y ON y.address_id = o.id
        WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)
          AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))
    OR EXISTS (SELECT 1 FROM address o
      WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)
        AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)
        AND o.final = 1
        AND NOT EXISTS (SELECT 1 FROM target y
          WHERE y.address_id = o.id))
      AND NOT EXISTS (SELECT 1 FROM stage_target z
        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)
          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))
    OR NOT EXISTS (SELECT 1 FROM domain_name n
        WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))
      AND NOT EXISTS (SELECT 1 FROM late_zone w
        WHERE w.name = substr(t.dest, instr(t.dest, '@') + 1))))
ON CONFLICT DO NOTHING;

-- name: late_domains
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_row (rank, n, file, line)
SELECT s.rank, s.n, s.file, s.line FROM stage_domain s WHERE s.rank > 0
ON CONFLICT DO NOTHING;

-- ---- taking them away ---------------------------------------------------

-- name: late_move_domains
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_domain SELECT s.* FROM stage_domain s
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n);
-- name: late_moved_domains
-- temp: so it is
-- scan: it reads what was staged
DELETE FROM stage_domain
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_domain.n);
-- name: late_move_users
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_user SELECT s.* FROM stage_user s
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n);
-- name: late_moved_users
-- temp: so it is
-- scan: it reads what was staged
DELETE FROM stage_user
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_user.n);
-- name: late_move_targets
-- temp: so it is
-- scan: it reads what was staged
INSERT INTO late_target SELECT s.* FROM stage_target s
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n);
-- name: late_moved_targets
-- temp: so it is
-- scan: it reads what was staged
DELETE FROM stage_target
WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_target.n);

-- ---- carrying them out --------------------------------------------------

-- name: late_count
-- out: n:count
-- scan: it counts them
SELECT count(*) AS n FROM late_row;

-- Rows that added something, of those that were carried out by set: a user's
-- row is one user, whatever leads there.
-- name: late_added
-- out: n:count
-- scan: it reads what there is to do
SELECT (SELECT count(*) FROM todo_user)
  + (SELECT count(DISTINCT n) FROM todo_target WHERE rank >= 4) AS n;

-- name: late_next
-- in: rank:int n:int
-- out: n:int file:int line:int message hint first:int
SELECT n, file, line, message, hint, first FROM late_row
WHERE rank = $1 AND n > $2 ORDER BY n LIMIT 1;
-- name: late_done
-- temp: so it is
-- in: n:int
DELETE FROM late_row WHERE n = $1;

-- name: late_domain_get
-- in: n:int
-- out: name class target enabled:bool primary:bool quota:size messages:count
-- out: max_users:count max_aliases:count max_quota:size outside_senders:bool
-- out: any_recipient:bool autoconfig:bool dkim:bool note
SELECT name, class, target, enabled, is_primary AS "primary", quota, messages,
  max_users, max_aliases, max_quota, outside_senders, any_recipient, autoconfig,
  dkim, note
FROM late_domain WHERE n = $1;
-- name: late_user_get
-- in: n:int
-- out: address name enabled:bool receive:bool send:bool imap:bool pop3:bool
-- out: sieve:bool internal:bool quota:size messages:count valid_from:time
-- out: valid_until:time must_change:bool spam_days:count home note password
-- out: pending:bool file:int line:int
SELECT localpart || '@' || domain AS address, name, enabled, receive, send,
  imap, pop3, sieve, internal, quota, messages, valid_from, valid_until,
  must_change, spam_days, home, note, password, pending, file, line
FROM late_user WHERE n = $1;
-- Where an earlier row of a key stands, and whether one of the two rows has a
-- target that the other one lacks.
-- name: late_key_first
-- in: n:int first:int
-- out: source file:int line:int differs:bool
SELECT o.localpart || '@' || o.domain AS source, o.file, o.line,
  CASE WHEN EXISTS (SELECT 1 FROM late_target t WHERE t.n = $1
      AND NOT EXISTS (SELECT 1 FROM late_target s
        WHERE s.n = $2 AND s.dest = t.dest))
    OR EXISTS (SELECT 1 FROM late_target t WHERE t.n = $2
      AND NOT EXISTS (SELECT 1 FROM late_target s
        WHERE s.n = $1 AND s.dest = t.dest)) THEN 1 ELSE 0 END AS differs
FROM late_target o WHERE o.n = $2 LIMIT 1;
-- name: late_target_get
-- in: n:int seq:int
-- out: source dest may_send:bool seq:int
SELECT localpart || '@' || domain AS source, dest, may_send, seq
FROM late_target WHERE n = $1 AND seq > $2 ORDER BY seq LIMIT 1;
