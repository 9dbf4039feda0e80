# SPDX-License-Identifier: LGPL-2.1-or-later
"""Row 14: a command on PostgreSQL, by its socket, in a cluster of our own."""

import os
import subprocess
import sys

from base import HASH, MAILCFG, PGFLOOR, TESTS, say, timed

sys.path[:0] = [os.path.join(TESTS, "support"), os.path.join(TESTS, "pgsql")]


class Postgres:
    made = None

    def cluster(self):
        if self.made is None:
            from cluster import Cluster
            os.chmod(self.directory, 0o755)
            sockets = os.path.join(self.directory, "pg")
            self.made = Cluster(self.directory, "pg", self.ends).make(
                f"unix_socket_directories = '{sockets}'\n").start()
        return self.made

    def pgsql_url(self, database):
        return (f"postgresql:///{database}?user=postgres&port="
                f"{self.cluster().port}&host={self.directory}/pg")

    @property
    def pgfloor(self):
        """Runs pgfloor; NULL when it was not built."""
        if not os.path.exists(PGFLOOR):
            return None
        return lambda *words: timed([PGFLOOR, *map(str, words)])

    def trips(self, url, *words):
        """How often a command waits for the server once it is connected."""
        trace = os.path.join(self.directory, "trace")
        subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=sendto",
                        MAILCFG, "-d", url, *words], check=True,
                       stdout=subprocess.DEVNULL)
        with open(trace, encoding="utf-8") as lines:
            # The first says who wants to connect, the last that it goes.
            return sum("sendto(" in line for line in lines) - 2

    def row_14(self):
        if self.pgfloor is None:
            print(" 14  built without PostgreSQL")
            return
        self.cluster().sql("CREATE DATABASE bench")
        url = self.pgsql_url("bench")
        self.mailcfg("init", database=url)
        self.mailcfg("adddom", "bench.example", database=url)
        self.show("14", "<= 1.2", self.pairs(
            lambda: self.mailcfg("lsdom", database=url),
            lambda: self.pgfloor(url, "SELECT 1"), 40),
            "lsdom on PostgreSQL / connect and one query")
        say("14", self.trips(url, "adduser", "t@bench.example", "--hash",
                             HASH), "1", "round trips of adduser")
        say("14", self.trips(url, "lsdom"), "1", "round trips of lsdom")
        count = 200

        def single():
            return sum(self.mailcfg(
                "adduser", f"s{self.next()}@bench.example", "--hash", HASH,
                database=url) for _ in range(10)) * count / 10

        def batch():
            tag = self.next()
            return self.mailcfg("-q", "-f", "-", database=url, text="".join(
                f"adduser b{tag}x{n}@bench.example --hash '{HASH}'\n"
                for n in range(count)))
        self.show("14", ">= 25", self.pairs(single, batch, 5),
                  f"{count} single commands / one batch of them")
