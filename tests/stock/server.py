# SPDX-License-Identifier: LGPL-2.1-or-later
"""A mail server on a machine: its daemons, and how it looks to a client.

Owns: the start and stop of daemons as Debian does it without systemd, and the
places where clients connect.  Every session comes from an address of its own,
outside mynetworks, as sessions in the world do: otherwise the wrong passwords
of one test would make Dovecot slow for the next.
"""

import itertools
import os

from clients import (Imap, Lmtp, Place, Pop3, Smtp, imap_login, message,
                     policy, pop3_login, sieve_login, smtp_login)
from machine import OUTSIDE, PATIENCE, SOURCES, Machine
from proc import Failure, wait_until

# name, the port that shows that it is up
SERVICES = (("dovecot", 143), ("postfix", 25))
PID_FILES = {"dovecot": "/run/dovecot/master.pid",
             "postfix": "/var/spool/postfix/pid/master.pid"}
PORTS = {"smtp": 25, "submission": 587, "submissions": 465, "imap": 143,
         "imaps": 993, "pop3": 110, "pop3s": 995, "sieve": 4190}
WRAPPED = ("submissions", "imaps", "pop3s")
LOGINS = {"submission": smtp_login, "submissions": smtp_login,
          "imap": imap_login, "imaps": imap_login, "pop3": pop3_login,
          "pop3s": pop3_login, "sieve": sieve_login}
SPOOL = "/var/spool/postfix"
DATABASE = "/var/lib/maildb/maildb.sqlite3"


class Server(Machine):
    """A machine whose layers hold Postfix and Dovecot."""

    sources = itertools.cycle(SOURCES)

    # ---- daemons ---------------------------------------------------------

    def service(self, name, what):
        """What "service NAME start" does on Debian, or else the unit."""
        if os.path.exists(f"{self.root}/etc/init.d/{name}"):
            return self.run("service", name, what)
        for line in self.unit(name, what):
            self.run("/bin/sh", "-c", line)
        return ""

    def unit(self, name, what):
        """The commands of a systemd unit for start, stop or reload."""
        keys = {"start": ("ExecStartPre", "ExecStart"),
                "stop": ("ExecStop",), "reload": ("ExecReload",)}[what]
        lines = self.read(f"/usr/lib/systemd/system/{name}.service")
        return [line.split("=", 1)[1].lstrip("-") for key in keys
                for line in lines.splitlines() if line.startswith(key + "=")]

    def boot(self):
        """Starts the daemons, in no order that matters."""
        for name, port in SERVICES:
            self.service(name, "start")
            self.wait_port(port)

    def shut_down(self):
        """Stops the daemons that run."""
        for name, pid_file in PID_FILES.items():
            process = self.process(pid_file)
            if os.path.exists(process):
                self.service(name, "stop")
            # as long as it is there, none is started
            wait_until(lambda process=process: not os.path.exists(process),
                       f"the end of {name}", PATIENCE)

    def process(self, pid_file):
        """The directory in /proc of a daemon, if it runs."""
        try:
            pid = self.read(pid_file).strip()
        except FileNotFoundError:
            pid = "none"
        return f"{self.root}/proc/{pid}"

    def reboot(self):
        self.shut_down()
        self.boot()

    # ---- clients ---------------------------------------------------------

    def place(self, service):
        """Where a service is, for a client that nobody has seen before."""
        return Place(self.address, PORTS[service],
                     f"{OUTSIDE}.{next(self.sources)}", service in WRAPPED)

    def login(self, service, user, secret):
        """"OK", or why not."""
        return LOGINS[service](self.place(service), user, secret)

    def smtp(self):
        return Smtp(self.place("smtp"))

    def submission(self, user, secret, service="submission"):
        return Smtp(self.place(service), user, secret)

    def inbox(self, user, secret, folder="INBOX"):
        """All messages of a user's folder."""
        session = Imap(self.place("imap"), user, secret)
        try:
            return session.messages(folder)
        finally:
            session.logout()

    def pop3(self, user, secret):
        return Pop3(self.place("pop3"), user, secret)

    def lmtp(self):
        return Lmtp(f"{self.root}{SPOOL}/private/dovecot-lmtp")

    def policy(self, **attributes):
        return policy(f"{self.root}{SPOOL}/private/quota-status",
                      **attributes)

    def sendmail(self, data, *recipients):
        """Submits as a local program does."""
        self.run("sendmail", "-i", "--", *recipients, text=data)

    def deliver(self, recipient, ident, sender="stranger@remote.test"):
        """One message from outside: the first refusal, or the last ok."""
        session = self.smtp()
        try:
            return session.deliver(sender, recipient,
                                   message(ident, sender, recipient))
        finally:
            session.close()

    # ---- the queue -------------------------------------------------------

    def queue(self, *folders):
        """The names of messages that are on their way."""
        return [name for folder in folders or ("maildrop", "incoming",
                                               "active", "deferred")
                for _, _, names in os.walk(f"{self.root}{SPOOL}/{folder}")
                for name in names]

    def settle(self, seconds=PATIENCE):
        """Waits until no message is being worked on."""
        try:
            wait_until(lambda: not self.queue("maildrop", "incoming",
                                              "active"),
                       "Postfix to be done", seconds)
        except Failure as failure:
            raise Failure(f"{failure}\n{self.log.tail()}") from None
