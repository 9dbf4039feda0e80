# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows 10 and 11: what the daemons ask, as the shipped maps ask it.

The queries come from the files that "mailcfg maps" writes, with a key in
place of each placeholder, and are sent as the daemons send them: as text that
is prepared anew each time.  Keys go through all users in no order.
"""

import os
import re

from base import HASH, quiet, sqlite

# The maps that mail asks most, and their goals.
HOT = (("virtual_mailbox_domains", "<= 3"), ("virtual_mailbox_maps", "<= 3"),
       ("dovecot-sql", "<= 3"), ("virtual_alias_maps", "<= 6"),
       ("recipient_access", "<= 9"))

# Users u0000000@bench.example and so on, an alias each, in both dialects.
FILL = """
INSERT INTO {s}address (domain, localpart)
  SELECT 'bench.example', {name} FROM {series};
INSERT INTO {s}mailbox (address_id, password)
  SELECT id, '{hash}' FROM {s}address WHERE localpart LIKE 'u0%';
INSERT INTO {s}address (domain, localpart)
  SELECT 'bench.example', 'a' || localpart FROM {s}address
  WHERE localpart LIKE 'u0%';
INSERT INTO {s}target (address_id, dest)
  SELECT id, substr(localpart, 2) || '@bench.example' FROM {s}address
  WHERE localpart LIKE 'au0%';
INSERT INTO {s}domain (name)
  SELECT 'd' || {bare} || '.example' FROM {thousand};
"""


def fill_sqlite(path, users):
    def series(count):
        return ("(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1"
                f" FROM n WHERE i < {count - 1}) SELECT i FROM n)")
    sqlite(path, "PRAGMA foreign_keys = ON; BEGIN;" + FILL.format(
        s="", hash=HASH, name="printf('u%07d', i)", bare="i",
        series=series(users), thousand=series(1000)) + "COMMIT; ANALYZE;")


def fill_pgsql(cluster, database, users):
    cluster.sql(FILL.format(
        s="maildb.", hash=HASH, name="'u' || lpad(i::text, 7, '0')",
        bare="i", series=f"generate_series(0, {users - 1}) i",
        thousand="generate_series(0, 999) i"), database)
    cluster.sql("VACUUM ANALYZE", database)


def maps(bench, database, directory):
    """The shipped queries by the names of their files, keys in them."""
    os.makedirs(directory, exist_ok=True)
    for daemon in ("postfix", "dovecot"):
        quiet([bench.program, "-d", database, "maps", daemon, "--write",
               directory])
    found = {}
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), encoding="utf-8") as lines:
            text = re.search(r"^(?:password_)?query = (.*)$", lines.read(),
                             re.M)
        if text is None:
            continue
        keys = {"%u": "u%07d", "%n": "u%07d", "%d": "bench.example",
                "%s": "imap" if name.startswith("dovecot") else
                "d%d.example" if "domains" in name else
                "u%07d@bench.example"}
        query = re.sub("%[undsr]", lambda at, keys=keys: keys[at[0]],
                       text[1])
        # One number a text: the floor programs fill in all alike.
        found[name.split(".")[0]] = query
    return found


class Lookups:
    count = int(os.environ.get("BENCH_LOOKUPS", "4000"))
    grown = int(os.environ.get("BENCH_USERS", "30000"))

    def database_of(self, users):
        """An SQLite database of so many users, made once."""
        path = os.path.join(self.directory, f"users{users}.db")
        if not os.path.exists(path):
            self.mailcfg("init", database=path)
            self.mailcfg("adddom", "bench.example", database=path)
            fill_sqlite(path, users)
        return path

    def pgsql_of(self, users):
        """A PostgreSQL database of so many users, made once."""
        cluster = self.cluster()
        name = f"users{users}"
        if not cluster.sql("SELECT 1 FROM pg_database WHERE datname = "
                           f"'{name}'"):
            cluster.sql(f"CREATE DATABASE {name}")
            self.mailcfg("init", database=self.pgsql_url(name))
            self.mailcfg("adddom", "bench.example",
                         database=self.pgsql_url(name))
            fill_pgsql(cluster, name, users)
        return self.pgsql_url(name)

    def row_10(self):
        """How look-ups grow with the number of users."""
        small, large = 1000, self.grown
        paths = self.database_of(small), self.database_of(large)
        queries = maps(self, paths[0], os.path.join(self.directory, "maps"))
        for name in ("virtual_mailbox_maps", "dovecot-sql",
                     "virtual_alias_maps", "recipient_access"):
            self.show("10", "<= 2", self.pairs(
                lambda q=queries[name]: self.floor(
                    "look", q, paths[1], self.count, large),
                lambda q=queries[name]: self.floor(
                    "look", q, paths[0], self.count, small), 5),
                f"{name} as text, {large} users / {small}")
            prepared = queries[name].replace("'u%07d'", "?1")
            self.show("10", "<= 4", self.pairs(
                lambda q=prepared: self.floor(
                    "ask", q, paths[1], 3 * self.count, large, "u%07d"),
                lambda q=prepared: self.floor(
                    "ask", q, paths[0], 3 * self.count, small, "u%07d"), 5),
                f"{name} prepared, {large} users / {small}")
        if self.pgfloor is None:
            return
        urls = self.pgsql_of(small), self.pgsql_of(large)
        queries = maps(self, urls[0], os.path.join(self.directory, "pgmaps"))
        for name in ("virtual_mailbox_maps", "virtual_alias_maps",
                     "recipient_access"):
            self.show("10", "<= 2", self.pairs(
                lambda q=queries[name]: self.pgfloor(
                    urls[1], q, self.count // 4, large),
                lambda q=queries[name]: self.pgfloor(
                    urls[0], q, self.count // 4, small), 5),
                f"{name} on PostgreSQL, {large} users / {small}")

    def row_11(self):
        """The hottest maps to a look-up in one table."""
        bare = "SELECT name FROM {}domain WHERE name = 'd%d.example'"
        path = self.database_of(1000)
        queries = maps(self, path, os.path.join(self.directory, "maps"))
        for name, goal in HOT:
            self.show("11", goal, self.pairs(
                lambda q=queries[name]: self.floor("look", q, path,
                                                   self.count),
                lambda: self.floor("look", bare.format(""), path, self.count),
                5), f"{name} / bare look-up")
        if self.pgfloor is None:
            return
        url = self.pgsql_of(1000)
        queries = maps(self, url, os.path.join(self.directory, "pgmaps"))
        for name, goal in HOT:
            self.show("11", goal, self.pairs(
                lambda q=queries[name]: self.pgfloor(url, q, self.count // 4),
                lambda: self.pgfloor(url, bare.format("maildb."),
                                     self.count // 4),
                5), f"{name} on PostgreSQL / bare look-up")
