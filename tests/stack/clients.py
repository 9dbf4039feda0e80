# SPDX-License-Identifier: LGPL-2.1-or-later
"""What mail programs do, each as one call that answers with plain text.

Owns: SMTP, LMTP, IMAP, POP3, ManageSieve and Postfix' policy protocol as a
client sees them.  A reply is the text "550 5.1.1 ..."; brief() cuts it to its
two codes.  TLS is used wherever it is offered.  Nothing here checks anything.
"""

import base64
import collections
import imaplib
import poplib
import re
import smtplib
import socket
import ssl

HOST = "127.0.0.1"
TIMEOUT = 20
IDENT = "X-Test-Id"

# Where a server listens; the address that the client comes from, if not any;
# and whether TLS begins at once.  A port alone is one of this host.
Place = collections.namedtuple("Place", "host port source wrapped",
                               defaults=(None, False))


def brief(reply):
    """"550 5.1.1 <x>: no" -> "550 5.1.1"."""
    return re.match(r"\d{3}(?: \d\.\d+\.\d+)?", reply)[0]


def place(where):
    return where if isinstance(where, Place) else Place(HOST, where)


def trusting():
    """TLS with whoever answers."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def connect(where):
    """A socket to a place, in TLS where that begins at once."""
    raw = socket.create_connection((where.host, where.port), TIMEOUT,
                                   where.source and (where.source, 0))
    return trusting().wrap_socket(raw) if where.wrapped else raw


def plain_secret(user, password):
    """What the mechanism PLAIN sends."""
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


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

    def __init__(self, where, user=None, password=None):
        self.where = place(where)
        super().__init__(self.where.host, self.where.port,
                         local_hostname="client.test", timeout=TIMEOUT)
        self.ehlo()
        if self.has_extn("starttls"):
            self.starttls(context=trusting())
            self.ehlo()
        if user is not None:
            reply = self.auth_plain(user, password)
            if not reply.startswith("235 "):
                self.close()
                raise smtplib.SMTPException(reply)

    def _get_socket(self, *_):
        return connect(self.where)

    def auth_plain(self, user, password):
        """AUTH PLAIN; the reply."""
        return self.say("AUTH PLAIN " + plain_secret(user, password))


class Lmtp(Session, smtplib.LMTP):
    """A session on a socket in the file system."""

    def __init__(self, path):
        super().__init__(path, local_hostname="client.test", timeout=TIMEOUT)
        self.ehlo()


class Imap(imaplib.IMAP4):
    """A session that has logged in; imaplib.IMAP4.error when it may not."""

    def __init__(self, where, user, password):
        self.where = place(where)
        super().__init__(self.where.host, self.where.port, timeout=TIMEOUT)
        secret = f"\0{user}\0{password}".encode()
        try:
            if "STARTTLS" in self.capabilities:
                self.starttls(trusting())
            self.authenticate("PLAIN", lambda _: secret)
        except self.error:
            self.shutdown()
            raise

    def _create_socket(self, timeout):
        return connect(self.where)

    def messages(self, folder="INBOX"):
        """All messages of a folder, in their order there."""
        self.select(folder, readonly=True)
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

    def __init__(self, where, user, password):
        self.where = place(where)
        super().__init__(self.where.host, self.where.port, timeout=TIMEOUT)
        try:
            if "STLS" in self.capa():
                self.stls(trusting())
            self.user(user)
            self.pass_(password)
        except poplib.error_proto:
            self.close()
            raise

    def _create_socket(self, timeout):
        return connect(self.where)

    def messages(self):
        """All messages of the inbox."""
        count, _ = self.stat()
        return [b"\r\n".join(self.retr(n + 1)[1]) for n in range(count)]


class Sieve:
    """A ManageSieve session that has logged in; its login is a reply, too."""

    def __init__(self, where, user, password):
        self.socket = connect(place(where))
        self.stream = self.socket.makefile("rb")
        if "STARTTLS" in self.reply():
            self.say("STARTTLS")
            self.stream.close()
            self.socket = trusting().wrap_socket(self.socket)
            self.stream = self.socket.makefile("rb")
            self.reply()
        self.login = self.say('AUTHENTICATE "PLAIN" "'
                              + plain_secret(user, password) + '"')

    def reply(self):
        """Lines up to the one that ends a response."""
        lines = []
        while not lines or not re.match("OK|NO|BYE", lines[-1]):
            line = self.stream.readline()
            if not line:
                return "BYE"
            lines.append(line.decode("utf-8", "replace"))
        return "".join(lines)

    def say(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.reply()

    def activate(self, name, script):
        """Stores a script and makes it the one in use; the replies."""
        size = len(script.encode())
        return (self.say(f'PUTSCRIPT "{name}" {{{size}+}}\r\n{script}')
                + self.say(f'SETACTIVE "{name}"'))

    def close(self):
        self.stream.close()
        self.socket.close()


def policy(path, **attributes):
    """The action that a policy service answers; "" when it says none."""
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(TIMEOUT)
        stream.connect(path)
        lines = {"request": "smtpd_access_policy", **attributes}
        stream.sendall("".join(f"{name}={value}\n" for name, value
                               in lines.items()).encode() + b"\n")
        answer = stream.makefile("rb").readline().decode().strip()
        return answer.removeprefix("action=")


def imap_login(where, user, password):
    """"OK", or why not."""
    try:
        Imap(where, user, password).logout()
    except imaplib.IMAP4.error as error:
        return str(error)
    return "OK"


def pop3_login(where, user, password):
    """"OK", or why not."""
    try:
        Pop3(where, user, password).quit()
    except poplib.error_proto as error:
        return str(error)
    return "OK"


def smtp_login(where, user, password):
    """"OK", or why not."""
    try:
        Smtp(where, user, password).quit()
    except smtplib.SMTPException as error:
        return str(error)
    return "OK"


def sieve_login(where, user, password):
    """"OK", or why not."""
    session = Sieve(where, user, password)
    session.close()
    return "OK" if session.login.startswith("OK") else session.login
