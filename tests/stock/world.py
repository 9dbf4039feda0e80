# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains and users of a stock server, and how a person finds them.

Owns: the world that is added to what README's commands made, and the
scenarios: what happens to mail and logins, seen from outside the machine.  A
scenario is a function of the server and the report; README's own user comes
first, with the password that mailcfg printed.
"""

import concurrent.futures
import time

from clients import Sieve, Smtp, brief, message
from proc import Failure

IDN, IDN_U = "xn--mnchen-3ya.example", "münchen.example"
ALICE, BOB, TINY = "alice@example.org", "bob@example.org", "tiny@example.org"
GONE, EVE, UTA = "gone@example.org", "eve@second.example", "uta@" + IDN
STRANGER = "stranger@remote.test"
OK = "250"

WORLD = f"""
adddom second.example
adddom twin.example --class alias --target example.org
adddom {IDN_U}
adddom passed.example --class relay
addrecipient known@passed.example
addalias sales@example.org {ALICE} {BOB}
addalias out@example.org away@remote.test
addcatchall second.example {EVE}
"""
USERS = (BOB, TINY, GONE, EVE, "uta@" + IDN_U)


def password(user):
    return "Kx7 " + user.split("@")[0] + " gate"


def build(server):
    """The world in one transaction, users first."""
    lines = WORLD.strip().splitlines()
    first = [line for line in lines if line.startswith("adddom")]
    then = [line for line in lines if not line.startswith("adddom")]
    users = [f"adduser {user} '{password(user)}'"
             + (" --quota 20K" if user == TINY else "") for user in USERS]
    server.mailcfg("-f", "-", text="\n".join(first + users + then) + "\n")
    server.mailcfg("disable", GONE)


# recipient, the refusal or the user who gets it
MAIL = (
    (ALICE, ALICE),
    ("Alice@EXAMPLE.org", ALICE),
    ("alice+shop@example.org", ALICE),
    (BOB, BOB),
    ("sales@example.org", BOB),
    ("nobody@example.org", "550 5.1.1"),
    (GONE, "550 5.2.1"),
    ("gone+x@example.org", "550 5.2.1"),
    ("whoever@second.example", EVE),
    ("whoever+x@second.example", EVE),
    ("bob@twin.example", BOB),
    ("nobody@twin.example", "550 5.1.1"),
    ("postmaster@example.org", ALICE),
    ("postmaster@second.example", ALICE),
    (UTA, UTA),
    ("nobody@" + IDN, "550 5.1.1"),
    ("nobody@passed.example", "550 5.1.1"),
    # Debian: defer_unauth_destination
    ("bob@foreign.example", "454 4.7.1"),
    ("alice@sub.example.org", "454 4.7.1"),
)


class Person:
    """Who looks at a server: the passwords, and a name for each message."""

    def __init__(self, server, report, alice):
        self.server, self.report = server, report
        self.passwords = {user.replace(IDN_U, IDN): password(user)
                          for user in USERS} | {ALICE: alice}
        self.count = 0

    def ident(self):
        self.count += 1
        return f"stock-{self.server.pid}-{self.count}-end"

    def has(self, user, *idents, folder="INBOX"):
        """Whether a user has all these messages; there is nothing to wait
        for once Postfix is done."""
        self.server.settle()
        there = b"".join(self.server.inbox(user, self.passwords[user],
                                           folder))
        missing = [ident for ident in idents if ident.encode() not in there]
        return self.report.check(
            f"{user} gets the mail", not missing,
            f"missing: {missing}\n{self.server.log.tail()}")

    def same(self, *args):
        return self.report.same(*args)


def at_once(tries):
    """Calls without arguments, all at the same time: their results."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda call: call(), tries))


# ---- logins ---------------------------------------------------------------

LOGINS = ("imap", "imaps", "pop3", "pop3s", "submission", "submissions",
          "sieve")


def check_logins(person, services=LOGINS):
    """Right and wrong passwords, by every service."""
    server, good = person.server, person.passwords[ALICE]
    cases = [(service, ALICE, good, True) for service in services]
    cases += [(service, ALICE, "not it", False) for service in services]
    cases += [("imap", ALICE.title(), good, True),
              ("imap", UTA, person.passwords[UTA], True),
              ("imap", "uta@" + IDN_U, person.passwords[UTA], True),
              ("submission", "uta@" + IDN_U, person.passwords[UTA], True),
              ("submission", "nobody@example.org", good, False),
              ("submission", "sales@example.org", good, False),
              ("imap", GONE, person.passwords[GONE], False),
              ("imap", "root", "root", False)]
    answers = at_once([
        lambda case=case: server.login(*case[:3]) for case in cases])
    for (service, user, secret, may), answer in zip(cases, answers):
        if may:
            person.same(f"{service}: {user} logs in", answer, "OK")
        else:
            # a server that cannot look says something else
            person.report.check(
                f"{service}: {user} does not log in with {secret!r}",
                answer != "OK" and "UNAVAILABLE" not in answer
                and "TRYLATER" not in answer and "454" not in answer, answer)


