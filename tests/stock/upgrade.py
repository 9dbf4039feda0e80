# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that was upgraded from Debian 12 to 13.

Owns: Dovecot's configuration in the form of 2.3, as setup left it before the
upgrade, on a machine with Dovecot 2.4, which does not start with it.
"""

import faults
import world

OURS = "/etc/dovecot/conf.d/99-maildb.conf"


def check(server, release, report):
    """Before setup, and after it."""
    server.boot()
    alice = release.follow(server, report)
    world.build(server)
    server.shut_down()
    server.run("mailcfg", "maps", "dovecot", "--dovecot-version", "2.3",
               "--write", "/etc/dovecot/maildb")
    server.write(OURS, "!include /etc/dovecot/maildb/dovecot.conf\n")
    server.service("postfix", "start")
    report.check("Dovecot 2.4 does not start with the old form",
                 server.ask("doveconf", "-n").returncode != 0)
    status, found = faults.findings(server)
    report.check("check --live names the old form", status == 1 and any(
        severity == "error" and code.startswith("dovecot")
        for severity, code, _ in found), found)
    done = server.ask("mailcfg", "setup")
    report.check("setup brings the new form", done.returncode == 0,
                 done.stdout + done.stderr)
    server.ask("service", "dovecot", "start")
    server.wait_port(143)
    faults.sound(server, report, "after the upgrade")
    person = world.Person(server, report, alice)
    world.check_all(person, (world.check_logins, world.check_lmtp,
                             world.check_quota))
