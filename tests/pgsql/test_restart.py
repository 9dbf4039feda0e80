# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that is ended and started again, at once and under load."""

import threading
import time

from client import DONE, HASH, UNKNOWN, UNUSABLE, Client
from proc import wait_until
from cluster import Cluster, Psql

WRITERS = 3


class Writer(threading.Thread):
    """Adds one user after another and keeps what it was told."""

    def __init__(self, client, number):
        super().__init__()
        self.client, self.number = client, number
        self.told = {DONE: set(), UNUSABLE: set(), UNKNOWN: set()}
        self.odd = []
        self.stopping = threading.Event()

    def run(self):
        i = 0
        while not self.stopping.is_set():
            address = f"w{self.number}.{i}@example.org"
            i += 1
            done = self.client.run("adduser", "--hash", HASH, address)
            if done.returncode not in self.told:
                self.odd.append((address, done.returncode, done.stderr))
            elif (done.returncode == DONE) != bool(done.stdout):
                self.odd.append((address, done.returncode, done.stdout))
            else:
                self.told[done.returncode].add(address)


def under_load(cluster, client, report, restarts):
    """Every acknowledged user is there, no failed one is."""
    writers = [Writer(client, n) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for i in range(restarts):
            time.sleep(0.05 * (i % 7))  # at different moments of their work
            before = sum(len(w.told[DONE]) for w in writers)
            cluster.crash()
            for _ in range(200):
                if sum(len(w.told[DONE]) for w in writers) > before:
                    break
                time.sleep(0.05)
    finally:
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()
    there = set(cluster.sql(
        "SELECT a.localpart || '@' || a.domain FROM maildb.mailbox m "
        "JOIN maildb.address a ON a.id = m.address_id", "maildb").split())
    told = {code: set().union(*(w.told[code] for w in writers))
            for code in (DONE, UNUSABLE, UNKNOWN)}
    odd = [one for w in writers for one in w.odd]
    print(f"# {restarts} restarts: {len(told[DONE])} done, "
          f"{len(told[UNUSABLE])} failed, {len(told[UNKNOWN])} unknown")
    report.check("users were added between restarts",
                 len(told[DONE]) >= restarts)
    report.check("commands failed by restarts", told[UNUSABLE])
    report.same("acknowledged, but not there", told[DONE] - there, set())
    report.same("failed, but there", told[UNUSABLE] & there, set())
    report.same("other exit codes", odd, [])
    report.same("half of a user", cluster.sql(
        "SELECT count(*) FROM maildb.address a LEFT JOIN maildb.mailbox m "
        "ON m.address_id = a.id WHERE (m.address_id IS NULL) <> (a.final = 0)",
        "maildb"), "0")
    report.same("every user is in the journal once", cluster.sql(
        "SELECT count(*) FROM (SELECT key FROM maildb.journal "
        "WHERE object = 'user' AND op = 'add' GROUP BY key "
        "HAVING count(*) = 1) j JOIN maildb.address a "
        "ON a.localpart || '@' || a.domain = j.key", "maildb"),
        str(len(there)))


def terminated(cluster, client, report, times):
    """An administrator ends our backend in the middle of a batch."""
    batch = "".join(f"adduser --hash '{HASH}' t{i}@example.org\n"
                    for i in range(400))
    ended = 0
    with Psql(cluster.url("maildb")) as psql:
        for i in range(times):
            results = []
            worker = threading.Thread(target=lambda out=results: out.append(
                client.run("-f", "-", text=batch)))
            worker.start()
            # in the midst of it, however slow the machine is
            wait_until(lambda: not worker.is_alive() or psql(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name"
                " = 'mailcfg' AND backend_xid IS NOT NULL;") != "0",
                       "a client that writes", 60)
            time.sleep(0.01 * (i % 5))
            hit = psql("SELECT count(pg_terminate_backend(pid)) FROM "
                       "pg_stat_activity WHERE application_name = 'mailcfg';")
            worker.join()
            code = results[0].returncode
            count = psql("SELECT count(*) FROM maildb.address "
                         "WHERE localpart LIKE 't%';")
            if code == DONE:
                good = count == "400"
            else:
                good = count == "0" and not results[0].stdout
                ended += hit != "0"
            report.check(f"backend ended, {i}: all or nothing", good,
                         f"exit {code}, {count} there\n{results[0].stderr}")
            psql("DELETE FROM maildb.address WHERE localpart LIKE 't%';")
    report.check("some were ended", ended)


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    client = Client(cluster.url("maildb"))
    client.must("init")
    client.must("adddom", "example.org")
    under_load(cluster, client, report, 200 if everything else 6)
    terminated(cluster, client, report, 50 if everything else 8)
