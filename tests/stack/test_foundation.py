# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where mail goes and who may log in, asked of real servers.

Owns: a world of domains and addresses, what has to become of mail to each of
them, and the proof that three tell the same: Postfix with Dovecot, "mailcfg
trace", and "mailcfg lookup" beside postmap(1).  The servers run before there
is any domain: nothing here reloads them.

An outcome is a set of words: addresses where a message arrived, "550 5.1.1"
for a refusal at RCPT, "bounce 5.2.1" for one sent back.
"""

import concurrent.futures
import email
import pwd
import re
import time

from clients import (IDENT, Imap, Lmtp, Pop3, Smtp, brief, imap_login, message,
                     pop3_login)

STRANGER = "stranger@remote.test"
IDN, IDN_U = "xn--mnchen-3ya.test", "münchen.test"


def password(user):
    return "Kx7 " + user.split("@")[0].lower() + " gate"


WORLD = f"""
adddom home.test
adddom second.test
adddom third.test
adddom twin.test --class alias --target home.test
adddom spare.test --class alias --target second.test
adddom asleep.test
adddom {IDN_U}
adddom listed.test --class relay
adddom any.test --class relay --any-recipient yes
adddom shut.test --class relay --any-recipient yes
addrecipient known@shut.test

adduser anna@home.test
adduser bert@home.test
adduser carl@home.test
adduser dora@home.test
adduser gone@home.test
adduser late@home.test
adduser boss@home.test
adduser tiny@home.test --quota 20K
adduser sender@home.test --receive no
adduser reader@home.test --send no
adduser noimap@home.test --imap no
adduser nopop@home.test --pop3 no
adduser eve@second.test
adduser frank@second.test
adduser ida@asleep.test
adduser uta@{IDN_U}

addalias info@home.test anna@home.test
addalias team@home.test anna@home.test
addalias team@home.test bert@home.test
addalias team@home.test away@remote.test
addalias chain@home.test info@home.test
addalias sub+tag@home.test bert@home.test
addalias out@home.test away@remote.test
addalias across@home.test frank@second.test
addalias own@twin.test bert@home.test
addalias carl@home.test bert@home.test
addalias dora@home.test dora@home.test
addalias dora@home.test away@remote.test
addalias expired@home.test anna@home.test
addalias early@home.test anna@home.test
addalias window@home.test anna@home.test
addalias off@home.test anna@home.test
addalias dead@home.test gone@home.test
addalias half@home.test gone@home.test
addalias half@home.test anna@home.test
addalias deep@home.test dead@home.test
addalias staff@home.test anna@home.test
addalias via@home.test staff@home.test
addalias uta.alias@{IDN_U} uta@{IDN_U}
addalias postmaster@* anna@home.test
addalias abuse@* anna@home.test
addalias abuse@second.test frank@second.test
addalias @second.test eve@second.test --may-send yes
addalias @third.test frank@second.test
addalias @asleep.test anna@home.test
addrecipient known@listed.test
addrecipient closed@listed.test
addsender news@home.test bert@home.test
addsender abuse@second.test eve@second.test
addsender @third.test carl@home.test
addsender root@* carl@home.test
addsender @* ida@asleep.test
addsender brief@listed.test bert@home.test

