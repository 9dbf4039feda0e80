-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Settings: only those that were ever set have a row.

-- name: setting_get
-- in: name
-- out: value
SELECT value FROM setting WHERE name = $1;

-- name: setting_put
-- in: name value
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: setting_delete
-- in: name
DELETE FROM setting WHERE name = $1;
