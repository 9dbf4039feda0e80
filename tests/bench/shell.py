# SPDX-License-Identifier: LGPL-2.1-or-later
"""Row "shell": how soon a person can type, and how soon Tab answers."""

import os
import pty
import select
import signal
import statistics
import time

from base import MAILCFG, say


class Typed:
    """mailcfg on a terminal of its own."""

    def __init__(self, path, home):
        self.fd, self.terminal = pty.openpty()
        self.begun = time.perf_counter()
        self.pid = os.posix_spawn(
            MAILCFG, [MAILCFG, "-d", path],
            {**os.environ, "HOME": home, "TERM": "xterm",
             "LC_ALL": "C.UTF-8"}, setsid=True, file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.ttyname(self.terminal),
                 os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)])
        self.seen = b""

    def until(self, text):
        """Milliseconds until a text comes; None when it does not."""
        while text not in self.seen:
            if not select.select([self.fd], [], [], 20)[0]:
                return None
            self.seen += os.read(self.fd, 4096)
        return (time.perf_counter() - self.begun) * 1000

    def type(self, text):
        self.seen = b""
        self.begun = time.perf_counter()
        os.write(self.fd, text)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        os.close(self.terminal)


class Shell:
    # Commands that ask nothing, to be started on a small database.
    PLAIN = ("version", "help", "lsdom", "lsuser", "lsalias", "lsquota",
             "log")

    def row_shell(self):
        path = self.database_of(self.grown)
        prompts, tabs = [], []
        for _ in range(11):
            typed = Typed(path, self.directory)
            prompts.append(typed.until(b"> "))
            typed.type(b"show u000001\t")
            tabs.append(typed.until(b"u0000019@bench.example"))
            typed.end()
        for what, times in (("prompt", prompts), ("completion", tabs)):
            self.show("sh", "< 50", times,
                      f"ms to the first {what} at {self.grown} users")
        slowest = []
        for command in self.PLAIN:
            ratios = self.pairs(
                lambda c=command: self.mailcfg(c),
                lambda: self.floor("ls", self.database), 15)
            slowest.append((statistics.median(ratios), ratios, command))
        _, ratios, command = max(slowest)
        self.show("sh", "<= 1.5", ratios,
                  f"the slowest of {len(slowest)} commands to start, "
                  f"{command} / one query")