setalias expired@home.test --valid-until 2001-01-01
setalias early@home.test --valid-from 2200-01-01
setalias window@home.test --valid-from 2001-01-01 --valid-until 2200-01-01
setalias off@home.test --enabled no
setalias staff@home.test --internal yes
setuser boss@home.test --internal yes
setuser late@home.test --valid-until 2001-01-01
disable gone@home.test
disable closed@listed.test
addalias shutout@home.test nobody@shut.test
setdom asleep.test --enabled no
setdom shut.test --enabled no
"""

USERS = re.findall(r"^adduser (\S+)", WORLD, re.MULTILINE)
OFF_USERS = {"gone@home.test", "late@home.test", "ida@asleep.test"}

OFF = "550 5.2.1"
UNKNOWN = "550 5.1.1"
INTERNAL = "550 5.7.1"
ANNA, BERT, CARL = "anna@home.test", "bert@home.test", "carl@home.test"
EVE, FRANK = "eve@second.test", "frank@second.test"
UTA, AWAY = "uta@" + IDN, "away@remote.test"

# recipient, and what becomes of its mail; where it differs for a client that
# has logged in, that comes third
MAIL = (
    # mailboxes
    (ANNA, {ANNA}),
    ("Anna@HOME.Test", {ANNA}),
    ("anna+shop@home.test", {ANNA}),
    ("aNNa+Shop@home.TEST", {ANNA}),
    (FRANK, {FRANK}),
    ("frank+x@second.test", {FRANK}),
    ("noimap@home.test", {"noimap@home.test"}),
    ("nopop@home.test", {"nopop@home.test"}),
    ("reader@home.test", {"reader@home.test"}),
    ("nobody@home.test", {UNKNOWN}),
    ("nobody+x@home.test", {UNKNOWN}),
    ("annas@home.test", {UNKNOWN}),
    # aliases
    ("info@home.test", {ANNA}),
    ("INFO+x@home.test", {ANNA}),
    ("team@home.test", {ANNA, BERT, AWAY}),
    ("chain@home.test", {ANNA}),
    ("sub+tag@home.test", {BERT}),
    ("sub@home.test", {UNKNOWN}),
    ("out@home.test", {AWAY}),
    ("across@home.test", {FRANK}),
    # forwards, without and with a copy kept
    ("carl@home.test", {BERT}),
    ("carl+x@home.test", {BERT}),
    ("dora@home.test", {"dora@home.test", AWAY}),
    # the catch-all takes what nobody else has
    ("whoever@second.test", {EVE}),
    ("whoever+x@second.test", {EVE}),
    ("whoever@spare.test", {EVE}),
    ("whoever@third.test", {FRANK}),
    (EVE, {EVE}),
    ("frank@spare.test", {FRANK}),
    # alias domains
    ("anna@twin.test", {ANNA}),
    ("bert+x@Twin.test", {BERT}),
    ("info@twin.test", {ANNA}),
    ("own@twin.test", {BERT}),
    ("own@home.test", {UNKNOWN}),
    ("nobody@twin.test", {UNKNOWN}),
    ("gone@twin.test", {OFF}),
    ("expired@twin.test", {OFF}),
    # wildcard addresses, and one that a domain has its own of
    ("postmaster@home.test", {ANNA}),
    ("postmaster@twin.test", {ANNA}),
    ("postmaster@second.test", {ANNA}),
    ("postmaster@spare.test", {ANNA}),
    ("Postmaster+x@" + IDN, {ANNA}),
    ("abuse@home.test", {ANNA}),
    ("abuse@second.test", {FRANK}),
    ("abuse@spare.test", {FRANK}),
    # off: refused, and no business of the catch-all
    ("gone@home.test", {OFF}),
    ("gone+x@home.test", {OFF}),
    ("late@home.test", {OFF}),
    ("sender@home.test", {OFF}),
    ("expired@home.test", {OFF}),
    ("early@home.test", {OFF}),
    ("window@home.test", {ANNA}),
    ("off@home.test", {OFF}),
    ("dead@home.test", {OFF}),
    ("half@home.test", {ANNA}),
    ("deep@home.test", {"bounce 5.2.1"}),
    # a domain that is off stays ours
    ("ida@asleep.test", {OFF}),
    ("postmaster@asleep.test", {OFF}),
    ("nobody@asleep.test", {UNKNOWN}),
    # for members only, unless a public alias leads there
    ("staff@home.test", {INTERNAL}, {ANNA}),
    ("boss@home.test", {INTERNAL}, {"boss@home.test"}),
    ("boss+x@twin.test", {INTERNAL}, {"boss@home.test"}),
    ("via@home.test", {ANNA}),
    # internationalised names
    (UTA, {UTA}),
    ("uta.alias@" + IDN.upper(), {UTA}),
    ("nobody@" + IDN, {UNKNOWN}),
    # domains that are only passed on
    ("known@listed.test", {"known@listed.test"}),
    ("Known+x@listed.test", {"known@listed.test"}),
    ("nobody@listed.test", {UNKNOWN}),
    ("postmaster@listed.test", {UNKNOWN}),
    ("closed@listed.test", {OFF}),
    ("nobody@any.test", {"nobody@any.test"}),
    # ... and a disabled one, which passes nothing on, not by an alias either
    ("known@shut.test", {OFF}),
    ("nobody+x@shut.test", {OFF}),
    ("shutout@home.test", {"bounce 5.2.1"}),
    # addresses that only have sender grants are as without them
    ("news@home.test", {UNKNOWN}),
    ("root@third.test", {FRANK}),
    ("brief@listed.test", {UNKNOWN}),
    # not ours
    ("nobody@foreign.test", {"554 5.7.1"}, {"nobody@foreign.test"}),
    ("anna@sub.home.test", {"554 5.7.1"}, {"anna@sub.home.test"}),
    ("anna@sub.any.test", {"554 5.7.1"}, {"anna@sub.any.test"}),
)

# past all checks at RCPT, as from sendmail(1): sent back, never delivered
SENDMAIL = (
    (ANNA, {ANNA}),
    ("gone@home.test", {"bounce 5.2.1"}),
    ("gone+x@twin.test", {"bounce 5.2.1"}),
    ("sender@home.test", {"bounce 5.2.1"}),
    ("expired@home.test", {"bounce 5.2.1"}),
    ("dead@home.test", {"bounce 5.2.1"}),
    ("ida@asleep.test", {"bounce 5.2.1"}),
    ("nobody@home.test", {"bounce 5.1.1"}),
    ("nobody@asleep.test", {"bounce 5.1.1"}),
    ("staff@home.test", {ANNA}),
    ("known@shut.test", {"bounce 5.2.1"}),
    ("nobody@shut.test", {"bounce 5.2.1"}),
)

# the domain as people write it.  LMTP of Dovecot has no SMTPUTF8: Postfix would
# accept such mail and send it back with 5.6.7, so it does not offer SMTPUTF8
ULABEL = (
    ("uta@" + IDN_U, {UTA}),
    ("Uta+x@" + IDN_U, {UTA}),
    ("uta.alias@" + IDN_U, {UTA}),
    ("postmaster@" + IDN_U, {ANNA}),
    ("nobody@" + IDN_U, {UNKNOWN}),
)

# who has logged in, the sender they claim, whether they may
SENDERS = (
    (ANNA, ANNA, True),
    (ANNA, "Anna@Home.test", True),
    (ANNA, "anna+shop@home.test", True),
    (ANNA, "anna@twin.test", True),
    (ANNA, "info@home.test", True),
    (ANNA, "info@twin.test", True),
    (ANNA, "team@home.test", True),
    (ANNA, "postmaster@second.test", True),
    (ANNA, "abuse@second.test", False),
    (ANNA, BERT, False),
    (ANNA, "out@home.test", False),
    (ANNA, "nobody@home.test", False),
    (ANNA, "nobody@remote.test", False),
    (ANNA, "gone@home.test", False),
    (ANNA, "expired@home.test", False),
    (ANNA, "whoever@second.test", False),
    (BERT, "team@home.test", True),
    (BERT, "info@home.test", False),
    (EVE, "whoever@second.test", True),
    (EVE, "whoever@spare.test", True),
    (EVE, "nobody@home.test", False),
    (FRANK, FRANK, True),
    (FRANK, "whoever@third.test", False),
    # sender grants: an address without more, an alias, a domain, a wildcard
    (BERT, "news@home.test", True),
    (BERT, "News+x@twin.test", True),
    (BERT, "brief@listed.test", True),
    (ANNA, "news@home.test", False),
    (EVE, "abuse@second.test", True),
    (FRANK, "abuse@second.test", True),
    (CARL, "whoever@third.test", True),
    (CARL, "abuse@third.test", True),
    (CARL, "root@home.test", True),
    (CARL, "root@third.test", True),
    (CARL, "root@listed.test", False),
    (CARL, FRANK, False),
    ("sender@home.test", "sender@home.test", True),
    ("uta@" + IDN, "uta.alias@" + IDN, True),
)

# senders that a client from outside may not use, and some it may
OUTSIDE_SENDERS = (
    (ANNA, "550 5.7.1"),
    ("nobody@Second.test", "550 5.7.1"),
    ("anna@twin.test", "550 5.7.1"),
    ("uta@" + IDN, "550 5.7.1"),
    ("nobody@asleep.test", "550 5.7.1"),
    ("nobody@any.test", "250 2.1.5"),
    ("anna@sub.home.test", "250 2.1.5"),
    (STRANGER, "250 2.1.5"),
    ("", "250 2.1.5"),
)

SERVICES = ("smtp", "imap", "pop3")

# user, and those that let them in with the right password
LOGINS = (
    (ANNA, "smtp imap pop3"),
    ("Anna@Home.Test", "smtp imap pop3"),
    ("sender@home.test", "smtp imap pop3"),
    ("reader@home.test", "imap pop3"),
    ("noimap@home.test", "smtp pop3"),
    ("nopop@home.test", "smtp imap"),
    ("uta@" + IDN, "smtp imap pop3"),
    ("uta@" + IDN_U, "smtp imap pop3"),
    ("gone@home.test", ""),
    ("late@home.test", ""),
    ("ida@asleep.test", ""),
    ("anna@twin.test", ""),
    ("info@home.test", ""),
    ("nobody@home.test", ""),
)

def plain(address):
    """An address without its extension, which Dovecot does not look at."""
    return re.sub(r"\+[^@]*", "", address)


def read(stack, user):
    """A user's messages, by a service that the user may use."""
    if user == "noimap@home.test":
        session = Pop3(stack.dovecot.pop3, user, password(user))
        messages = session.messages()
        session.quit()
    else:
        session = Imap(stack.dovecot.imap, user, password(user))
        messages = session.messages()
        session.logout()
    return messages


