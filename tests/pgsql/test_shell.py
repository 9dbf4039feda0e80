# SPDX-License-Identifier: LGPL-2.1-or-later
"""mailcfg's shell on one connection, which the server ends meanwhile."""

import json
import subprocess

from client import Client
from cluster import Cluster


class Shell:
    """A shell that answers each line with an object."""

    def __init__(self, client):
        self.child = subprocess.Popen(
            [*client.argv, "-j", "--keep-going", "shell"], env=client.env,
            text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def __call__(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def end(self):
        """What it said besides, and its exit status."""
        return self.child.communicate(timeout=60)[1], self.child.returncode


def code(answer):
    return answer.get("error", {}).get("code")


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    client = Client(cluster.url("maildb"))
    client.must("init")
    shell = Shell(client)

    def end_backend():
        cluster.sql("SELECT pg_terminate_backend(pid, 10000) FROM "
                    "pg_stat_activity WHERE application_name = 'mailcfg'")

    shell("begin")
    shell("adddom kept.example")
    report.same("a command fails in a transaction",
                code(shell("adduser x@nowhere.example --no-password")),
                "no_such_domain")
    report.same("which goes on without it", [
        code(shell("adduser x@kept.example --no-password")),
        shell("commit").get("message")], [None, "committed"])
    report.same("and is committed", client.must("lsuser"),
                "x@kept.example\n")
    shell("begin")
    shell("adddom lost.example")
    end_backend()
    report.same("a lost connection is told", code(shell("lsdom")), "db_lost")
    report.same("the next command has a new one",
                [d["name"] for d in shell("lsdom")["domains"]],
                ["kept.example"])
    report.same("but no transaction", code(shell("commit")), "usage")
    end_backend()
    report.same("without a transaction a change makes a new one itself",
                code(shell("adddom again.example")), None)
    said, status = shell.end()
    report.check("it said that the transaction was gone",
                 "the transaction is gone with the connection" in said, said)
    report.same("the status says that some lines failed", status, 6)
