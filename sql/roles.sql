-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What maildb_roles() compares to tell whether it changed anything.

-- name: roles_state
-- scan: the catalogue, which is small
-- only: pgsql
-- out: state
SELECT md5(string_agg(concat_ws(' ', o.owner, o.name, item), ','
    ORDER BY o.name, item::text)) AS state
FROM (SELECT nspowner AS owner, nspname::text AS name, nspacl AS acl
    FROM pg_namespace WHERE nspname IN ('maildb', 'public')
  UNION ALL SELECT relowner, relname, relacl FROM pg_class
    WHERE relnamespace = 'maildb'::regnamespace
  UNION ALL SELECT 0, c.relname || '.' || a.attname, a.attacl
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'maildb'::regnamespace
  UNION ALL SELECT proowner, oid::regprocedure::text, proacl FROM pg_proc
    WHERE pronamespace = 'maildb'::regnamespace
  UNION ALL SELECT datdba, datname, datacl FROM pg_database
    WHERE datname = current_database()
  UNION ALL SELECT oid, rolname, NULL FROM pg_roles
    WHERE rolname LIKE 'maildb\_%') o
  LEFT JOIN LATERAL unnest(o.acl) item ON true;