def recognise(data):
    """Which of our messages it is; "bounce 5.1.1" if it tells of its end."""
    mail = email.message_from_bytes(data)
    if mail.get_content_type() != "multipart/report":
        return mail[IDENT], None
    text = data.decode()
    return (re.search(rf"^{IDENT}: (\S+)", text, re.MULTILINE)[1],
            "bounce " + re.search(r"^Status: (\S+)", text, re.MULTILINE)[1])


class Scenario:
    """One run: messages that are under way, and what has to become of them."""

    def __init__(self, stack, report):
        self.stack, self.report = stack, report
        self.expected = []      # (ident, what, outcome wanted)
        self.outcome = {}       # ident -> set of words

    def send(self, session, sender, recipient, where, want):
        """Sends one message and remembers what is to become of it."""
        ident = f"m{len(self.expected)}"
        self.expected.append((ident, f"{where}: mail to {recipient}", want))
        reply = session(sender, recipient,
                        message(ident, sender, recipient))
        self.outcome[ident] = set()
        if reply and not reply.startswith("2"):
            self.outcome[ident].add(brief(reply))

    def send_all(self):
        stack = self.stack
        outside = Smtp(stack.postfix.smtp)
        inside = Smtp(stack.postfix.submission, ANNA, password(ANNA))
        for recipient, want, *other in MAIL:
            self.send(outside.deliver, STRANGER, recipient, "outside", want)
            self.send(inside.deliver, ANNA, recipient, "inside",
                      other[0] if other else want)
        for recipient, want in SENDMAIL:
            self.send(stack.postfix.sendmail, STRANGER, recipient,
                      "sendmail", want)
        outside.quit()
        inside.quit()
        stack.postfix.drain()

    def collect(self):
        """Reads every mailbox and the sink."""
        for user in set(USERS) - OFF_USERS:
            user = user.replace(IDN_U, IDN)
            for data in read(self.stack, user):
                self.arrived(data, [user])
        for sent in self.stack.sink.messages:
            self.arrived(sent.data, map(plain, sent.recipients))

    def arrived(self, data, recipients):
        """A message somewhere, or what tells that it was sent back."""
        ident, bounce = recognise(data)
        words = self.outcome.setdefault(ident, set())
        for word in [bounce] if bounce else recipients:
            words.add("twice " + word if word in words else word)

    def judge(self):
        for ident, what, want in self.expected:
            self.report.same(what, self.outcome.pop(ident), want)
        self.report.same("no other mail anywhere", self.outcome, {})


