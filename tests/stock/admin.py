# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that an administrator has configured before us.

Owns: his settings, the proof that they go on working beside ours, and that
"setup --undo" leaves them as they were.
"""

import faults
import snapshot
import world
from clients import brief

LOCAL_CONF = """\
mail_max_userip_connections = 50
login_greeting = At your service
"""

# Debian's own block of master.cf, as somebody wrote it who uncommented it
SUBMISSION = """\
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=
  -o smtpd_helo_restrictions=reject_invalid_helo_hostname
2525 inet n - y - - smtpd
  -o syslog_name=postfix/second
"""

MAIN = (
    "smtpd_recipient_restrictions = permit_mynetworks, "
    "check_sender_access inline:{{bad@remote.test = REJECT his own rule}}, "
    "reject_unauth_destination",
    "smtpd_sender_restrictions = reject_non_fqdn_sender, permit",
    "smtpd_restriction_classes = his_class",
    "his_class = permit_mynetworks, reject",
    "transport_maps = inline:{{there.example = retry:his own transport}}",
    "relay_domains = his.example",
    "virtual_alias_maps = inline:{{older.example = his}, "
    "{@older.example = root@localhost}}",
    "message_size_limit = 20000000",
    "mailbox_size_limit = 0",
)

DOUBLED = "smtpd_banner = his server\nsmtpd_banner = his other server\n" \
          "recipient_delimiter = +\n"

# what stays in the values that we join, and in those that are not ours
KEPT = {
    "smtpd_recipient_restrictions": "his own rule",
    "smtpd_sender_restrictions": "reject_non_fqdn_sender",
    "smtpd_restriction_classes": "his_class",
    "his_class": "permit_mynetworks, reject",
    "transport_maps": "his own transport",
    "relay_domains": "his.example",
    "virtual_alias_maps": "@older.example",
    "message_size_limit": "20000000",
    "smtpd_banner": "his other server",
}


def configure(server):
    for line in MAIN:
        server.run("postconf", "-e", line)
    server.write("/etc/postfix/main.cf",
                 server.read("/etc/postfix/main.cf") + DOUBLED)
    server.write("/etc/postfix/master.cf",
                 server.read("/etc/postfix/master.cf") + SUBMISSION)
    server.write("/etc/dovecot/local.conf", LOCAL_CONF, 0o644)


def check_kept(server, report):
    """His words are where they were."""
    for name, words in KEPT.items():
        report.check(f"{name} keeps {words!r}",
                     words in server.run("postconf", "-h", name))
    report.same("his second port is as he wrote it",
                server.run("postconf", "-P", "2525/inet/syslog_name"),
                "2525/inet/syslog_name = postfix/second\n")
    report.check("his option of submission is there",
                 "reject_invalid_helo_hostname" in server.run(
                     "postconf", "-P"))
    report.check("local.conf has the last word", "At your service"
                 in server.run("doveconf", "login_greeting"))


# sender, recipient, answer: by his rules, and by ours
HIS = (("bad@remote.test", "anybody@his.example", "554 5.7.1"),
       (world.STRANGER, "anybody@his.example", "250 2.1.5"),
       (world.STRANGER, "anybody@older.example", "250 2.1.5"),
       ("nodomain", "anybody@his.example", "504 5.5.2"))
OURS = ((world.STRANGER, world.ALICE, "250 2.1.5"),
        ("bad@remote.test", world.ALICE, "554 5.7.1"),
        (world.STRANGER, world.GONE, "550 5.2.1"),
        (world.STRANGER, "nobody@example.org", "550 5.1.1"),
        (world.ALICE, world.BOB, "550 5.7.1"))


def check_rules(server, report, when, rules):
    """What smtpd answers."""
    session = server.smtp()
    for sender, recipient, want in rules:
        report.same(f"{when}: <{sender}> to <{recipient}>",
                    brief(session.envelope(sender, recipient)), want)
    session.close()


def check(server, release, report):
    """Before, with and after our settings."""
    configure(server)
    server.boot()
    before = snapshot.take(server)
    check_rules(server, report, "before setup", HIS)
    alice = release.follow(server, report)
    world.build(server)
    check_kept(server, report)
    check_rules(server, report, "after setup", HIS + OURS)
    person = world.Person(server, report, alice)
    world.check_all(person, (world.check_logins, world.check_senders))
    faults.sound(server, report, "with an administrator's settings")
    server.run("mailcfg", "setup", "--undo")
    report.same("setup --undo leaves his settings as they were",
                snapshot.differences(before, snapshot.take(server)), [])
    check_rules(server, report, "after undo", HIS)
