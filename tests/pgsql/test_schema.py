# SPDX-License-Identifier: LGPL-2.1-or-later
"""The two schemas are one: names, columns, and what each row check accepts."""

import contextlib
import os
import sqlite3
import tempfile

from client import Client
from cluster import Cluster, Psql

ODD = ["", "*", ".", "..", "-", "@", "a", "ab", "a.b", "A.b", "a..b", "a.b.",
       ".a.b", "-a.b", "a-.b", "a b", "a\tb", "a\nb", "b\n", "a.b\n", "\x01",
       "\x7f", "\x1f", "é", "bücher.example", "xn--bcher-kva.example", "a_b.c",
       "a@b", "a@b@c", "@b", "a@", "a@b.c", "a,b@c", "a@b,c", "|x@y", "/x@y",
       ":x@y", "-x@y", "a@-y", "a%b@c", "a!b@c", "a\\b@c", 'a"b@c', "a<b@c",
       "a>b@c", "a(b@c", "a)b@c", "a[b@c", "a]b@c", "a;b@c", "a:b@c", "a|b@c",
       "a b@c", "a\x02b@c", "a\x7fb@c", "é@c", "ж@c.d", "a'b", "a&b", "a+b",
       "a=b", "a~b", "a/b", "a\\b", "a%b", "a_b", "a-b", "x" * 64, "x" * 65,
       "x" * 253, "x" * 254, "x" * 250 + ".ab", "x" * 251 + ".ab",
       "x" * 252 + ".ab", "x@" + "y" * 251, "x@" + "y" * 252,
       "x@" + "y" * 253, "{A}b", "{A}", "{}b", "{a}b", "{A-B.C}x", "A}b",
       "{A}b c", "{A}bé", "{A}b\n", "{CRYPT}$y$j9T$x", "{A}" + "x" * 297,
       "{A}" + "x" * 298, "{Ab", "{1}x", "{_}x", "/home/x", "/home/../x",
       "home", "/a\x01", "/a b", "/aé", "quota", "Quota", "mail_root", "q-r",
       "mailbox", "alias", "relay", "wildcard", "'; DROP TABLE x; --"]
NUMBERS = [None, -9223372036854775808, -1, 0, 1, 2, 9223372036854775807]

# Statement with one input, tried alone and rolled back.
CASES = [
    ("setting.name", ODD, "INSERT INTO setting (name, value) VALUES (?, 'x')"),
    ("domain.name", ODD, "INSERT INTO domain (name) VALUES (?)"),
    ("domain.uname", ODD,
     "INSERT INTO domain (name, uname) VALUES ('new.example', ?)"),
    ("domain.class", ODD,
     "INSERT INTO domain (name, class) VALUES ('new.example', ?)"),
    ("domain.target", ["one.example", "two.example", "none.example", None],
     "INSERT INTO domain (name, class, target) "
     "VALUES ('new.example', 'alias', ?)"),
    ("address.localpart", ODD,
     "INSERT INTO address (domain, localpart) VALUES ('one.example', ?)"),
    ("address.domain", ["one.example", "none.example", "*", "", None],
     "INSERT INTO address (domain, localpart) VALUES (?, 'new')"),
    ("mailbox.password", ODD,
     "INSERT INTO mailbox (address_id, password) VALUES (1, ?)"),
    ("mailbox.home", ODD,
     "INSERT INTO mailbox (address_id, home) VALUES (1, ?)"),
    ("mailbox.address_id", [1, 2, 3, 4, 99, None],
     "INSERT INTO mailbox (address_id) VALUES (?)"),
    ("target.dest", ODD,
     "INSERT INTO target (address_id, dest) VALUES (2, ?)"),
    ("target.address_id", [1, 2, 99, None],
     "INSERT INTO target (address_id, dest) VALUES (?, 'x@y.z')"),
    ("rename a domain", ODD,
     "UPDATE domain SET name = ? WHERE name = 'one.example'"),
    ("delete a domain", ["one.example", "two.example", "*"],
     "DELETE FROM domain WHERE name = ?"),
    ("a mailbox in any class", ["one.example", "alias.example",
                                "relay.example", "*"],
     "INSERT INTO mailbox (address_id) SELECT min(id) FROM address "
     "WHERE domain = ?"),
    ("class of a domain with mailboxes", ["mailbox", "alias", "relay"],
     "UPDATE domain SET class = ? WHERE name = 'two.example'"),
] + [(f"domain.{column}", NUMBERS,
      f"UPDATE domain SET {column} = ? WHERE name = 'one.example'")
     for column in ("enabled", "is_primary", "quota", "messages", "max_users",
                    "max_aliases", "max_quota", "outside_senders",
                    "any_recipient", "autoconfig", "dkim")
] + [(f"address.{column}", NUMBERS,
      f"UPDATE address SET {column} = ? WHERE id = {row}")
     for column in ("enabled", "receive", "final", "internal", "valid_from",
                    "valid_until") for row in (1, 2, 4, 5)
] + [(f"mailbox.{column}", NUMBERS,
      f"UPDATE mailbox SET {column} = ? WHERE address_id = 3")
     for column in ("quota", "messages", "send", "imap", "pop3", "sieve",
                    "must_change", "spam_days")]

