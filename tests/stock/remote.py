# SPDX-License-Identifier: LGPL-2.1-or-later
"""A mail server whose database is on two other machines, reached by TLS.

Owns: a primary and its replica, made as docs/postgresql.md says, and what
happens to mail and logins while one of them has vanished: no packet of its
comes or goes, and no connection is told so.
"""

import contextlib

import faults
import world
from clients import brief
from machine import PATIENCE
from postgres import Database
from proc import wait_until

PRIMARY, REPLICA = "192.0.2.6", "192.0.2.7"
URL = f"postgresql://ann@{PRIMARY},{REPLICA}/maildb?sslmode=require"
SECRETS = {"ann": "secret of ann", "replicator": "secret of the replica",
           "maildb_postfix": "secret of Postfix",
           "maildb_dovecot": "secret of Dovecot"}
HBA = """\
hostssl maildb ann,maildb_postfix,maildb_dovecot 192.0.2.0/24 scram-sha-256
hostssl replication replicator 192.0.2.0/24 scram-sha-256
"""
# where "mailcfg maps" and "setup" look for a daemon's password
PASSFILES = {"postfix": "/etc/postfix/maildb/passfile",
             "dovecot": "/etc/dovecot/maildb/passfile"}


FAULTS = (
    faults.Fault("database_passfiles", f"chmod 0640 {PASSFILES['postfix']}",
                 mend=f"chmod 0600 {PASSFILES['postfix']}"),
    faults.Fault("database_passfiles", f"chown root {PASSFILES['dovecot']}",
                 mend=f"chown dovecot {PASSFILES['dovecot']}"),
)


def open_cluster(server):
    """Lets Debian's cluster, which has TLS already, be reached by others."""
    where = server.shell("echo /etc/postgresql/*/main").strip()
    server.write(f"{where}/conf.d/maildb.conf", "listen_addresses = '*'\n",
                 0o644)
    server.write(f"{where}/pg_hba.conf",
                 server.read(f"{where}/pg_hba.conf") + HBA)


def make_primary(server):
    open_cluster(server)
    server.start_cluster()
    server.run("createdb", "-E", "UTF8", "-T", "template0", "maildb",
               user="postgres")
    server.run("mailcfg", "-d", "postgresql:///maildb", "init",
               user="postgres")
    server.psql("CREATE ROLE ann LOGIN IN ROLE maildb_admin;"
                "CREATE ROLE replicator LOGIN REPLICATION;" + ";".join(
                    f"ALTER ROLE {role} PASSWORD '{secret}'"
                    for role, secret in SECRETS.items()))


def make_replica(server):
    open_cluster(server)
    data = server.shell("echo /var/lib/postgresql/*/main").strip()
    server.run("rm", "-rf", data)
    server.run("pg_basebackup", "-D", data, "-R", "-X", "stream", "-c",
               "fast", "-d", f"host={PRIMARY} user=replicator "
               "sslmode=require", user="postgres",
               env={"PGPASSWORD": SECRETS["replicator"]})
    server.start_cluster()


def configure(server):
    """What an administrator has to do before setup: URL and passwords."""
    server.write("/etc/mailcfg.conf", f"db = {URL}\n", 0o644)
    server.write("/root/.pgpass", f"*:*:*:ann:{SECRETS['ann']}\n", 0o600)
    for daemon, path in PASSFILES.items():
        role = f"maildb_{daemon}"
        server.shell(f"mkdir -p {path.rpartition('/')[0]}; umask 077; "
                     f"echo '*:*:*:{role}:{SECRETS[role]}' >{path}; "
                     f"chown {daemon}:{daemon} {path}")


def change_password(primary, report, server):
    """Connections that are open go on; check --live makes new ones."""
    primary.psql("ALTER ROLE maildb_dovecot PASSWORD 'another one'")
    status, found = faults.findings(server)
    report.same("another password in the server is named",
                (status, faults.named(found)), (1, {"database_passfiles"}))
    primary.psql("ALTER ROLE maildb_dovecot PASSWORD "
                 f"'{SECRETS['maildb_dovecot']}'")


def goes_on(person, what):
    """Mail is taken and delivered, and users log in.  The first answers may
    be temporary ones: nobody knows yet."""
    server = person.server

    def answers():
        session = server.smtp()
        replies = [brief(session.envelope(world.STRANGER, recipient))
                   for recipient in (world.BOB, "nobody@example.org",
                                     world.GONE)]
        session.close()
        return replies == ["250 2.1.5", "550 5.1.1", "550 5.2.1"]

    def logs_in():
        return server.login("imap", world.BOB,
                            person.passwords[world.BOB]) == "OK"

    wait_until(answers, f"answers at RCPT {what}", PATIENCE)
    wait_until(logs_in, f"a login {what}", PATIENCE)
    person.report.check(f"RCPT and logins are answered {what}", True)
    ident = person.ident()
    reply = server.deliver(world.BOB, ident)
    person.same(f"mail is taken {what}", reply[:3], "250")
    person.has(world.BOB, ident)


def check_remote(release, report):
    """Two database servers, of which one vanishes and comes back."""
    with contextlib.ExitStack() as machines:
        primary, replica, server = (
            machines.enter_context(release.server(
                Database, extra=True, number=number, name=name))
            for number, name in ((6, "db1.example.org"),
                                 (7, "db2.example.org"),
                                 (8, "mail.example.org")))
        make_primary(primary)
        make_replica(replica)
        configure(server)
        server.boot()
        alice = release.follow(server, report)
        world.build(server)
        person = world.Person(server, report, alice)
        world.check_all(person, (world.check_logins, world.check_senders))
        faults.sound(server, report, "on two servers")
        logged = "\n".join(server.log.lines)
        report.same("no password is logged",
                    [role for role, secret in SECRETS.items()
                     if secret in logged], [])
        for fault in FAULTS:
            faults.plant(server, report, fault)
        change_password(primary, report, server)
        for machine, what in ((replica, "while the replica is gone"),
                              (primary, "while the primary is gone")):
            machine.vanish()
            goes_on(person, what)
            machine.come_back()
            goes_on(person, "when it is back")
        done = server.ask("mailcfg", "disable", world.EVE)
        report.check("and changes are possible again", done.returncode == 0,
                     done.stderr)
