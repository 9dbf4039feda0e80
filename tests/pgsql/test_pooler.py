# SPDX-License-Identifier: LGPL-2.1-or-later
"""pgbouncer between mailcfg and the server, which lends sessions."""

import os
import pwd
import shutil

from client import UNUSABLE, Client
from cluster import Cluster
from proc import Child, Failure, accepts, free_port, need, run as run_program

STATE = ("SELECT current_setting('search_path') || ' ' || "
         "current_setting('default_transaction_read_only') || ' ' || "
         "current_setting('lock_timeout') || ' ' || "
         "(SELECT count(*) FROM pg_prepared_statements)")


class Pooler:
    def __init__(self, top, ends, cluster, mode, size=1):
        account = pwd.getpwnam("postgres")
        self.port, self.cluster = free_port(), cluster
        place = f"{top}/{mode}{size}"
        os.mkdir(place)
        with open(f"{place}/ini", "w", encoding="utf-8") as out:
            out.write(f"""\
[databases]
maildb = host=127.0.0.1 port={cluster.port} dbname=maildb user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
server_reset_query =
""")
        program = shutil.which("pgbouncer")
        if program is None:
            raise Failure("not installed: pgbouncer")
        child = Child(mode, [program, f"{place}/ini"], f"{place}/log",
                      user=account.pw_uid, group=account.pw_gid,
                      extra_groups=[])
        ends.callback(child.stop)
        child.wait_ready(lambda: accepts(self.port), "no open port")

    def client(self, *options):
        return Client(self.cluster.url("maildb", port=self.port), *options)

    def state(self):
        """What somebody else finds who is lent the same session."""
        return run_program(["psql", "-qAtX", "-d", self.cluster.url(
            "maildb", port=self.port), "-c", STATE]).strip()


def run(top, ends, report, everything):
    need("psql", "pgbouncer")
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    Client(cluster.url("maildb")).must("init")
    for size in (1, 5):
        pooler = Pooler(top, ends, cluster, "transaction", size)
        before = pooler.state()
        for command in (["lsdom"], ["adddom", "new.example"]):
            done = pooler.client().run(*command)
            report.check(f"sessions for a transaction, {size}: {command[0]}",
                         done.returncode == UNUSABLE
                         and "pool_mode = session" in done.stderr,
                         done.stdout + done.stderr)
            report.same("and nothing is left in it", pooler.state(), before)
    report.same("nothing was done", Client(cluster.url("maildb")).must(
        "lsdom"), "")
    for size in (1, 5):
        pooler = Pooler(top, ends, cluster, "session", size)
        before = pooler.state()
        name = f"new{size}.example"
        report.check(f"a whole session, {size}", name in
                     pooler.client().must("adddom", name))
        report.check("which is read", name in pooler.client().must("lsdom"))
        report.same("and left as it was", pooler.state(), before)
    done = pooler.client().run("import", "postfixadmin", pooler.client(
        ).argv[2])
    report.check("a database of others is reached through it",
                 "no table of postfixadmin" in done.stderr, done.stderr)