# ---- mail -----------------------------------------------------------------

def check_mail(person):
    """What becomes of mail from outside, to each kind of address."""
    server = person.server
    sent = []
    for recipient, outcome in MAIL:
        ident = person.ident()
        reply = server.deliver(recipient, ident)
        if "@" in outcome:
            person.same(f"mail to {recipient} is taken", reply[:3], OK)
            sent.append((outcome, ident))
        else:
            person.same(f"mail to {recipient}", brief(reply), outcome)
    for user in sorted({user for user, _ in sent}):
        person.has(user, *(ident for other, ident in sent if other == user))


def check_idn(person):
    """The domain as people write it: never taken and then sent back."""
    server, ident = person.server, person.ident()
    session = server.smtp()
    session.command_encoding = "utf-8"
    recipient = "uta@" + IDN_U
    # a client that may not say SMTPUTF8 says the address as it is
    replies = [session.say(f"MAIL FROM:<{STRANGER}>"),
               session.say(f"RCPT TO:<{recipient}>")]
    if replies[-1].startswith("2"):
        code, _ = session.data(message(ident, STRANGER, UTA))
        person.same("its message is taken", code, 250)
        person.has(UTA, ident)
    session.close()
    person.report.check("mail to the U-label is delivered or refused",
                        replies[-1][:1] in "25", replies)
    person.report.check("SMTPUTF8 is not offered",
                        not session.has_extn("smtputf8"))


def check_senders(person):
    """Nobody sends as somebody else."""
    server = person.server
    outside = server.smtp()
    for sender, want in ((ALICE, "550 5.7.1"),
                         ("nobody@example.org", "550 5.7.1"),
                         ("bob@twin.example", "550 5.7.1"),
                         (STRANGER, "250 2.1.5"), ("", "250 2.1.5")):
        person.same(f"a stranger sends as <{sender}>",
                    brief(outside.envelope(sender, BOB)), want)
    outside.close()
    for service in ("submission", "submissions"):
        inside = server.submission(BOB, person.passwords[BOB], service)
        for sender, want in ((BOB, "250 2.1.5"),
                             ("bob+x@twin.example", "250 2.1.5"),
                             ("sales@example.org", "250 2.1.5"),
                             (ALICE, "553 5.7.1"), (STRANGER, "553 5.7.1")):
            person.same(f"{service}: {BOB} sends as {sender}",
                        brief(inside.envelope(sender, STRANGER)), want)
        person.same(f"{service}: mail to a disabled user",
                    brief(inside.envelope(BOB, GONE)), "550 5.2.1")
        ident = person.ident()
        reply = inside.deliver(BOB, ALICE, message(ident, BOB, ALICE))
        person.same(f"{service}: mail is taken", reply[:3], OK)
        person.has(ALICE, ident)
        inside.close()
        stranger = Smtp(server.place(service))
        person.report.check(f"{service} wants a login", not
                            stranger.envelope(STRANGER, BOB).startswith("2"))
        stranger.close()


def check_at_once(person):
    """disable, enable and passwd count for the next login and message."""
    server, secret = person.server, person.passwords[BOB]

    def seen():
        session = server.smtp()
        reply = brief(session.envelope(STRANGER, BOB))
        session.close()
        return [reply, *(answer == "OK" for answer in at_once([
            lambda s=service: server.login(s, BOB, secret)
            for service in ("imap", "submission")]))]

    person.same("before", seen(), ["250 2.1.5", True, True])
    server.mailcfg("disable", BOB)
    person.same("disabled", seen(), ["550 5.2.1", False, False])
    server.mailcfg("enable", BOB)
    person.same("enabled again", seen(), ["250 2.1.5", True, True])
    server.mailcfg("passwd", BOB, "another one 7")
    person.same("with the old password", seen(), ["250 2.1.5", False, False])
    person.passwords[BOB] = secret = "another one 7"
    person.same("with the new one", seen(), ["250 2.1.5", True, True])


