# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processes of the tests: start, wait for, and end for certain.

Owns: daemons that run as our children and end with us, bounded waiting, free
ports.  Nothing is ever found or signalled by its name: a child keeps its
process id until it is reaped, and a process group keeps its id while it has a
member, so neither number can have come to mean somebody else.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time


class Failure(Exception):
    """The test's surroundings do not work; nothing was shown either way."""


def need(*programs):
    """Puts the daemons' directories on the PATH; Failure names what is not
    installed."""
    os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        raise Failure("not installed: " + ", ".join(missing))


def wait_until(condition, what, seconds=20):
    """Polls until condition() is true and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)


def free_port():
    """A TCP port of 127.0.0.1 that nobody uses.

    Not one of the range the kernel takes outgoing connections from: such a
    port could be gone again before the daemon has bound it."""
    for _ in range(200):
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failure("no free port")


def accepts(port):
    """Whether somebody listens on that port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def exit_on_signals():
    """Lets the usual ends of a test run through its clean-up."""
    def leave(number, frame):
        sys.exit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, leave)


def run(argv, **more):
    """Runs a short command; Failure with its output unless it succeeds."""
    more.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(argv, stdout=subprocess.PIPE, timeout=60,
                          stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode != 0:
        raise Failure(f"{' '.join(argv)}: exit {done.returncode}\n"
                      + done.stdout)
    return done.stdout


class Child:
    """A daemon in the foreground, in a process group of its own."""

    def __init__(self, name, argv, log, stop=signal.SIGTERM, **more):
        self.name, self.stop_signal = name, stop
        with open(log, "ab") as out:
            self.popen = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, **more)
        self.log = log

    def alive(self):
        return self.popen.poll() is None

    def wait_ready(self, condition, what):
        """Waits for condition(), but not for a daemon that has ended."""
        wait_until(lambda: condition() or not self.alive(),
                   f"{self.name}: {what}")
        if not self.alive():
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise Failure(f"{self.name} ended at once:\n" + log.read())

    def group_alive(self):
        try:
            os.killpg(self.popen.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def stop(self, seconds=10):
        """Asks, waits, insists; then sees to what it left behind."""
        try:
            if self.alive():
                os.killpg(self.popen.pid, self.stop_signal)
                self.popen.wait(seconds)
            wait_until(lambda: not self.group_alive(), self.name, seconds)
        except (subprocess.TimeoutExpired, Failure):
            print(f"# {self.name} did not stop, killed", file=sys.stderr)
            if self.group_alive():
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
