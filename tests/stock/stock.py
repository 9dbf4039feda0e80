# SPDX-License-Identifier: LGPL-2.1-or-later
"""A stock Debian server, set up by README's commands, and then used.

Owns: the order of what is done to the machines of one release, and the
program around it.  tests/stock/debian12 and debian13 call main().
"""

import argparse
import os
import re
import sys
import traceback

import admin
import faults
import postgres
import remote
import role
import snapshot
import upgrade
import world
from machine import PATH, leave_network
from proc import Failure, exit_on_signals, need
from readme import commands, split
from report import Report
from roots import Roots, Tree, place
from server import Server

# what scenarios need beyond README
EXTRA = "--no-install-recommends postgresql postfix-pgsql dovecot-pgsql " \
        "python3"
# for faults, side by side
MACHINES = 2
PASSWORD = re.compile(r"password (\S+)$", re.MULTILINE)


class Release:
    """One release of Debian, its roots, and README's commands."""

    def __init__(self, number, tree):
        self.number, self.tree = number, tree
        install, self.commands = split(commands(tree.read("README")))
        self.roots = Roots(number, tree, install, EXTRA)

    def server(self, kind=Server, extra=False, **more):
        """A machine; extra: with the packages beyond README."""
        layers = self.roots.ready_extra() if extra else self.roots.ready()
        return kind(layers, place(), **more)

    def follow(self, server, report):
        """Types what README says; the password of the user it makes."""
        return self.password(postgres.type_commands(server, report,
                                                    self.commands))

    @staticmethod
    def password(printed):
        """The password that mailcfg printed."""
        found = PASSWORD.search(printed)
        if not found:
            raise Failure("no password in what README's commands printed:\n"
                          + printed)
        return found[1]


def silent(server, report, what, *command):
    """A command that succeeds and has nothing to say."""
    done = server.ask(*command)
    report.same(what, (done.returncode, done.stdout, done.stderr),
                (0, "", ""))


def test_sqlite(release, report):
    """From bare Debian to mail; and back."""
    with release.server() as server:
        server.boot()
        before = snapshot.take(server)
        alice = release.follow(server, report)
        faults.sound(server, report, "after README's commands")
        world.build(server)
        person = world.Person(server, report, alice)
        world.check_all(person)
        faults.sound(server, report, "with users and mail")
        silent(server, report, "setup again changes nothing",
               "mailcfg", "setup")
        server.run("mailcfg", "setup", "--undo")
        report.same("setup --undo leaves no difference",
                    snapshot.differences(before, snapshot.take(server)), [])
        silent(server, report, "setup --undo again does nothing",
               "mailcfg", "setup", "--undo")
        server.run("mailcfg", "setup")
        world.check_all(person, (world.check_lmtp, world.check_senders))


def test_faults(release, report):
    """Each requirement is broken, named and mended."""
    rows = [fault for fault in faults.FAULTS
            if fault.release in (None, release.number)]

    def part(number):
        """Every MACHINES-th fault, one after another on one machine."""
        with release.server(number=20 + number) as server:
            server.boot()
            release.follow(server, report)
            world.build(server)
            faults.sound(server, report, "before all faults")
            faults.plant_all(server, report, rows[number::MACHINES])

    world.at_once([lambda number=number: part(number)
                   for number in range(MACHINES)])


def test_admin(release, report):
    """A server that somebody else has configured already."""
    with release.server(number=4) as server:
        admin.check(server, release, report)


def test_peer(release, report):
    """PostgreSQL on the mail server itself."""
    postgres.check_peer(release, report)


def test_remote(release, report):
    """PostgreSQL on two other machines, of which one vanishes."""
    remote.check_remote(release, report)


def test_role(release, report):
    """The Ansible collection's role on a fresh host."""
    with release.server(extra=True, number=10) as server:
        role.check(server, report, PATH)


def test_upgrade(release, report):
    """What an upgrade from Debian 12 leaves."""
    with release.server(number=9) as server:
        upgrade.check(server, release, report)


# test, the release it is about, if not every one, and whether it needs
# packages beyond README
TESTS = {"sqlite": (test_sqlite, None, False),
         "admin": (test_admin, None, False),
         "peer": (test_peer, None, True),
         "remote": (test_remote, "12", True),
         # the host's Ansible need not know the Python of a later Debian
         "role": (test_role, "12", True),
         "upgrade": (test_upgrade, "13", False),
         "faults": (test_faults, None, False)}


def main(number):
    parser = argparse.ArgumentParser()
    parser.add_argument("--prepare", action="store_true",
                        help="make the roots and nothing else")
    parser.add_argument("tests", nargs="*", choices=[*TESTS, []],
                        metavar="TEST")
    options = parser.parse_args()
    names = options.tests or [name for name, (_, only, _) in TESTS.items()
                              if only in (None, number)]
    sys.stdout.reconfigure(line_buffering=True)
    exit_on_signals()
    report = Report()
    try:
        need("ansible-playbook", "debootstrap", "ip", "nft", "nsenter",
             "setpriv", "unshare")
        if os.geteuid() != 0:
            raise Failure("root is needed: machines have roots of their own")
        top = os.environ.get("top_srcdir") or os.path.dirname(
            os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        release = Release(number, Tree(top))
        release.roots.ready()
        if any(TESTS[name][2] for name in names):
            release.roots.ready_extra()
        if options.prepare:
            return 0
        leave_network()
    except Failure as failure:
        report.check(f"Debian {number} can be tried", False, failure)
        return report.finish()
    for name in names:
        test = TESTS[name][0]
        print(f"# {name}: {test.__doc__}")
        try:
            test(release, report)
        except Failure as failure:
            report.check(f"{name} goes through", False, failure)
        except Exception:
            report.check(f"{name} goes through", False,
                         traceback.format_exc())
    return report.finish()
