# SPDX-License-Identifier: LGPL-2.1-or-later
"""A dump that is restored, as docs/postgresql.md says, is the same database."""

from client import HASH, Client
from cluster import Cluster

STATE = ("export", "--secrets")


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    for name in ("maildb", "restored"):
        cluster.sql(f"CREATE DATABASE {name}")
    old, new = Client(cluster.url("maildb")), Client(cluster.url("restored"))
    old.must("init")
    old.must("adddom", "bücher.example")
    for name in ("ann", "bob", "cid"):
        old.must("adduser", "--hash", HASH, f"{name}@bücher.example")
    old.must("addalias", "all@bücher.example", "ann@bücher.example")
    old.must("rmuser", "cid@bücher.example")
    log = old.must("log")
    dump = f"{cluster.top}/dump"
    cluster.program("pg_dump", "-Fc", "-n", "maildb", "-d",
                    cluster.url("maildb"), "-f", dump)
    cluster.program("pg_restore", "-1", "--no-owner", "--no-acl", "-d",
                    cluster.url("restored"), dump)
    report.check("init gives a restored database its roles",
                 "roles" in new.must("init"))
    report.same("the same accounts", new.must(*STATE), old.must(*STATE))
    report.same("the same journal", new.must("log"), log)
    report.same("the administrators' role works", Client(cluster.url(
        "restored", "maildb_admin")).run("adduser", "--hash", HASH,
                                         "dan@bücher.example").returncode, 0)
    report.same("an id that was given before is not given again", cluster.sql(
        "SELECT id FROM maildb.address WHERE localpart = 'dan'", "restored"),
        "5")
    report.same("what is refused stays refused", Client(cluster.url(
        "restored", "maildb_postfix")).run("lsuser").returncode, 3)
