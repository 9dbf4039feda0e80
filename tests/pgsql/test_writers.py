# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several writers at once, of which some write SQL by hand."""

import json
import signal

from client import DONE, HASH, INTERRUPTED, REFUSED, UNUSABLE, Client
from cluster import Cluster, Psql
from proc import wait_until

LOCK = "SELECT pg_advisory_xact_lock(1835100524);"


def waiting(cluster, most):
    """So many sessions wait for the lock of writers."""
    wait_until(lambda: cluster.sql(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
        "AND NOT granted") == str(most), f"{most} waiting writers")


def halves_of_a_loop(cluster, client, psql, report):
    """Two administrators each add half of a loop at the same moment."""
    psql("BEGIN; " + LOCK)
    both = [client.start("addalias", "one@example.org", "two@example.org",
                         "--allow-dead"),
            client.start("addalias", "two@example.org", "one@example.org",
                         "--allow-dead")]
    waiting(cluster, 2)
    psql("COMMIT;")
    ends = [popen.communicate() + (popen.returncode,) for popen in both]
    codes = sorted(code for _, _, code in ends)
    report.same("one half of a loop is refused", codes, [DONE, REFUSED])
    report.check("as a loop", any("circle" in err or "loop" in err
                                  for _, err, _ in ends), ends)


def lock_timeout(client, psql, report):
    """A lock that is held: a clear error, after the time that was given."""
    psql("BEGIN; " + LOCK)
    for seconds in ("0", "1"):
        done = client.run("--timeout", seconds, "--json", "adddom",
                          "late.example")
        report.same(f"--timeout {seconds}: exit code", done.returncode,
                    UNUSABLE)
        report.same(f"--timeout {seconds}: error", json.loads(
            done.stdout)["error"]["code"], "db_locked")
    psql("COMMIT;")
    report.same("--timeout 0 is enough when nobody writes", client.run(
        "--timeout", "0", "adduser", "--hash", HASH,
        "quick@example.org").returncode, DONE)
    client.must("rmuser", "quick@example.org")
    report.same("nothing is left of it", client.must("lsdom"),
                "example.org (id 1)\n")


def interrupt(cluster, client, psql, report):
    """Ctrl-C while waiting for the lock."""
    psql("BEGIN; " + LOCK)
    popen = client.start("adddom", "never.example")
    waiting(cluster, 1)
    popen.send_signal(signal.SIGINT)
    out, err = popen.communicate(timeout=30)
    report.same("Ctrl-C while waiting: exit code", popen.returncode,
                INTERRUPTED)
    report.same("Ctrl-C while waiting: no output", out, "")
    waiting(cluster, 0)
    psql("COMMIT;")
    report.same("Ctrl-C while waiting: nothing done", client.must("lsdom"),
                "example.org (id 1)\n")


def by_hand(cluster, client, psql, report):
    """SQL of an administrator's own waits for mailcfg, and mailcfg for it."""
    psql("BEGIN; INSERT INTO maildb.domain (name) VALUES ('hand.example');")
    popen = client.start("adddom", "tool.example")
    waiting(cluster, 1)
    psql("ROLLBACK;")
    popen.communicate()
    report.same("mailcfg waits for SQL by hand", popen.returncode, DONE)
    with Psql(cluster.url("maildb", "maildb_admin")) as second:
        psql("BEGIN; " + LOCK)
        second("SET lock_timeout = 100; SET search_path = maildb;")
        for sql in ("INSERT INTO domain (name) VALUES ('x.example')",
                    "UPDATE setting SET value = '1' WHERE name = 'quota'",
                    "DELETE FROM address", "DELETE FROM mailbox",
                    "DELETE FROM target"):
            report.check(f"waits for mailcfg: {sql}",
                         "lock timeout" in second(sql + ";"))
        psql("COMMIT;")
        answer = second("BEGIN ISOLATION LEVEL REPEATABLE READ; "
                        "DELETE FROM target; ROLLBACK;")
        report.check("an old snapshot is refused", "READ COMMITTED" in answer,
                     answer)


def at_once(cluster, client, report):
    """Many at once: nothing lost, nothing refused."""
    many = [client.start("adduser", "--hash", HASH, f"u{i}@example.org")
            for i in range(24)]
    ends = [popen.communicate() + (popen.returncode,) for popen in many]
    report.check("24 writers at once: all done",
                 all(code == DONE for _, _, code in ends), ends)
    report.same("24 writers at once: all there", cluster.sql(
        "SELECT count(*) FROM maildb.mailbox", "maildb"), "24")


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    client = Client(cluster.url("maildb"))
    client.must("init")
    client.must("adddom", "example.org")
    psql = ends.enter_context(Psql(cluster.url("maildb")))
    lock_timeout(client, psql, report)
    interrupt(cluster, client, psql, report)
    halves_of_a_loop(cluster, client, psql, report)
    by_hand(cluster, client, psql, report)
    at_once(cluster, client, report)