def build(stack):
    """The world, all of it in one transaction, and everyone's password."""
    stack.mailcfg("-f", "-", text=re.sub(
        r"^adduser (\S+)",
        lambda found: f"{found[0]} '{password(found[1])}'",
        WORLD, flags=re.MULTILINE))


def check_senders(stack, report):
    sessions = {}
    for login, sender, may in SENDERS:
        if login not in sessions:
            sessions[login] = Smtp(stack.postfix.submission, login,
                                   password(login))
        reply = sessions[login].envelope(sender, STRANGER)
        report.same(f"{login} sends as {sender}", brief(reply),
                    "250 2.1.5" if may else "553 5.7.1")
    for session in sessions.values():
        session.quit()
    outside = Smtp(stack.postfix.smtp)
    for sender, want in OUTSIDE_SENDERS:
        report.same(f"a stranger sends as <{sender}>",
                    brief(outside.envelope(sender, BERT)), want)
    for recipient, _ in ULABEL:
        report.same(f"MAIL with SMTPUTF8 for <{recipient}>",
                    brief(outside.envelope(STRANGER, recipient)),
                    "555 5.5.4")
    outside.quit()
    inside = Smtp(stack.postfix.submission)
    report.check("submission wants a login", not inside.envelope(
        STRANGER, AWAY).startswith("2"))
    inside.quit()


