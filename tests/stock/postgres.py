# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same server with its database in PostgreSQL.

Owns: PostgreSQL on the mail server itself, where daemons log in as the system
users that they are.
"""

import faults
import readme
import snapshot
import world
from proc import wait_until
from server import Server

CHAPTER = "PostgreSQL"


class Database(Server):
    """A machine with PostgreSQL, as Debian's package made it."""

    def psql(self, sql, database="maildb"):
        return self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d",
                        database, "-c", sql, user="postgres")

    def start_cluster(self):
        self.service("postgresql", "start")
        wait_until(lambda: self.ask("psql", "-c", "SELECT 1", "postgres",
                                    user="postgres").returncode == 0,
                   f"PostgreSQL of {self.name}", 30)


def type_commands(server, report, lines):
    """Types lines of README; what they printed."""
    printed = ""
    for line in lines:
        done = server.ask("/bin/sh", "-c", line, seconds=180)
        report.check(f"README: {line}", done.returncode == 0,
                     f"{done.stdout}{done.stderr}\n{server.log.tail()}")
        printed += done.stdout
    return printed


def check_peer(release, report):
    """PostgreSQL on the mail server."""
    with release.server(Database, extra=True, number=5) as server:
        server.start_cluster()
        server.boot()
        before = snapshot.take(server)
        first = readme.commands(release.tree.read("README"), CHAPTER)
        rest = [line for line in release.commands if line != "mailcfg setup"]
        type_commands(server, report, first)
        alice = release.password(type_commands(server, report, rest))
        faults.sound(server, report, "on PostgreSQL")
        world.build(server)
        person = world.Person(server, report, alice)
        world.check_all(person, (
            world.check_logins, world.check_mail, world.check_senders,
            world.check_at_once, world.check_quota))
        check_restart(server, person)
        faults.sound(server, report, "on PostgreSQL with users and mail")
        done = server.ask("mailcfg", "setup", seconds=180)
        report.same("setup again changes nothing",
                    (done.returncode, done.stdout, done.stderr), (0, "", ""))
        server.run("mailcfg", "setup", "--undo", seconds=180)
        report.same("setup --undo leaves no difference",
                    snapshot.differences(before, snapshot.take(server)), [])


def check_restart(server, person):
    """A restart of PostgreSQL loses no mail."""
    server.service("postgresql", "restart")
    server.start_cluster()
    ident = person.ident()

    def taken():
        return server.deliver(world.BOB, ident).startswith("2")

    # Postfix before 3.9 avoids a server for a minute after it was away
    wait_until(taken, "mail after the restart of PostgreSQL", 90)
    person.has(world.BOB, ident)
