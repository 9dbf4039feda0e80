# SPDX-License-Identifier: LGPL-2.1-or-later
"""What mail programs do, each as one call that answers with plain text.

Owns: SMTP, LMTP, IMAP and POP3 as a client sees them.  A reply is the text
"550 5.1.1 ..."; brief() cuts it to its two codes.  Nothing here checks
anything.
"""

import base64
import imaplib
import poplib
import re
import smtplib
import ssl

HOST = "127.0.0.1"
TIMEOUT = 20
IDENT = "X-Test-Id"


def brief(reply):
    """"550 5.1.1 <x>: no" -> "550 5.1.1"."""
    return re.match(r"\d{3}(?: \d\.\d+\.\d+)?", reply)[0]


def message(ident, sender="", recipient="", size=0):
    """A message that can be told by ident, of at least size octets."""
    head = (f"From: <{sender}>\r\nTo: <{recipient}>\r\n{IDENT}: {ident}\r\n"
            f"Subject: {ident}\r\n\r\n").encode()
    line = b"x" * 70 + b"\r\n"
    return head + line * (1 + size // len(line))


class Session:
    """What SMTP and LMTP have in common."""

    def say(self, line):
        """Sends one command and returns the reply as text."""
        self.command_encoding = "utf-8"     # which rset() undoes
        code, text = self.docmd(line)
        return f"{code} {text.decode('utf-8', 'replace')}"

    def envelope(self, sender, recipient, size=0):
        """MAIL and RCPT: the first refusal, or the answer to RCPT."""
        self.rset()
        options = ""
        if size and self.has_extn("size"):
            options += f" SIZE={size}"
        if not (sender + recipient).isascii():
            options += " SMTPUTF8"
        reply = self.say(f"MAIL FROM:<{sender}>{options}")
        if not reply.startswith("2"):
            return reply
        return self.say(f"RCPT TO:<{recipient}>")

    def deliver(self, sender, recipient, data, announce=True):
        """One message to one recipient: the first refusal, or the last ok."""
        size = len(data) if announce else 0
        reply = self.envelope(sender, recipient, size)
        if not reply.startswith("2"):
            return reply
        code, text = self.data(data)
        return f"{code} {text.decode('utf-8', 'replace')}"


class Smtp(Session, smtplib.SMTP):
    """A session that has said EHLO, and done STARTTLS where it is offered."""

    def __init__(self, port, user=None, password=None):
        super().__init__(HOST, port, local_hostname="client.test",
                         timeout=TIMEOUT)
        self.ehlo()
        if self.has_extn("starttls"):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.starttls(context=context)
            self.ehlo()
        if user is not None:
            reply = self.auth_plain(user, password)
            if not reply.startswith("235 "):
                raise smtplib.SMTPException(reply)

    def auth_plain(self, user, password):
        """AUTH PLAIN; the reply."""
        secret = f"\0{user}\0{password}".encode()
        return self.say("AUTH PLAIN " + base64.b64encode(secret).decode())


class Lmtp(Session, smtplib.LMTP):
    """A session on a socket in the file system."""

    def __init__(self, path):
        super().__init__(path, local_hostname="client.test", timeout=TIMEOUT)
        self.ehlo()


class Imap(imaplib.IMAP4):
    """A session that has logged in; imaplib.IMAP4.error when it may not."""

    def __init__(self, port, user, password):
        super().__init__(HOST, port, timeout=TIMEOUT)
        secret = f"\0{user}\0{password}".encode()
        try:
            self.authenticate("PLAIN", lambda _: secret)
        except self.error:
            self.shutdown()
            raise

    def messages(self):
        """All messages of the inbox, in their order there."""
        self.select(readonly=True)
        _, data = self.uid("fetch", "1:*", "(BODY.PEEK[])")
        return [part[1] for part in data if isinstance(part, tuple)]

    def storage_limit(self):
        """The quota in octets, or None."""
        _, lines = self.getquotaroot("INBOX")
        found = re.search(rb"STORAGE \d+ (\d+)", b" ".join(
            line for group in lines for line in group if line))
        return int(found[1]) * 1024 if found else None


class Pop3(poplib.POP3):
    """A session that has logged in; poplib.error_proto when it may not."""

    def __init__(self, port, user, password):
        super().__init__(HOST, port, timeout=TIMEOUT)
        try:
            self.user(user)
            self.pass_(password)
        except poplib.error_proto:
            self.close()
            raise

    def messages(self):
        """All messages of the inbox."""
        count, _ = self.stat()
        return [b"\r\n".join(self.retr(n + 1)[1]) for n in range(count)]


def imap_login(port, user, password):
    """"OK", or why not."""
    try:
        Imap(port, user, password).logout()
    except imaplib.IMAP4.error as error:
        return str(error)
    return "OK"


def pop3_login(port, user, password):
    """"OK", or why not."""
    try:
        Pop3(port, user, password).quit()
    except poplib.error_proto as error:
        return str(error)
    return "OK"
