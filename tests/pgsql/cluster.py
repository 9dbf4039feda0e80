# SPDX-License-Identifier: LGPL-2.1-or-later
"""PostgreSQL clusters of our own, to be hurt.

Owns: a data directory each, on 127.0.0.1, run as user postgres and ended by
the process id that the server keeps there; a psql that stays, for many small
questions.
"""

import os
import pwd
import subprocess

from proc import Failure, free_port, run, wait_until

CONF = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
max_connections = 60
restart_after_crash = on
log_line_prefix = '%m [%p] %u '
"""
BASE = "/usr/lib/postgresql"


def bindir():
    versions = os.listdir(BASE) if os.path.isdir(BASE) else []
    if not versions:
        raise Failure(f"not installed: PostgreSQL (nothing in {BASE})")
    return os.path.join(BASE, max(versions, key=float), "bin")


class Cluster:
    def __init__(self, top, name, ends):
        account = pwd.getpwnam("postgres")
        self.top = f"{top}/{name}"
        self.data = f"{self.top}/data"
        self.port = free_port()
        self.identity = {"user": account.pw_uid, "group": account.pw_gid,
                         "extra_groups": [], "cwd": self.top,
                         "env": {"PATH": os.environ["PATH"],
                                 "LC_ALL": "C.UTF-8"}}
        os.mkdir(self.top)
        os.chown(self.top, account.pw_uid, account.pw_gid)
        ends.callback(self.end)

    def program(self, name, *args):
        return run([f"{bindir()}/{name}", *args], **self.identity)

    def make(self, *conf):
        self.program("initdb", "-D", self.data, "-U", "postgres", "-A",
                     "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.configure(CONF, *conf)
        return self

    def make_replica(self, primary):
        """A copy of a running cluster that follows it."""
        self.program("pg_basebackup", "-D", self.data, "-R", "-X", "stream",
                     "-c", "fast", "-d", f"host=127.0.0.1 port={primary.port} "
                     "user=postgres application_name=replica")
        self.configure()
        return self

    def configure(self, *conf):
        with open(f"{self.data}/postgresql.conf", "a",
                  encoding="utf-8") as out:
            out.write("".join(conf) + f"port = {self.port}\n")

    def ctl(self, *args):
        self.program("pg_ctl", "-s", "-w", "-t", "60", "-D", self.data,
                     "-l", f"{self.top}/log", *args)

    def start(self):
        self.ctl("start")
        return self

    def stop(self, mode="fast"):
        self.ctl("-m", mode, "stop")

    def crash(self):
        """Ends all server processes at once, and starts again."""
        self.ctl("-m", "immediate", "restart")

    def end(self):
        if os.path.exists(f"{self.data}/postmaster.pid"):
            self.stop("immediate")

    def url(self, database, user="postgres", port=None):
        """Without TLS, which only adds noise to what goes over the line."""
        return (f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"
                "?sslmode=disable&gssencmode=disable")

    def sql(self, text, database="postgres", user="postgres"):
        """What psql prints for a script; Failure at its first error."""
        return run([f"{bindir()}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1",
                    "-d", self.url(database, user), "-c", text],
                   env=self.identity["env"]).strip()


class Psql:
    """One session that stays open; errors are part of the answer."""

    END = "<the end of this answer>"

    def __init__(self, url, *args):
        self.popen = subprocess.Popen(
            [f"{bindir()}/psql", "-qAtX", "-d", url, *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1)

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait()

    def __call__(self, sql):
        self.popen.stdin.write(f"{sql}\n\\echo {self.END}\n")
        lines = []
        for line in self.popen.stdout:
            if line.rstrip("\n") == self.END:
                return "\n".join(lines)
            lines.append(line.rstrip("\n"))
        raise Failure("psql has ended: " + "\n".join(lines))


def wait_for_streaming(primary):
    wait_until(lambda: primary.sql(
        "SELECT count(*) FROM pg_stat_replication "
        "WHERE state = 'streaming'") == "1", "a replica that follows")