def lets_in(stack, service, user, secret):
    """Whether a service takes the password."""
    if service == "smtp":
        session = Smtp(stack.postfix.submission)
        reply = session.auth_plain(user, secret)
        session.quit()
        return reply.startswith("235 ")
    login = {"imap": imap_login, "pop3": pop3_login}[service]
    return login(getattr(stack.dovecot, service), user, secret) == "OK"


def check_logins(stack, report):
    """All of them side by side: a refusal takes its time."""
    tries = [(service, user, password(user))
             for user, _ in LOGINS for service in SERVICES]
    wrong = [(service, ANNA, password(BERT)) for service in SERVICES]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        let_in = dict(zip(tries + wrong, pool.map(
            lambda words: lets_in(stack, *words), tries + wrong)))
    for user, want in LOGINS:
        report.same(f"{user} logs in", " ".join(
            service for service in SERVICES
            if let_in[service, user, password(user)]), want)
    for words in wrong:
        report.check(f"{words[0]} refuses a wrong password",
                     not let_in[words])
    # A list of users is made by auth-worker, whatever the back end.
    report.same("doveadm lists the users", set(
        stack.dovecot.doveadm("user", "*").split()), {
            user.replace(IDN_U, IDN) for user in USERS} - OFF_USERS)
    report.same("who reads the database", stack.dovecot.workers(),
                {pwd.getpwnam("dovecot").pw_uid})


def check_quota(stack, report):
    """20 KiB: refused at RCPT when the size is announced, later when not."""
    tiny = "tiny@home.test"
    imap = Imap(stack.dovecot.imap, tiny, password(tiny))
    report.same("the quota is what was set", imap.storage_limit(), 20480)
    imap.logout()
    outside = Smtp(stack.postfix.smtp)
    for ident, size, announce, want in (
            ("too-much", 30000, True, "552 5.2.2"),
            ("unannounced", 30000, False, "250 2.0.0"),
            ("fits", 15000, True, "250 2.0.0"),
            ("no-room", 15000, True, "552 5.2.2")):
        reply = outside.deliver(STRANGER, tiny, message(ident, size=size),
                                announce)
        report.same(f"{ident}: {size} octets for 20 KiB", brief(reply), want)
        stack.postfix.drain()
    outside.quit()
    lmtp = Lmtp(stack.dovecot.lmtp)
    report.same("LMTP refuses as well", brief(lmtp.deliver(
        STRANGER, tiny, message("lmtp", size=15000))), "552 5.2.2")
    lmtp.quit()
    report.check("unannounced: sent back", ("unannounced", "bounce 5.2.2") in [
        recognise(sent.data) for sent in stack.sink.messages])
    report.same("fits: the only one there",
                [recognise(data) for data in read(stack, tiny)],
                [("fits", None)])


