# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows 12 and 13: many writers at once, and passwords hashed meanwhile."""

import os
import signal
import time

from base import FLOOR, MAILCFG, WRITER, quiet, say, sqlite, start, timed

READERS = 2


class Writers:
    def write(self, path, writers, count):
        """Adds users by so many processes at once, beside readers: users a
        second, how many were refused, the longest wait in ms."""
        query = ("SELECT address FROM postfix_mailbox WHERE domain ="
                 " 'bench.example' AND localpart = 'r%d'")
        readers = [start([FLOOR, "look", query, path, str(10 ** 9)])
                   for _ in range(READERS)]
        try:
            words = quiet([WRITER, path, str(writers), str(count),
                           f"w{self.next()}w"]).split()
        finally:
            ended = [self.end_reader(pid) for pid in readers]
        added, refused = int(words[0]), int(words[1])
        return (added / float(words[2]), refused, float(words[3]) * 1000,
                sum(not well for well in ended))

    @staticmethod
    def end_reader(pid):
        """Ends a reader; whether it was still reading."""
        done, _ = os.waitpid(pid, os.WNOHANG)
        if done == 0:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return done == 0

    def fresh(self):
        """A database without users, and so with a short log."""
        self.written = os.path.join(self.directory, f"w{self.next()}.db")
        self.mailcfg("init", database=self.written)
        self.mailcfg("adddom", "bench.example", database=self.written)
        return self.written

    def users(self):
        return int(sqlite(self.written, "SELECT count(*) FROM mailbox"))

    def row_12(self):
        many, count, ratios, waits = 16, 10, [], []
        refused = broken = there = 0
        for _ in range(3):
            crowd = self.write(self.fresh(), many, count)
            there += self.users()
            alone = self.write(self.fresh(), 1, many * count)
            there += self.users()
            ratios.append(crowd[0] / alone[0])
            waits.append(crowd[2])
            refused += crowd[1] + alone[1]
            broken += crowd[3] + alone[3]
        self.show("12", ">= 0.75", ratios,
                  f"rate of {many} writers / of one, beside {READERS} readers")
        self.show("12", "<= 250", waits, "ms, the longest wait of a writer")
        say("12", 6 * many * count - refused - there, "0", "users lost")
        say("12", refused, "0", "users refused")
        say("12", broken, "0", "readers that failed")
        # Readers who never pause keep the log from being begun anew.
        self.write(self.fresh(), many, 30)
        late = [self.write(self.written, 1, 20)[0] for _ in range(3)]
        self.show("12", "-", [rate / alone[0] for rate in late],
                  "rate of one writer when the log is long / short")

    def row_13(self):
        secret = os.path.join(self.directory, "password")
        with open(secret, "w", encoding="utf-8") as out:
            out.write("correct horse battery\n")
        self.show("13", "<= 1.1", self.pairs(
            lambda: self.mailcfg("adduser", f"h{self.next()}@bench.example",
                                 "--password-file", secret),
            lambda: self.floor("addhash", self.database,
                               f"k{self.next()}@bench.example"), 10),
            "adduser with a password / a hash, its check, a durable insert")
        cores = len(os.sched_getaffinity(0))
        each = 20

        def hashes():
            begun = time.perf_counter()
            for pid in [start([FLOOR, "hash", str(each)])
                        for _ in range(cores)]:
                os.waitpid(pid, 0)
            return time.perf_counter() - begun

        def users():
            """A CSV file of clear-text passwords."""
            path = os.path.join(self.directory, "users.csv")
            tag = self.next()
            with open(path, "w", encoding="utf-8") as out:
                out.write("email,password\n")
                for n in range(cores * each):
                    out.write(f"c{tag}x{n}@bench.example,correct horse "
                              f"battery {n}\n")
            return path

        def load():
            path = users()
            begun = time.perf_counter()
            timed([MAILCFG, "-d", self.database, "import", "csv", path])
            return time.perf_counter() - begun
        self.show("13", ">= 0.9", self.pairs(hashes, load, 5),
                  f"rate of import with passwords / of crypt on {cores} cores")
        pid = start([MAILCFG, "-d", self.database, "import", "csv", users()])
        waits = []
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            waits.append(self.write(self.database, 1, 20)[2])
        say("13", f"{max(waits):.0f}", "<= 250",
            "ms, the longest wait of a writer beside it")