def check_deferral(person):
    """A recipient that must wait makes nobody else wait."""
    server, ident = person.server, person.ident()
    session = server.smtp()
    session.say(f"MAIL FROM:<{STRANGER}>")
    for recipient in (ALICE, "out@example.org", "known@passed.example", BOB):
        person.same(f"RCPT {recipient} is taken",
                    session.say(f"RCPT TO:<{recipient}>")[:3], OK)
    code, _ = session.data(message(ident, STRANGER, ALICE))
    session.close()
    person.same("DATA is taken", code, 250)
    for user in (ALICE, BOB):
        person.has(user, ident)
    person.same("two recipients wait", len(server.queue("deferred")), 1)
    waiting = server.run("postqueue", "-j")
    person.report.check("they are those who cannot be reached",
                        "away@remote.test" in waiting
                        and "known@passed.example" in waiting
                        and BOB not in waiting, waiting)
    server.run("postsuper", "-d", "ALL")
    # the next message is no slower
    ident = person.ident()
    server.deliver(BOB, ident)
    person.has(BOB, ident)


def check_sendmail(person):
    """A program on the machine sends headers in raw UTF-8."""
    server, ident = person.server, person.ident()
    server.sendmail(f"From: Jürgen <root>\nSubject: Größe {ident}\n\n"
                    "Grüße\n".encode(), BOB)
    person.has(BOB, "Größe " + ident)
    ident = person.ident()
    server.sendmail(f"Subject: {ident}\n\nhallo\n".encode(), ALICE, "root")
    person.has(ALICE, ident)
    person.same("nothing is left in the queue", server.queue(), [])


def check_quota(person):
    """A full mailbox is refused at RCPT, one message before."""
    server = person.server
    ident = person.ident()
    reply = server.smtp().deliver(STRANGER, TINY, message(
        ident, STRANGER, TINY, 12000))
    person.same("the first message is taken", reply[:3], OK)
    person.has(TINY, ident)
    session = server.smtp()
    person.same("one that does not fit is refused at RCPT",
                brief(session.envelope(STRANGER, TINY, 12000)), "552 5.2.2")
    person.same("one that fits is not",
                brief(session.envelope(STRANGER, TINY, 100)), "250 2.1.5")
    session.close()
    action = server.policy(recipient=TINY, size=12000)
    person.same("the policy service says so", action[:9], "552 5.2.2")
    action = server.policy(recipient=BOB, size=12000)
    person.same("and nothing about others", action, "DUNNO")


def check_sieve(person):
    """A rule that the user stores files a message."""
    server, ident = person.server, person.ident()
    session = Sieve(server.place("sieve"), BOB, person.passwords[BOB])
    replies = session.activate("lists", (
        'require ["fileinto", "mailbox"];\n'
        'if header :contains "subject" "stock-" '
        '{ fileinto :create "Lists"; }\n'))
    session.close()
    person.report.check("the script is stored", "NO" not in replies, replies)
    server.deliver(BOB, ident)
    person.has(BOB, ident, folder="Lists")
    session = Sieve(server.place("sieve"), BOB, person.passwords[BOB])
    session.say('SETACTIVE ""')
    session.close()


def check_lmtp(person):
    """What Postfix sees at Dovecot's socket."""
    session = person.server.lmtp()
    for recipient, want in ((BOB, "250 2.1.5"), ("bob+x@example.org",
                                                 "250 2.1.5"),
                            ("nobody@example.org", "550 5.1.1")):
        person.same(f"LMTP: {recipient}",
                    brief(session.envelope(STRANGER, recipient)), want)
    session.close()


def check_reboot(person):
    """After a restart of the machine everything is as before."""
    server = person.server
    server.reboot()
    ident = person.ident()
    person.same("mail is taken", server.deliver("sales@example.org",
                                                ident)[:3], OK)
    for user in (ALICE, BOB):
        person.has(user, ident)


SCENARIOS = (check_logins, check_mail, check_idn, check_senders, check_lmtp,
             check_at_once, check_deferral, check_sendmail, check_quota,
             check_sieve, check_reboot)


def check_all(person, scenarios=SCENARIOS):
    """Each scenario; one that cannot go on is a failure of its own."""
    for scenario in scenarios:
        print(f"# {time.strftime('%H:%M:%S')} {scenario.__doc__.strip()}")
        try:
            scenario(person)
        except (Failure, OSError) as failure:
            person.report.check(
                f"{scenario.__name__} goes through", False,
                f"{failure}\n{person.server.log.tail()}")
