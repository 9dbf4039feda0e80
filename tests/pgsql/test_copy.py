# SPDX-License-Identifier: LGPL-2.1-or-later
"""A database moved from SQLite to PostgreSQL and back is the same one."""

import os
import subprocess

from client import find_mailcfg
from cluster import Cluster, bindir

WORLD = """adddom example.org --primary yes --quota 2G
adddom münchen.example
adddomalias example.net example.org
adddom relay.example --class relay
addrecipient known@relay.example
adduser anna@example.org --no-password --note "it's \\"quoted\\""
adduser gone@example.org --no-password
rmuser gone@example.org
adduser bert@münchen.example --no-password --quota unlimited --pop3 no
addalias anna@example.org anna@example.org bert@münchen.example
addalias info@* anna@example.org
addalias team@example.org anna@example.org far@elsewhere.example
setalias team@example.org --internal yes --valid-until 2040-01-01
addcatchall example.org anna@example.org
addsender news@example.org anna@example.org bert@münchen.example
addsender @münchen.example anna@example.org
addsender @* bert@münchen.example
disable known@relay.example
set quota 5G
set admin anna@example.org
"""
QUESTIONS = ("lsdom", "lsuser", "lsalias", "lscatchall", "lsrecipient",
             "lssender", "lssettings", "lsquota", "export json --secrets --full")


def run(top, ends, report, everything):
    mailcfg = find_mailcfg()
    cluster = Cluster(top, "copy", ends).make().start()
    for name in ("one", "two"):
        cluster.sql(f"CREATE DATABASE {name}")
    first = os.path.join(top, "first.sqlite3")
    last = os.path.join(top, "last.sqlite3")
    one, two = cluster.url("one"), cluster.url("two")

    def call(url, *words, text=None):
        return subprocess.run([mailcfg, "-d", url, *words], input=text,
                              stdout=subprocess.PIPE, text=True, check=False,
                              stderr=subprocess.STDOUT, timeout=60)

    def answers(url):
        return [call(url, "-j", *words.split()).stdout for words in QUESTIONS]

    def history(url):
        """The journal without the way a time is shown, oldest first."""
        rows = call(url, "log").stdout.splitlines()
        return list(reversed(rows))

    call(first, "init")
    made = call(first, "-q", "-f", "-", text=WORLD)
    report.same("the world is made", made.returncode, 0)
    want, past = answers(first), history(first)
    for name, source, target in (("SQLite to PostgreSQL", first, one),
                                 ("PostgreSQL to SQLite", one, last)):
        done = call(source, "copydb", source, target)
        report.same(f"copydb {name}", (done.returncode, done.stdout[:6]),
                    (0, "copied"))
        report.same(f"{name}: every listing is the same", answers(target),
                    want)
        report.same(f"{name}: the journal goes on from the old one",
                    history(target)[:len(past)], past)
    new = [call(url, "-j", "adduser", "new@example.org", "--no-password")
           and call(url, "-j", "show", "new@example.org").stdout
           .partition('"id":')[2].partition(",")[0]
           for url in (first, one, last)]
    report.check("ids that were given do not come back", len(set(new)) == 1,
                 new)

    text = call(first, "export", "sql", "--for", "pgsql", "--secrets").stdout
    call(two, "init")
    done = subprocess.run([os.path.join(bindir(), "psql"), "-qX", "-o",
                           os.devnull, "-v", "ON_ERROR_STOP=1", two],
                          input=text, text=True, check=False, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    report.same("export sql --for pgsql is taken by psql",
                (done.returncode, done.stdout), (0, ""))
    report.same("and gives the same listings", answers(two), answers(first))
    done = call(two, "adddom", "after.example")
    report.same("and can be worked with", done.stdout,
                "added domain after.example\n")
