# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network that swallows packets, and a server that never answers.

In a network of our own, where packets to the server's port can be dropped.
Nothing here may wait for ever; how long it takes is not measured.  Where only
a signal may end mailcfg, its timeout is longer than the test waits.
"""

import ctypes
import os
import signal
import socket
import subprocess
import threading

from client import INTERRUPTED, UNUSABLE, Client
from cluster import Cluster, Psql
from proc import Failure, free_port, need, run as run_program, wait_until

CLONE_NEWNET = 0x40000000
NEVER = "86400"     # seconds, as a timeout
PATIENCE = 120      # seconds that a test waits for an end
TABLE = "inet maildb_test"


def enter_network(ends):
    """Gives this thread, and what it starts, a network of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Failure("no network namespace: " + os.strerror(
            ctypes.get_errno()))

    def leave():
        libc.setns(before, CLONE_NEWNET)
        os.close(before)
    ends.callback(leave)
    run_program(["ip", "link", "set", "lo", "up"])
    run_program(["nft", f"add table {TABLE}"])
    run_program(["nft", f"add chain {TABLE} in "
                 "{ type filter hook input priority 0 ; }"])


class Hole:
    """Packets to and from a port are dropped inside "with"."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        for way in ("dport", "sport"):
            run_program(["nft", f"add rule {TABLE} in tcp {way} {self.port} "
                         "drop"])

    def __exit__(self, *ignored):
        run_program(["nft", f"flush chain {TABLE} in"])


class Frozen:
    """A line to the server that, once frozen, takes connections and octets
    and passes nothing on, in either direction."""

    def __init__(self, server):
        self.server, self.frozen = server, False
        self.port = free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.server))
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self.relay, args=ends,
                                 daemon=True).start()

    def relay(self, source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not self.frozen and not data:
                    break
                if not self.frozen:
                    sink.sendall(data)
                elif not data:
                    return
        except OSError:
            pass
        sink.close()


def finish(child):
    """What a client said, and its exit status; it must end by itself."""
    try:
        out, err = child.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return "", "it never ended", None
    return out, err, child.returncode


class Writer:
    """A client that waits for the lock of another writer."""

    def __init__(self, cluster, url, seconds):
        self.other = Psql(cluster.url("maildb"))
        self.other("BEGIN; SELECT pg_advisory_xact_lock(1835100524);")
        self.child = Client(url, "--timeout", seconds).start(
            "adddom", "new.example")
        wait_until(lambda: cluster.sql(
            "SELECT count(*) FROM pg_locks WHERE NOT granted") == "1",
            "a client that waits for a lock")

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.other("ROLLBACK;")
        self.other.__exit__()


def swallowed(cluster, report):
    """Packets are dropped."""
    url = cluster.url("maildb")
    with Hole(cluster.port):
        _, err, status = finish(Client(url, "--timeout", "1").start("lsdom"))
        report.same("connecting ends at the timeout", status, UNUSABLE)
        child = Client(url, "--timeout", NEVER).start("lsdom")
        wait_until(lambda: syn_sent(child.pid, cluster.port), "a client")
        child.send_signal(signal.SIGINT)
        _, err, status = finish(child)
        report.check("one signal ends a connection being made",
                     status == INTERRUPTED, err)
    with Writer(cluster, url, "3") as writer, Hole(cluster.port):
        out, err, status = finish(writer.child)
    report.check("a statement ends at the timeout",
                 status == UNUSABLE and not out, err)
    for number in (signal.SIGINT, signal.SIGTERM):
        with Writer(cluster, url, NEVER) as writer, Hole(cluster.port):
            writer.child.send_signal(number)
            out, err, status = finish(writer.child)
        report.check(f"one {number.name} ends a statement",
                     status == INTERRUPTED and not out, err)
    report.same("and nothing was done", Client(url).must("lsdom"), "")


def syn_sent(pid, port):
    """Whether a process of this network tries to connect to a port."""
    with open("/proc/thread-self/net/tcp", encoding="ascii") as table:
        rows = [row.split() for row in table][1:]
    return any(row[2].endswith(f":{port:04X}") and row[3] == "02"
               for row in rows)


def silent(cluster, report):
    """Everything is taken, and nothing answered."""
    line = Frozen(cluster.port)
    url = cluster.url("maildb", port=line.port)
    with Writer(cluster, url, "2") as writer:
        line.frozen = True
        out, err, status = finish(writer.child)
    report.check("a server that falls silent is given up",
                 status == UNUSABLE and not out, err)
    _, err, status = finish(Client(url, "--timeout", "1").start("lsdom"))
    report.check("one that never spoke as well", status == UNUSABLE, err)
    line.frozen = False
    cluster.sql("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN PERFORM pg_sleep(6); RETURN NEW; END $$; "
                "CREATE TRIGGER slow BEFORE INSERT ON maildb.domain "
                "FOR EACH ROW EXECUTE FUNCTION slow()", "maildb")
    out, err, status = finish(Client(url, "--timeout", "1").start(
        "adddom", "slow.example"))
    report.check("a slow statement of a living server is waited for",
                 status == 0 and "slow.example" in out, err)
    cluster.sql("DROP FUNCTION slow CASCADE", "maildb")


def run(top, ends, report, everything):
    need("ip", "nft")
    if os.geteuid() != 0:
        raise Failure("root is needed for a network of our own")
    enter_network(ends)
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    Client(cluster.url("maildb")).must("init")
    swallowed(cluster, report)
    silent(cluster, report)
