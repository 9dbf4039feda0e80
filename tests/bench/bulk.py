# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows 5 to 9: very many users at once, by import, apply and export."""

import contextlib
import json
import os
import random
import subprocess
import sys

from base import BUILD, HASH, MAILCFG, PGFLOOR, TESTS, timed

PEAK = os.path.join(BUILD, "tests/state/peak")
HASH_TEXT = HASH.replace("{CRYPT}", "{SHA512-CRYPT}")  # as import keeps it


class Bulk:
    rows = int(os.environ.get("BENCH_ROWS", "100000"))
    files = None

    def many(self):
        """Files of users and of an alias for each, in order and shuffled."""
        if self.files:
            return self.files
        users = [f"u{n:07}@bench.example" for n in range(self.rows)]
        tables = {
            "users": ["email,hash"] + [f"{user},{HASH_TEXT}"
                                       for user in users],
            "aliases": ["source,destination"] + [f"v{user[1:]},{user}"
                                                 for user in users],
            "state": ['{"domain": "bench.example"}']
            + [json.dumps({"user": user, "hash": HASH_TEXT})
               for user in users]
            + [json.dumps({"alias": f"v{user[1:]}", "targets": [user]})
               for user in users]}
        self.files = {}
        for name, lines in tables.items():
            self.files[name] = self.write(name, lines)
            rest = lines[1:]
            random.Random(1).shuffle(rest)
            self.files[name + " shuffled"] = self.write(
                name + "-shuffled", lines[:1] + rest)
        return self.files

    def write(self, name, lines):
        path = os.path.join(self.directory, name + (
            ".jsonl" if name.startswith("state") else ".csv"))
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def fresh(self, name="many.db"):
        path = os.path.join(self.directory, name)
        for suffix in ("", "-wal", "-shm", "-boot"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
        self.mailcfg("init", database=path)
        self.mailcfg("adddom", "bench.example", database=path)
        return path

    def row_5(self):
        files = self.many()

        def bulk():
            path = self.fresh()
            return self.floor("bulk", path, self.rows)

        def load(kind=""):
            path = self.fresh()
            return self.mailcfg("import", "csv", files["users" + kind],
                                files["aliases" + kind], database=path)
        self.show("5", ">= 0.85", self.pairs(bulk, load, 3),
                  f"rows/s of import, {self.rows} users and aliases in order,"
                  " / prepared statements")
        self.show("5", ">= 0.60", self.pairs(bulk, lambda: load(" shuffled"), 3),
                  "the same shuffled")

    def row_6(self):
        """PostgreSQL, in a cluster of our own."""
        if not os.path.exists(PGFLOOR):
            print("  6  built without PostgreSQL")
            return
        sys.path[:0] = [os.path.join(TESTS, "support"),
                        os.path.join(TESTS, "pgsql")]
        from cluster import Cluster, bindir
        os.chmod(self.directory, 0o755)
        files = self.many()
        count = self.rows
        tables = {
            "address (id, domain, localpart)":
            [f"{n + 1}\tbench.example\tu{n:07}" for n in range(count)]
            + [f"{count + n + 1}\tbench.example\tv{n:07}"
               for n in range(count)],
            "mailbox (address_id, password)":
            [f"{n + 1}\t{HASH_TEXT}" for n in range(count)],
            "target (address_id, dest, may_send)":
            [f"{count + n + 1}\tu{n:07}@bench.example\t1"
             for n in range(count)]}
        script = ["BEGIN;", "SET search_path = maildb, pg_temp;"]
        for n, (table, lines) in enumerate(tables.items()):
            path = self.write(f"copy{n}", lines)
            script.append(f"\\copy {table} FROM '{path}'")
        script = self.write("script", script + ["COMMIT;"])
        with contextlib.ExitStack() as ends:
            cluster = Cluster(self.directory, "bulk", ends).make().start()

            def database():
                cluster.sql("DROP DATABASE IF EXISTS bulk")
                cluster.sql("CREATE DATABASE bulk")
                url = cluster.url("bulk")
                self.mailcfg("init", database=url)
                self.mailcfg("adddom", "bench.example", database=url)
                return url

            def copy():
                return timed([f"{bindir()}/psql", "-qX", "-v",
                              "ON_ERROR_STOP=1", "-d", database(), "-f",
                              script])

            def load():
                return self.mailcfg("import", "csv", files["users"],
                                    files["aliases"], database=database())
            self.show("6", ">= 0.75", self.pairs(copy, load, 3),
                      "rows/s of import / COPY into the same tables")
            self.show_peak("8", 16, "import, PostgreSQL", lambda: [
                "-d", database(), "import", "csv", files["users"],
                files["aliases"]])

    def row_7(self):
        files = self.many()
        path = self.fresh()
        self.mailcfg("apply", files["state"], database=path)
        for kind, goal in (("", "<= 2.0"), (" shuffled", "<= 3.5")):
            self.show("7", goal, self.pairs(
                lambda k=kind: self.mailcfg("apply", files["state" + k],
                                            database=path),
                lambda: self.floor("diff", path), 3),
                f"apply of the unchanged state{kind} / reading all users")

    def row_8(self):
        files = self.many()
        path = self.fresh()
        for what, words in (
                ("import", ["import", "csv", files["users"],
                            files["aliases"]]),
                ("import again", ["import", "csv", files["users"],
                                  files["aliases"]]),
                ("apply", ["apply", files["state"]]),
                ("export", ["export", "jsonl", "--secrets"]),
                ("lsuser", ["lsuser"])):
            self.show_peak("8", 12, what, lambda w=words: ["-d", path, *w])

    @staticmethod
    def show_peak(row, goal, what, words):
        """The greatest memory of one run."""
        done = subprocess.run([PEAK, MAILCFG, *words()], text=True, check=True,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              stdout=subprocess.DEVNULL)
        peak = int(done.stderr.split()[-1]) / 1024
        print(f"{row:>3}  {peak:7.2f}"
              f"  goal <= {goal} MiB    peak of {what}", flush=True)

    def row_9(self):
        files = self.many()
        path = self.fresh()
        self.mailcfg("import", "csv", files["users"], files["aliases"],
                     database=path)
        query = ("SELECT a.*, m.* FROM address a JOIN mailbox m"
                 " ON m.address_id = a.id ORDER BY a.domain, a.localpart")
        for name, mode, goal in (("csv", "-csv", "<= 1.0"),
                                 ("json", "-json", "<= 0.7")):
            self.show("9", goal, self.pairs(
                lambda n=name: self.mailcfg("--format", n, "lsuser", "--long",
                                            database=path),
                lambda m=mode: timed(["sqlite3", m, path, query]), 3),
                f"lsuser --long as {name} / sqlite3 {mode} of the same rows")
