# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private mail server: Postfix and Dovecot on a database of our own.

Owns: one directory below /tmp with everything in it, the daemons that run in
it, and their end.  The configuration of the mail servers is a frame that says
nothing about users, plus, as they are, the files and excerpts that
"mailcfg maps --write" gives: what we tell postmasters to use is what is tried.

    with Stack("sqlite") as stack:
        stack.mailcfg("adddom", "example.org")
"""

import contextlib
import ctypes
import grp
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile

from proc import (Child, Failure, accepts, free_port, need, run, wait_until)
from sink import Sink

BACKENDS = ("sqlite", "pgsql")
VMAIL = 5000            # owner of all mail; needs no entry in passwd
GROUP = "maildb"        # who may read the database
HOSTNAME = "mx.stack.test"


def find_mailcfg():
    """The command under test: $MAILCFG, or that of the build directory."""
    path = (os.environ.get("MAILCFG")
            or os.environ.get("top_builddir", ".") + "/mailcfg/mailcfg")
    if not os.access(path, os.X_OK):
        raise Failure(f"no command {path}: build first, or set MAILCFG")
    return os.path.abspath(path)


def own(path, user, mode=0o755):
    """Makes a directory that belongs to user (name or number)."""
    os.makedirs(path)
    if isinstance(user, str):
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    else:
        os.chown(path, user, user)
    os.chmod(path, mode)


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(path, mode)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as text:
        return text.read()


def tail(path, *words):
    """The lines of a log that hold one of the words."""
    if not os.path.exists(path):
        return []
    return [line for line in read(path).splitlines()
            if any(word in line for word in words)]


def private_group(top, ends):
    """Makes the group of readers, with postfix in it, for this process and
    its children alone: /etc/group is another file in their mount namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    clone_newns, ms_bind, ms_rec, ms_private = 0x20000, 4096, 16384, 1 << 18

    def mount(source, target, flags):
        if libc.mount(source, target, None, flags, None) != 0:
            raise Failure(f"mount: {os.strerror(ctypes.get_errno())}")

    lines = [line for line in read("/etc/group").splitlines()
             if not line.startswith(f"{GROUP}:")]
    used = {int(line.split(":")[2]) for line in lines}
    number = next(n for n in range(999, 0, -1) if n not in used)
    write(f"{top}/group",
          "\n".join([*lines, f"{GROUP}:x:{number}:postfix"]) + "\n")
    if libc.unshare(clone_newns) != 0:
        raise Failure(f"unshare: {os.strerror(ctypes.get_errno())}")
    mount(None, b"/", ms_rec | ms_private)
    mount(f"{top}/group".encode(), b"/etc/group", ms_bind)
    ends.callback(libc.umount2, b"/etc/group", 2)


