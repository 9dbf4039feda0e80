-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The journal, as it is read: triggers alone write it.

-- A name finds itself, also where something in parentheses follows: "root (sudo
-- ann)", and on PostgreSQL the role that was logged in.
-- part: journal_is_by
($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')

-- What the journal tells of an object, before a change and after it.
-- part: journal_old sqlite
CASE j.kind
  WHEN 1 THEN (SELECT json_object('name', name, 'class', class, 'target',
    target, 'enabled', enabled, 'primary', is_primary, 'quota', quota,
    'messages', messages, 'max_users', max_users, 'max_aliases', max_aliases,
    'max_quota', max_quota, 'outside_senders', outside_senders,
    'any_recipient', any_recipient, 'autoconfig', autoconfig, 'dkim', dkim,
    'note', note) FROM journal_domain WHERE entry = -j.id)
  WHEN 2 THEN (SELECT json_object('id', id, 'enabled', enabled, 'receive',
    receive, 'final', final, 'internal', internal, 'valid_from', valid_from,
    'valid_until', valid_until, 'note', note) FROM journal_address WHERE entry
    = -j.id)
  WHEN 3 THEN (SELECT json_object('password', password, 'quota', quota,
    'messages', messages, 'send', send, 'imap', imap, 'pop3', pop3, 'sieve',
    sieve, 'must_change', must_change, 'spam_days', spam_days, 'name', name,
    'home', home) FROM journal_mailbox WHERE entry = -j.id)
  WHEN 4 THEN (SELECT json_object('id', id, 'destination', dest, 'may_send',
    may_send) FROM journal_target WHERE entry = -j.id)
  WHEN 5 THEN (SELECT json_object('address', address, 'login', login) FROM
    journal_sender WHERE entry = -j.id)
  WHEN 6 THEN (SELECT json_object('value', value) FROM journal_setting WHERE
    entry = -j.id)
END AS old,

-- part: journal_new sqlite
CASE j.kind
  WHEN 1 THEN (SELECT json_object('name', name, 'class', class, 'target',
    target, 'enabled', enabled, 'primary', is_primary, 'quota', quota,
    'messages', messages, 'max_users', max_users, 'max_aliases', max_aliases,
    'max_quota', max_quota, 'outside_senders', outside_senders,
    'any_recipient', any_recipient, 'autoconfig', autoconfig, 'dkim', dkim,
    'note', note) FROM journal_domain WHERE entry = j.id)
  WHEN 2 THEN (SELECT json_object('id', id, 'enabled', enabled, 'receive',
    receive, 'final', final, 'internal', internal, 'valid_from', valid_from,
    'valid_until', valid_until, 'note', note) FROM journal_address WHERE entry
    = j.id)
  WHEN 3 THEN (SELECT json_object('password', password, 'quota', quota,
    'messages', messages, 'send', send, 'imap', imap, 'pop3', pop3, 'sieve',
    sieve, 'must_change', must_change, 'spam_days', spam_days, 'name', name,
    'home', home) FROM journal_mailbox WHERE entry = j.id)
  WHEN 4 THEN (SELECT json_object('id', id, 'destination', dest, 'may_send',
    may_send) FROM journal_target WHERE entry = j.id)
  WHEN 5 THEN (SELECT json_object('address', address, 'login', login) FROM
    journal_sender WHERE entry = j.id)
  WHEN 6 THEN (SELECT json_object('value', value) FROM journal_setting WHERE
    entry = j.id)
END AS new

-- part: journal_old pgsql
CASE j.kind
  WHEN 1 THEN (SELECT row_to_json(r)::text FROM (SELECT name, class, target,
    enabled, is_primary AS "primary", quota, messages, max_users, max_aliases,
    max_quota, outside_senders, any_recipient, autoconfig, dkim, note FROM
    journal_domain WHERE entry = -j.id) r)
  WHEN 2 THEN (SELECT row_to_json(r)::text FROM (SELECT id, enabled, receive,
    final, internal, valid_from, valid_until, note FROM journal_address WHERE
    entry = -j.id) r)
  WHEN 3 THEN (SELECT row_to_json(r)::text FROM (SELECT password, quota,
    messages, send, imap, pop3, sieve, must_change, spam_days, name, home FROM
    journal_mailbox WHERE entry = -j.id) r)
  WHEN 4 THEN (SELECT row_to_json(r)::text FROM (SELECT id, dest AS
    "destination", may_send FROM journal_target WHERE entry = -j.id) r)
  WHEN 5 THEN (SELECT row_to_json(r)::text FROM (SELECT address, login FROM
    journal_sender WHERE entry = -j.id) r)
  WHEN 6 THEN (SELECT row_to_json(r)::text FROM (SELECT value FROM
    journal_setting WHERE entry = -j.id) r)
END AS old,

-- part: journal_new pgsql
CASE j.kind
  WHEN 1 THEN (SELECT row_to_json(r)::text FROM (SELECT name, class, target,
    enabled, is_primary AS "primary", quota, messages, max_users, max_aliases,
    max_quota, outside_senders, any_recipient, autoconfig, dkim, note FROM
    journal_domain WHERE entry = j.id) r)
  WHEN 2 THEN (SELECT row_to_json(r)::text FROM (SELECT id, enabled, receive,
    final, internal, valid_from, valid_until, note FROM journal_address WHERE
    entry = j.id) r)
  WHEN 3 THEN (SELECT row_to_json(r)::text FROM (SELECT password, quota,
    messages, send, imap, pop3, sieve, must_change, spam_days, name, home FROM
    journal_mailbox WHERE entry = j.id) r)
  WHEN 4 THEN (SELECT row_to_json(r)::text FROM (SELECT id, dest AS
    "destination", may_send FROM journal_target WHERE entry = j.id) r)
  WHEN 5 THEN (SELECT row_to_json(r)::text FROM (SELECT address, login FROM
    journal_sender WHERE entry = j.id) r)
  WHEN 6 THEN (SELECT row_to_json(r)::text FROM (SELECT value FROM
    journal_setting WHERE entry = j.id) r)
END AS new

-- part: journal_columns
-- out: id:int txn:int at:msec who via object key op old:json new:json
SELECT j.id, txn, at, who, via, object, key, op,
@journal_old
@journal_new
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