def traced(rows):
    """What "mailcfg trace" foretells, in the words of an outcome."""
    words = set()
    for row in rows:
        if row["result"] in ("mailbox", "external", "relay"):
            words.add(row["mailbox"] or plain(row["address"]))
        elif row["result"] == "refused":
            words.add(brief(row["reply"]))
        elif row["result"]:
            words.add("bounce 5.2.1" if row["result"] == "off"
                      else row["result"])
    return words


def check_trace(stack, report):
    """What trace foretells is what has become of the mail."""
    rows = []
    for recipient, want, *other in (*MAIL, *ULABEL):
        rows.append((f"trace {recipient}", want))
        rows.append((f"trace --inside {recipient}",
                     other[0] if other else want))
    for (question, want), answer in zip(
            rows, stack.ask(*(question for question, _ in rows))):
        report.same(question, traced(answer), want)


def check_maps(stack, report):
    """postmap(1), as the user Postfix runs as, and "mailcfg lookup"."""
    addresses = sorted({recipient for recipient, *_ in (*MAIL, *ULABEL)}
                       | {user.replace(IDN_U, IDN) for user in USERS})
    domains = sorted({address.split("@")[1] for address in addresses})
    keys = addresses + domains + ["@" + domain for domain in domains]
    for name in stack.postfix.map_names():
        asked = {key: sorted(answer.split(","))
                 for key, answer in stack.postfix.postmap(name, keys).items()}
        answers = stack.ask(*(f"lookup {name} {key}" for key in keys))
        found = {key: sorted(value for row in rows for value in row.values())
                 for key, rows in zip(keys, answers) if rows}
        report.check(f"{name} answers something", asked)
        report.same(f"lookup {name} as postmap", found, asked)


def check_live(stack, report):
    """Changes count from the next question on, without any reload."""
    outside = Smtp(stack.postfix.smtp)

    def reply_to(recipient):
        return brief(outside.envelope(STRANGER, recipient))

    def doors(secret):
        return [lets_in(stack, service, BERT, secret)
                for service in SERVICES]

    stack.mailcfg("passwd", BERT, "quite another 1")
    report.same("the new password", doors("quite another 1"), [True] * 3)
    report.same("the old password", doors(password(BERT)), [False] * 3)
    stack.mailcfg("disable", BERT)
    report.same("disabled: login", doors("quite another 1"), [False] * 3)
    report.same("disabled: mail", reply_to(BERT), OFF)
    report.same("disabled: no alias leads to it",
                reply_to("sub+tag@home.test"), OFF)
    stack.mailcfg("enable", BERT)
    report.same("enabled: login", doors("quite another 1"), [True] * 3)
    report.same("enabled: mail", reply_to(BERT), "250 2.1.5")
    report.same("not yet there", reply_to("new@home.test"), UNKNOWN)
    stack.mailcfg("addalias", "new@home.test", BERT)
    report.same("added", reply_to("new@home.test"), "250 2.1.5")
    stack.mailcfg("rmalias", "new@home.test")
    report.same("removed", reply_to("new@home.test"), UNKNOWN)
    outside.quit()


def run(stack, report):
    began = time.monotonic()
    build(stack)
    scenario = Scenario(stack, report)
    scenario.send_all()
    scenario.collect()
    scenario.judge()
    check_senders(stack, report)
    check_logins(stack, report)
    check_quota(stack, report)
    check_trace(stack, report)
    check_maps(stack, report)
    check_live(stack, report)
    report.same("the servers' logs hold no complaint", stack.complaints(), [])
    print(f"# {time.monotonic() - began:.1f} s")