ROWS = """
INSERT INTO domain (name) VALUES ('one.example'), ('two.example');
INSERT INTO domain (name, class, target)
  VALUES ('alias.example', 'alias', 'one.example');
INSERT INTO domain (name, class) VALUES ('relay.example', 'relay');
INSERT INTO address (id, domain, localpart) VALUES (1, 'one.example', 'ann'),
  (2, 'one.example', 'bob'), (3, 'two.example', 'cid'), (4, 'one.example', ''),
  (5, '*', 'root'), (6, 'one.example', 'a+b'), (7, 'relay.example', 'x'),
  (8, 'alias.example', 'y');
INSERT INTO mailbox (address_id, password) VALUES (3, '{PLAIN}x');
INSERT INTO target (address_id, dest) VALUES (2, 'cid@two.example');
"""


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


class Lite:
    def __init__(self):
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute("PRAGMA foreign_keys = ON")
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, "made.sqlite3")
            Client(path).must("init")
            with contextlib.closing(sqlite3.connect(path)) as made:
                made.backup(self.db)
        self.db.executescript(ROWS)

    def accepts(self, sql, value):
        self.db.execute("BEGIN")
        try:
            self.db.execute(sql, (value,))
            return True
        except sqlite3.Error:
            return False
        finally:
            self.db.execute("ROLLBACK")

    def names(self):
        """Views and tables with their columns, in order."""
        return {name: [row[1] for row in self.db.execute(
                    f"PRAGMA table_xinfo({name})")]
                for name, in self.db.execute(
                    "SELECT name FROM sqlite_schema WHERE type IN "
                    "('table', 'view') AND name NOT LIKE 'sqlite%'")}


class Pg:
    def __init__(self, psql):
        self.psql = psql
        psql("SET search_path = maildb;" + ROWS)

    def accepts(self, sql, value):
        answer = self.psql(
            f"BEGIN;\n{sql.replace('?', literal(value))};\nROLLBACK;")
        return "ERROR:" not in answer

    def names(self):
        lines = self.psql(
            "SELECT c.relname || ' ' || string_agg(attname, ' ' "
            "ORDER BY attnum) FROM pg_class c JOIN pg_attribute a "
            "ON attrelid = c.oid AND attnum > 0 "
            "WHERE relnamespace = 'maildb'::regnamespace "
            "AND relkind IN ('r', 'v') GROUP BY c.relname;")
        return {line.split()[0]: line.split()[1:]
                for line in lines.splitlines()}


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    cluster.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' "
                "TEMPLATE template0")
    Client(cluster.url("maildb")).must("init")
    done = Client(cluster.url("latin")).run("init")
    report.check("another encoding than UTF8 is refused",
                 done.returncode == 1 and "UTF8" in done.stderr, done.stderr)
    lite = Lite()
    with Psql(cluster.url("maildb")) as psql:
        pg = Pg(psql)
        ours, theirs = lite.names(), pg.names()
        for name in sorted(set(ours) | set(theirs)):
            if (name in ours) != (name in theirs):
                # the session row, and the version, which SQLite has elsewhere
                report.check(f"{name} is on one back end only",
                             name in ("session", "version"))
            else:
                report.same(f"{name}: columns", theirs[name], ours[name])
        report.same("an id that was chosen is not given again", psql(
            "INSERT INTO domain (id, name) VALUES (70, 'chosen.example');"
            "INSERT INTO domain (name) VALUES ('next.example') RETURNING id;"
            "DELETE FROM domain WHERE id > 7;"), "71")
        for what, values, sql in CASES:
            verdicts = [(value, lite.accepts(sql, value),
                         pg.accepts(sql, value)) for value in values]
            differ = [f"{value!r}: SQLite {a}, PostgreSQL {b}"
                      for value, a, b in verdicts if a != b]
            report.check(f"{what}: {len(values)} values, the same verdicts",
                         not differ, "\n".join(differ))