class Postgres:
    """A cluster with no fsync, which lets the daemons in by TLS with a
    password, and nobody else but its superuser."""

    HBA = """\
hostssl maildb maildb_postfix,maildb_dovecot 127.0.0.1/32 scram-sha-256
host all postgres 127.0.0.1/32 trust
"""
    PASSWORDS = {"postfix": "moon:over water", "dovecot": "rain\\\\on it"}

    def __init__(self, top):
        self.top = top
        self.port = free_port()
        self.url = (f"postgresql://postgres@127.0.0.1:{self.port}/maildb"
                    f"?sslmode=verify-ca&sslrootcert={top}/tls/cert")

    @staticmethod
    def bindir():
        base = "/usr/lib/postgresql"
        versions = os.listdir(base) if os.path.isdir(base) else []
        if not versions:
            raise Failure(f"not installed: PostgreSQL (nothing in {base})")
        return os.path.join(base, max(versions, key=float), "bin")

    def start(self, ends):
        bindir, top = self.bindir(), self.top
        data = f"{top}/pg/data"
        account = pwd.getpwnam("postgres")
        identity = {"user": account.pw_uid, "group": account.pw_gid,
                    "extra_groups": [], "cwd": f"{top}/pg",
                    "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
        own(f"{top}/pg", "postgres", 0o700)
        run([f"{bindir}/initdb", "-D", data, "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C.UTF-8", "-N"], **identity)
        with open(f"{data}/postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
                       f"unix_socket_directories = '{top}/pg'\n"
                       "fsync = off\nmax_connections = 200\nssl = on\n"
                       "log_line_prefix = '%m [%p] %u '\n")
        write(f"{data}/pg_hba.conf", self.HBA)
        for name, key in (("server.crt", "cert"), ("server.key", "key")):
            shutil.copy(f"{top}/tls/{key}", f"{data}/{name}")
            os.chown(f"{data}/{name}", account.pw_uid, account.pw_gid)
            os.chmod(f"{data}/{name}", 0o600)
        child = Child("postgres", [f"{bindir}/postgres", "-D", data],
                      f"{top}/log/postgres", stop=signal.SIGINT, **identity)
        ends.callback(child.stop)
        child.wait_ready(lambda: self.answers(bindir), "no connection")
        self.sql("CREATE DATABASE maildb", database="postgres")

    def permit(self):
        """Gives the daemons' roles their passwords."""
        for daemon, password in self.PASSWORDS.items():
            self.sql(f"ALTER ROLE maildb_{daemon} PASSWORD '{password}'")

    def hand_out(self, daemon, maps):
        """A daemon's password in its passfile, as the files say to do it."""
        escaped = self.PASSWORDS[daemon].replace("\\", "\\\\").replace(
            ":", "\\:")
        path = f"{maps}/passfile"
        run(["install", "-m", "0600", "-o", daemon, "/dev/null", path])
        with open(path, "w", encoding="utf-8") as out:
            out.write(f"*:*:*:maildb_{daemon}:{escaped}\n")

    def answers(self, bindir):
        return subprocess.run(
            [f"{bindir}/pg_isready", "-q", "-h", "127.0.0.1",
             "-p", str(self.port)], check=False).returncode == 0

    def sql(self, text, database="maildb"):
        """Runs SQL as the superuser and returns what psql prints."""
        return run([f"{self.bindir()}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1",
                    "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres",
                    "-c", text, database])


class Sqlite:
    """A database file where mail servers may read and nothing more."""

    def __init__(self, top):
        self.top = top
        self.path = f"{top}/db/maildb.sqlite3"
        self.url = f"sqlite:{self.path}"

    def start(self, ends):
        """The documented directory, before there is a database in it."""
        folder = f"{self.top}/db"
        os.mkdir(folder)
        shutil.chown(folder, group=GROUP)
        os.chmod(folder, 0o2750)

    def hand_out(self, daemon, maps):
        """The files' modes let daemons in."""

    def permit(self):
        """Failure unless members of the group may read, and no more."""
        number = grp.getgrnam(GROUP).gr_gid
        for entry in os.scandir(os.path.dirname(self.path)):
            seen = entry.stat()
            if (stat.S_IMODE(seen.st_mode), seen.st_gid) != (0o640, number):
                raise Failure(f"{entry.path} is {seen}")


class Postfix:
    """An instance that takes mail on two ports: smtp, and submission."""

    FRAME = """\
compatibility_level = 3.6
config_directory = {top}/postfix
queue_directory = {top}/spool
data_directory = {top}/lib
maillog_file = {top}/log/maillog
maillog_file_prefixes = {top}
mail_owner = postfix
setgid_group = postdrop
myhostname = {hostname}
mydestination =
alias_maps =
alias_database =
local_transport = error:there is no local mail here
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
# nobody is trusted for the address they come from: all tests come from here
mynetworks = 127.255.255.254/32
biff = no
# whatever is not ours goes to the sink
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_tls_cert_file = {top}/tls/cert
smtpd_tls_key_file = {top}/tls/key
smtpd_tls_security_level = may
smtpd_relay_restrictions = reject_unauth_destination
# tests err a lot, and in one session
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 10000
smtpd_hard_error_limit = 10000
smtpd_junk_command_limit = 100000
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 2s
"""

    # The columns are Debian's, chroot included.
    SERVICES = """\
127.0.0.1:{smtp} inet n - y - - smtpd
pickup unix n - y 1 1 pickup
cleanup unix n - y - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - y 1000? 1 tlsmgr
rewrite unix - - y - - trivial-rewrite
bounce unix - - y - 0 bounce
defer unix - - y - 0 bounce
trace unix - - y - 0 bounce
verify unix - - y - 1 verify
flush unix n - y 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - y - - smtp
relay unix - - y - - smtp
lmtp unix - - y - - lmtp
showq unix n - y - - showq
error unix - - y - - error
retry unix - - y - - error
discard unix - - y - - discard
anvil unix - - y - 1 anvil
scache unix - - y - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

    def __init__(self, top, sink):
        self.top, self.sink = top, sink
        self.smtp, self.submission = free_port(), free_port()
        self.submissions = free_port()
        self.log = f"{top}/log/maillog"
        self.maps = f"{top}/maps/postfix"
        # libpq reads PGPASSWORD and the like before a map's own settings
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                    "MAIL_CONFIG": f"{top}/postfix"}

    def frame(self):
        """What there is before us: Dovecot's sockets are in the queue."""
        top = self.top
        for folder in ("postfix", "spool"):
            os.mkdir(f"{top}/{folder}")
        own(f"{top}/spool/private", "postfix", 0o700)
        own(f"{top}/lib", "postfix", 0o700)
        write(f"{top}/postfix/main.cf", self.FRAME.format(
            top=top, hostname=HOSTNAME, sink=self.sink))

    def configure(self):
        """The frame, then our snippets."""
        top = self.top
        write(f"{top}/postfix/main.cf", read(f"{top}/postfix/main.cf")
              + read(f"{self.maps}/main.cf"))
        lines = read(f"{self.maps}/master.cf").splitlines(keepends=True)
        write(f"{top}/postfix/master.cf",
              self.SERVICES.format(smtp=self.smtp)
              + "".join(map(self.on_our_port, lines)))

    def on_our_port(self, line):
        """The users' services where we may listen: not on port 587."""
        name, _, rest = line.partition(" ")
        port = {"submission": self.submission,
                "submissions": self.submissions}.get(name)
        return f"127.0.0.1:{port} {rest}" if port else line

    def start(self, ends):
        run(["postfix", "check"], env=self.env)
        where = run(["postconf", "-h", "daemon_directory"], env=self.env)
        child = Child("postfix", [f"{where.strip()}/master", "-c",
                                  f"{self.top}/postfix"],
                      f"{self.top}/log/postfix", env=self.env)
        ends.callback(child.stop)
        child.wait_ready(lambda: accepts(self.smtp)
                         and accepts(self.submission), "no open port")

    def map_names(self):
        """What "mailcfg maps" wrote, but for the excerpts."""
        return sorted(name.removesuffix(".cf")
                      for name in os.listdir(self.maps)
                      if name.endswith(".cf")
                      and name not in ("main.cf", "master.cf"))

    def postmap(self, name, keys, user="postfix"):
        """What a map answers to keys, {key: answer}, asked as that user."""
        kind = run(["postconf", "-h", "virtual_mailbox_domains"],
                   env=self.env).split(":/", 1)[0]
        done = subprocess.run(
            ["runuser", "-u", user, "--", "postmap", "-q", "-",
             f"{kind.removeprefix('proxy:')}:{self.maps}/{name}.cf"],
            input="".join(key + "\n" for key in keys), timeout=60,
            capture_output=True, text=True, env=self.env, check=False)
        if done.returncode not in (0, 1) or done.stderr:
            raise Failure(f"postmap {name}: {done.stderr}")
        return dict(line.split("\t", 1) for line in done.stdout.splitlines())

    def sendmail(self, sender, recipient, data):
        """Submits as a local program does, past every smtpd restriction."""
        run(["sendmail", "-f", sender, "-i", "--", recipient],
            env=self.env, stdin=None, input=data.decode())

    def queue(self):
        """The names of all messages that are still on their way."""
        return [name for folder in ("maildrop", "incoming", "active",
                                    "deferred", "hold")
                for _, _, names in os.walk(f"{self.top}/spool/{folder}")
                for name in names]

    def drain(self, seconds=30):
        """Waits until all mail has been delivered or sent back."""
        try:
            wait_until(lambda: not self.queue(), "an empty queue", seconds)
        except Failure as failure:
            stuck = tail(self.log, "status=deferred", "fatal", "warning")
            raise Failure("\n".join([str(failure), *stuck[-20:]])) from None


class Dovecot:
    """IMAP, POP3, LMTP, quota, and authentication for Postfix."""

    FRAME = """\
base_dir = {top}/run/dovecot
state_dir = {top}/run/state
log_path = {top}/log/dovecot
auth_verbose = yes
listen = 127.0.0.1
protocols = imap pop3 lmtp
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_uid = {vmail}
mail_gid = {vmail}
postmaster_address = postmaster@{hostname}
hostname = {hostname}
namespace inbox {{
  inbox = yes
}}
plugin {{
  quota_grace = 0
}}
# every login comes from one address here: no ever longer delays for it
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
}}
"""

    def __init__(self, top):
        self.top = top
        self.imap, self.pop3 = free_port(), free_port()
        self.lmtp = f"{top}/spool/private/dovecot-lmtp"
        self.log = f"{top}/log/dovecot"
        self.maps = f"{top}/maps/dovecot"
        self.conf = f"{top}/dovecot.conf"

    def configure(self):
        """The frame, then our excerpt."""
        frame = self.FRAME.format(top=self.top, hostname=HOSTNAME, vmail=VMAIL,
                                  imap=self.imap, pop3=self.pop3)
        write(self.conf, frame + read(f"{self.maps}/dovecot.conf"))

    def start(self, ends):
        child = Child("dovecot", ["dovecot", "-F", "-c", self.conf],
                      f"{self.top}/log/dovecot-start")
        ends.callback(child.stop)
        self.pid = child.popen.pid
        child.wait_ready(lambda: accepts(self.imap) and accepts(self.pop3)
                         and os.path.exists(self.lmtp), "no open port")

    def workers(self):
        """The users that ask the database in auth's stead, by their ids."""
        users = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                words = read(f"/proc/{pid}/cmdline").split("\0")
                if words[:2] == ["dovecot/auth", "-w"] and \
                        self.is_ours(pid):
                    users.add(os.stat(f"/proc/{pid}").st_uid)
        return users

    def is_ours(self, pid):
        """Whether a process was started by this Dovecot."""
        return int(read(f"/proc/{pid}/stat").rpartition(")")[2].split()[1]) \
            == self.pid

    def doveadm(self, *args):
        """Runs doveadm and returns what it prints."""
        return run(["doveadm", "-c", self.conf, *args])


class Stack:
    """All of it, up between "with" and its end, however that comes."""

    def __init__(self, backend, keep=False):
        self.backend, self.keep = backend, keep
        self.program = find_mailcfg()
        need("postfix", "postconf", "postmap", "sendmail", "dovecot",
             "doveadm", "openssl", "runuser")
        if os.geteuid() != 0:
            raise Failure("root is needed: mail servers change their users")
        self.ends = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as ends:
            self.start(ends)
            self.ends = ends.pop_all()
        return self

    def __exit__(self, *failure):
        self.ends.close()

    def start(self, ends):
        """Brings everything up; ends then knows how to take it down."""
        # short: a socket's path may have 107 octets
        self.top = top = tempfile.mkdtemp(prefix="maildb-", dir="/tmp")
        ends.callback(self.remove)
        os.chmod(top, 0o755)
        for folder in ("log", "run", "run/state", "maps", "home"):
            os.mkdir(f"{top}/{folder}")
        own(f"{top}/mail", VMAIL, 0o750)
        private_group(top, ends)
        self.certify()
        self.sink = Sink()
        ends.callback(self.sink.stop)
        self.db = {"sqlite": Sqlite, "pgsql": Postgres}[self.backend](top)
        self.postfix = Postfix(top, self.sink.port)
        self.dovecot = Dovecot(top)
        self.db.start(ends)
        self.mailcfg("init")
        self.mailcfg("set", "mail_root", f"{top}/mail")
        self.db.permit()
        self.postfix.frame()
        for daemon in (self.dovecot, self.postfix):
            name = type(daemon).__name__.lower()
            self.mailcfg("maps", name, "--write", daemon.maps)
            self.db.hand_out(name, daemon.maps)
            daemon.configure()
            daemon.start(ends)

    def certify(self):
        """A key and a certificate that no one need trust."""
        os.mkdir(f"{self.top}/tls")
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={HOSTNAME}", "-keyout", f"{self.top}/tls/key",
             "-out", f"{self.top}/tls/cert"])
        os.chmod(f"{self.top}/tls/key", 0o600)

    def remove(self):
        if self.keep:
            print(f"# kept: {self.top}")
        else:
            shutil.rmtree(self.top)

    def run(self, *args, text=None):
        """Runs mailcfg on our database, on nobody's own settings."""
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
               "HOME": f"{self.top}/home", "MAILCFG_DB": self.db.url,
               "MAIL_CONFIG": f"{self.top}/postfix"}
        return subprocess.run([self.program, *args], input=text or "",
                              capture_output=True, text=True, timeout=60,
                              env=env, check=False)

    def mailcfg(self, *args, text=None):
        """Runs mailcfg, which must succeed, and returns its stdout."""
        done = self.run(*args, text=text)
        if done.returncode != 0:
            raise Failure(f"mailcfg {' '.join(args)}: exit "
                          f"{done.returncode}\n{done.stderr}{done.stdout}")
        return done.stdout

    def ask(self, *questions):
        """For each command line the rows that mailcfg lists, as
        dictionaries; all in one run of it."""
        text = "".join(question + "\n" for question in questions)
        # an answer without a row is a failure of its line only
        done = self.run("--json", "--keep-going", "-f", "-", text=text)
        answers = json.loads(done.stdout or "{}").get("results", [])
        if len(answers) != len(questions) or any(
                "error" in answer for answer in answers):
            raise Failure(f"mailcfg -f: exit {done.returncode}\n{text}\n"
                          f"{done.stdout}\n{done.stderr}")
        return [next(value for key, value in answer.items()
                     if isinstance(value, list) and key != "warnings")
                for answer in answers]

    def complaints(self):
        """What the daemons' logs hold that a sound server never says."""
        lines = (tail(self.postfix.log, ": fatal:", ": panic:", ": warning:")
                 + tail(self.dovecot.log, "Error:", "Fatal:", "Panic:"))
        # but wrong passwords, and quota-status meeting SMTPUTF8, are tests;
        # and auth, busy with many hashes, gives a connection up and retries
        return [line for line in lines if "authentication failed" not in line
                and "quota-status" not in line
                and "Connect failed: Timeout after" not in line]
