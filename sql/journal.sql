-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The journal, as it is read: triggers alone write it.

-- A name finds itself, also where something in parentheses follows: "root (sudo
-- ann)", and on PostgreSQL the role that was logged in.
-- part: journal_is_by
($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')

-- part: journal_columns
-- out: id:int txn:int at:msec who via object key op old:json new:json
SELECT j.id, txn, at, who, via, object, key, op,
@image -j.id
AS old,
@image j.id
AS new
FROM journal j

-- PostgreSQL adds who logged in there to who wrote: "ann (maildb)".
-- part: journal_match
($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')
  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)
ORDER BY id DESC LIMIT $5

-- name: journal_list
-- in: who since:msec until:msec txn:int most:int
-- scan: newest first by id; what is asked for is mostly near the end
@journal_columns
WHERE
@journal_match
;

-- name: journal_list_key
-- in: who since:msec until:msec txn:int most:int key
-- scan: in SQLite, where an index of keys is half as large as the journal
@journal_columns
WHERE key = $6 AND
@journal_match
;

-- A domain and the addresses in it.
-- name: journal_list_domain
-- in: who since:msec until:msec txn:int most:int domain
-- scan: keys end with the domain, and no index goes by that
@journal_columns
WHERE (key = $6 OR substr(key, length(key) - length($6)) = '@' || $6) AND
@journal_match
;

-- What the open transaction wrote.  In SQLite it is the only writer, so all of
-- it stands at the end.
-- name: journal_pending sqlite
-- scan: backwards over the transaction's own rows
@journal_columns
WHERE id > coalesce((SELECT id FROM journal
    WHERE txn IS NOT (SELECT txn FROM session) ORDER BY id DESC LIMIT 1), 0)
  AND (SELECT who FROM session) IS NOT NULL
ORDER BY id;

-- name: journal_pending pgsql
@journal_columns
WHERE txn = txid_current_if_assigned() ORDER BY id;
