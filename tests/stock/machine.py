# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine of its own: a root, and namespaces for everything it does.

Owns: the processes of a machine, its network interface and its system log,
and their end: a machine is one pid namespace, whose end is that of all that
ran in it.  The program that starts machines has a network namespace of its
own, the outside world: 192.0.2.0/24, from which machines are asked.

    with Machine(layers) as machine:
        machine.run("mailcfg", "lsdom")
"""

import contextlib
import ctypes
import os
import shlex
import signal
import socket
import subprocess
import tempfile
import threading

from proc import Failure, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
# seconds for what takes a moment where nothing else runs
PATIENCE = 600
CLONE_NEWNET = 0x40000000
OUTSIDE = "192.0.2"         # the world; RFC 5737, for documentation
SOURCES = range(100, 250)   # its addresses that clients come from
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def host(*argv, seconds=60):
    """Runs a program of the host; Failure unless it succeeds."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=seconds)
    if done.returncode != 0:
        raise Failure(f"{shlex.join(argv)}: exit {done.returncode}\n"
                      f"{done.stdout}{done.stderr}")
    return done.stdout


def leave_network():
    """Puts this program in a network of its own: a bridge, and addresses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Failure("a network namespace: "
                      + os.strerror(ctypes.get_errno()))
    host("ip", "link", "set", "lo", "up")
    host("ip", "link", "add", "world", "type", "bridge")
    host("ip", "link", "set", "world", "up")
    for number in (1, *SOURCES):
        host("ip", "address", "add", f"{OUTSIDE}.{number}/24", "dev", "world")
    # a system log must not lose lines because nobody reads for a moment
    with open("/proc/sys/net/unix/max_dgram_qlen", "w",
              encoding="ascii") as length:
        length.write("10000\n")


class Log:
    """The system log: what arrives at /dev/log, line by line."""

    def __init__(self, path):
        self.lines, self.path = [], path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while data := self.socket.recv(65536):
            text = data.decode("utf-8", "replace").rstrip("\0\n")
            self.lines.append(text.partition(">")[2])

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def tail(self, *words, count=20):
        """The last lines that hold one of the words, or the last lines."""
        lines = [line for line in list(self.lines)
                 if not words or any(word in line for word in words)]
        return "\n".join(lines[-count:])


class Machine:
    """A root made of layers, first to last, and what runs in it."""

    def __init__(self, layers, mounts, name="mail.example.org", number=2,
                 outside=True):
        self.layers, self.mounts, self.name = layers, mounts, name
        self.address = f"{OUTSIDE}.{number}" if outside else None
        self.ends = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as ends:
            self.start(ends)
            self.ends = ends.pop_all()
        return self

    def __exit__(self, *failure):
        self.ends.close()

    def start(self, ends):
        namespaces = ["--mount", "--pid", "--uts", "--ipc", "--fork"]
        if self.address:
            namespaces.append("--net")
        # nothing outlives this program, not even when it is killed
        self.popen = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL",
             "unshare", "--kill-child", "--propagation", "private",
             *namespaces, f"{HERE}/init", self.mounts,
             ":".join(reversed(self.layers)), self.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            start_new_session=True)
        ends.callback(self.end)
        if self.popen.stdout.readline() != b"ready\n":
            raise Failure(f"the machine {self.name} does not start")
        self.pid = self.first_process()
        self.root = f"/proc/{self.pid}/root"
        if self.address:
            self.connect()
        self.log = Log(f"{self.root}/dev/log")
        ends.callback(self.log.close)

    def end(self):
        """Kills pid 1, and the kernel everything else."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.popen.stdout.close()

    def first_process(self):
        with open(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children",
                  encoding="ascii") as children:
            return int(children.read().split()[0])

    def connect(self):
        """A cable from the world's bridge to the machine's eth0."""
        here = f"to{self.pid}"
        host("ip", "link", "add", here, "type", "veth", "peer", "name",
             "eth0", "netns", str(self.pid))
        host("ip", "link", "set", here, "master", "world", "up")
        self.network("ip", "address", "add", f"{self.address}/24", "dev",
                     "eth0")
        self.network("ip", "link", "set", "eth0", "up")

    def network(self, *argv):
        """Runs a program of the host in the machine's network."""
        return host("nsenter", "--net", "--target", str(self.pid), *argv)

    def vanish(self):
        """Drops all that comes from or goes to the world, without a word."""
        self.network("nft", "add table inet gone; "
                     "add chain inet gone in { type filter hook input "
                     "priority 0; policy drop; }; "
                     "add chain inet gone out { type filter hook output "
                     "priority 0; policy drop; }; "
                     "add rule inet gone in iif lo accept; "
                     "add rule inet gone out oif lo accept")

    def come_back(self):
        self.network("nft", "delete table inet gone")

    # ---- commands --------------------------------------------------------

    def ask(self, *argv, text=None, user=None, seconds=PATIENCE, env=None):
        """Runs a program there; what it printed and how it ended."""
        words = ["nsenter", "--target", str(self.pid), "--mount", "--pid",
                 "--uts", "--ipc", "--net", "--root",
                 "env", "-i", "--chdir=/", f"PATH={PATH}", "HOME=/root",
                 "LC_ALL=C.UTF-8"]
        words += [f"{name}={value}" for name, value in (env or {}).items()]
        if user:
            words += ["runuser", "-u", user, "--"]
        # a daemon may keep the output open: files, not pipes
        with tempfile.TemporaryFile() as out, \
                tempfile.TemporaryFile() as err, \
                tempfile.TemporaryFile() as data:
            data.write(text.encode() if isinstance(text, str) else text or b"")
            data.seek(0)
            try:
                status = subprocess.run(
                    words + ["timeout", "-k", "5", str(seconds), *argv],
                    stdin=data, stdout=out, stderr=err, check=False,
                    timeout=seconds + 20).returncode
            finally:
                out.seek(0)
                err.seek(0)
                printed = (out.read().decode("utf-8", "replace"),
                           err.read().decode("utf-8", "replace"))
        return subprocess.CompletedProcess(argv, status, *printed)

    def run(self, *argv, **more):
        """Runs a program, which must succeed, and returns its stdout."""
        done = self.ask(*argv, **more)
        if done.returncode != 0:
            raise Failure(f"{self.name}: {shlex.join(argv)}: exit "
                          f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def shell(self, script, **more):
        """Runs lines of a shell, which must succeed."""
        return self.run("/bin/sh", "-ec", script, **more)

    def mailcfg(self, *args, **more):
        return self.run("mailcfg", *args, **more)

    def bind(self, path, where):
        """Makes a directory of the host one of the machine."""
        os.makedirs(path, exist_ok=True)
        os.makedirs(self.root + where)
        # the process that waits for pid 1 sees the host's root, too
        host("nsenter", "--mount", "--target", str(self.popen.pid), "mount",
             "--bind", path, f"{self.mounts}/root{where}")

    # ---- files -----------------------------------------------------------

    def read(self, path):
        with open(self.root + path, encoding="utf-8",
                  errors="replace") as text:
            return text.read()

    def write(self, path, text, mode=None):
        with open(self.root + path, "w", encoding="utf-8") as out:
            out.write(text)
        if mode is not None:
            os.chmod(self.root + path, mode)

    def listens(self, port):
        """Whether somebody accepts connections on a port."""
        with socket.socket() as probe:
            probe.settimeout(5)
            return probe.connect_ex((self.address, port)) == 0

    def wait_port(self, port, seconds=PATIENCE):
        wait_until(lambda: self.listens(port),
                   f"port {port} of {self.name}\n{self.log.tail()}", seconds)
