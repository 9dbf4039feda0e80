# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every statement prepares, and finds its rows by indexes among many."""

import os

from client import Client
from cluster import Cluster
from test_suites import BUILD, suite

# Triggers would be right here, but take long.
FILL = """
SET search_path = maildb;
SET session_replication_role = replica;
INSERT INTO domain (name) SELECT 'd' || i || '.example'
  FROM generate_series(1, {0} / 4) i;
INSERT INTO domain (name, class, target) SELECT 'a' || i || '.example',
  'alias', 'd' || i || '.example' FROM generate_series(1, {0} / 10) i;
INSERT INTO domain (name, class) SELECT 'r' || i || '.example', 'relay'
  FROM generate_series(1, {0} / 10) i;
INSERT INTO domain_name SELECT name, name FROM domain WHERE name <> '*';
INSERT INTO address (id, domain, localpart, final) SELECT i,
  'd' || (i % ({0} / 4) + 1) || '.example', 'u' || i, 1
  FROM generate_series(1, {0}) i;
INSERT INTO mailbox (address_id, password) SELECT id, '{{PLAIN}}x' FROM address;
INSERT INTO address (id, domain, localpart) SELECT {0} + i,
  'd' || (i % ({0} / 4) + 1) || '.example', 'x' || i
  FROM generate_series(1, {0}) i;
INSERT INTO target (address_id, dest, dest_id) SELECT {0} + i,
  u.localpart || '@' || u.domain, u.id FROM generate_series(1, {0}) i
  JOIN address u ON u.id = i;
INSERT INTO target (address_id, dest) SELECT {0} + i,
  'y' || i || '@elsewhere.example' FROM generate_series(1, {0}) i;
INSERT INTO address (id, domain, localpart) SELECT 2 * {0} + i,
  'd' || i || '.example', '' FROM generate_series(1, {0} / 4) i;
INSERT INTO target (address_id, dest, dest_id) SELECT 2 * {0} + i,
  u.localpart || '@' || u.domain, u.id FROM generate_series(1, {0} / 4) i
  JOIN address u ON u.id = i;
INSERT INTO address (id, domain, localpart) SELECT 3 * {0} + i, '*', 'w' || i
  FROM generate_series(1, 8) i;
INSERT INTO sender (domain, localpart, login_id)
  SELECT u.domain, 's' || i, i FROM generate_series(1, {0}) i
  JOIN address u ON u.id = i;
INSERT INTO sender (domain, localpart, login_id) SELECT 'd' || i || '.example',
  '', i FROM generate_series(1, {0} / 4) i;
INSERT INTO journal (txn, at, who, key, kind, event) SELECT i / 3, i, 'ann',
  'u' || i || '@d1.example', 2, 1 FROM generate_series(1, {0}) i;
INSERT INTO journal_address (entry, id) SELECT i, i
  FROM generate_series(1, {0}) i;
ANALYZE;
"""


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    Client(cluster.url("maildb")).must("init")
    cluster.sql(FILL.format(200000 if everything else 20000), "maildb")
    suite(report, "tests/pgsql/statements",
          [os.path.join(BUILD, "tests/pgsql/statements"),
           cluster.url("maildb")], {})
