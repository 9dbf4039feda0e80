# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same server with its database in PostgreSQL.

Owns: PostgreSQL on the mail server itself, where daemons log in as the system
users that they are.
"""

import faults
import readme
import snapshot
import world
from machine import PATIENCE
from proc import wait_until
from server import Server

CHAPTER = "PostgreSQL"
CLUSTER = "/etc/postgresql/*/main"
RELOADED = "; runuser -u postgres -- psql -qAtc 'SELECT pg_reload_conf()'"
FAULTS = (
    faults.Fault("database_peer", "sed -i '/^local.*map=maildb/d' "
                 f"{CLUSTER}/pg_hba.conf{RELOADED}"),
    # a line that stands too low decides nothing
    faults.Fault("database_peer", f"cd {CLUSTER}; "
                 "sed -i '/^local.*map=maildb/{H;d};${p;x}' pg_hba.conf"
                 + RELOADED),
    faults.Fault("database_peer", "sed -i '/^maildb *dovecot/d' "
                 f"{CLUSTER}/pg_ident.conf{RELOADED}"),
    faults.without("auth_worker_user", "service auth-worker"),
)


class Database(Server):
    """A machine with PostgreSQL, as Debian's package made it."""

    def psql(self, sql, database="maildb"):
        return self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d",
                        database, "-c", sql, user="postgres")

    def start_cluster(self):
        self.service("postgresql", "start")
        wait_until(lambda: self.ask("psql", "-c", "SELECT 1", "postgres",
                                    user="postgres").returncode == 0,
                   f"PostgreSQL of {self.name}", PATIENCE)


def type_commands(server, report, lines):
    """Types lines of README; what they printed."""
    printed = ""
    for line in lines:
        done = server.ask("/bin/sh", "-c", line)
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
        done = server.ask("mailcfg", "setup")
        report.same("setup again changes nothing",
                    (done.returncode, done.stdout, done.stderr), (0, "", ""))
        server.run("mailcfg", "setup", "--undo")
        report.same("setup --undo leaves no difference",
                    snapshot.differences(before, snapshot.take(server)), [])
        done = server.ask("psql", "-U", "maildb_postfix", "-c", "SELECT 1",
                          "maildb", user="postfix")
        report.check("and PostgreSQL has read its files again",
                     done.returncode != 0, done.stdout)
        server.run("mailcfg", "-d", "postgresql:///maildb", "setup")
        for fault in FAULTS:
            faults.plant(server, report, fault)
        if release.number != "12":
            check_words(server, report, person)


def check_restart(server, person):
    """A restart of PostgreSQL loses no mail."""
    server.service("postgresql", "restart")
    server.start_cluster()
    ident = person.ident()

    def taken():
        return server.deliver(world.BOB, ident).startswith("2")

    # Postfix before 3.9 avoids a server for a minute after it was away
    wait_until(taken, "mail after the restart of PostgreSQL", PATIENCE)
    person.has(world.BOB, ident)


def check_words(server, report, person):
    """A value of several words in the URL; Dovecot 2.3 cannot have one."""
    url = "postgresql:///maildb?application_name=the%20mail%20server"
    done = server.ask("mailcfg", "-d", url, "setup")
    report.check("setup with a value of several words", done.returncode == 0,
                 done.stdout + done.stderr)
    report.same("a login then", server.login(
        "imap", world.BOB, person.passwords[world.BOB]), "OK")
    report.same("and Dovecot has sent it", server.psql(
        "SELECT DISTINCT application_name FROM pg_stat_activity "
        "WHERE usename = 'maildb_dovecot'"), "the mail server\n")
