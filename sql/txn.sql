-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Who is writing, for the journal's triggers.

-- name: session_fill sqlite
-- in: who via
UPDATE session SET txn = txn + 1, who = $1, via = $2;

-- name: session_fill pgsql
SELECT set_config('maildb.who', $1, true), set_config('maildb.via', coalesce($2, ''), true);

-- name: session_clear sqlite
UPDATE session SET who = NULL, via = NULL;

-- name: session_clear pgsql
SELECT set_config('maildb.who', '', true), set_config('maildb.via', '', true);
