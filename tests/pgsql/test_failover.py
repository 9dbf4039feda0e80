# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two servers, one URL: the primary dies, its replica takes over.

As docs/postgresql.md sets it up, with synchronous replication, so that what
mailcfg has acknowledged is on both.
"""

from client import DONE, HASH, UNUSABLE, Client
from cluster import Cluster, Psql, wait_for_streaming
from proc import wait_until

CONF = "synchronous_standby_names = 'replica'\n"


def run(top, ends, report, everything):
    first = Cluster(top, "first", ends).make(CONF).start()
    second = Cluster(top, "second", ends).make_replica(first).start()
    wait_for_streaming(first)
    first.sql("CREATE DATABASE maildb")
    url = (f"postgresql://postgres@127.0.0.1:{first.port},127.0.0.1:"
           f"{second.port}/maildb?sslmode=disable&gssencmode=disable")
    client = Client(url, "--timeout", "10")
    only_second = Client(second.url("maildb"))
    client.must("init")
    client.must("adddom", "example.org")
    client.must("adduser", "--hash", HASH, "ann@example.org")

    report.same("the replica answers questions", only_second.must("lsuser"),
                "ann@example.org\n")
    done = only_second.run("adduser", "--hash", HASH, "x@example.org")
    report.same("the replica takes no change", done.returncode, UNUSABLE)
    report.check("and says why", "standby" in done.stderr
                 or "read-only" in done.stderr, done.stderr)
    backwards = Client(f"postgresql://postgres@127.0.0.1:{second.port},"
                       f"127.0.0.1:{first.port}/maildb")
    report.same("a writer finds the primary behind the replica", backwards.run(
        "adduser", "--hash", HASH, "bob@example.org").returncode, DONE)

    first.stop("immediate")
    report.same("primary gone: questions are answered",
                client.must("lsuser"), "ann@example.org\nbob@example.org\n")
    done = client.run("adduser", "--hash", HASH, "x@example.org")
    report.same("primary gone: no change is taken", done.returncode, UNUSABLE)
    report.same("primary gone: none is claimed", done.stdout, "")

    second.ctl("promote")
    second.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
    second.sql("SELECT pg_reload_conf()")
    wait_until(lambda: client.run("adduser", "--hash", HASH,
                                  "cid@example.org").returncode == DONE,
               "a writer that finds the new primary")
    report.same("promoted: the same URL, nothing lost", client.must("lsuser"),
                "ann@example.org\nbob@example.org\ncid@example.org\n")
    with Psql(second.url("maildb")) as psql:
        report.same("promoted: ids go on", psql(
            "SELECT count(DISTINCT id) = count(*) AND min(id) = 1 "
            "FROM maildb.address;"), "t")
        report.same("promoted: every change is in the journal", psql(
            "SELECT count(*) FROM maildb.journal WHERE object = 'user';"), "3")
