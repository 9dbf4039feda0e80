# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs mailcfg on one database; what its exit codes claim."""

import os
import subprocess

from proc import Failure

DONE, REFUSED, UNUSABLE, UNKNOWN, INTERRUPTED = 0, 1, 3, 7, 130
HASH = ("{CRYPT}$y$j9T$F5Jx5fExrKuPp53xLKQ..1$"
        "X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7")


def find_mailcfg():
    """The command under test: $MAILCFG, or that of the build directory."""
    path = (os.environ.get("MAILCFG")
            or os.environ.get("top_builddir", ".") + "/mailcfg/mailcfg")
    if not os.access(path, os.X_OK):
        raise Failure(f"no command {path}: build first, or set MAILCFG")
    return os.path.abspath(path)


class Client:
    def __init__(self, url, *options):
        self.argv = [find_mailcfg(), "-d", url, *options]
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def start(self, *args, **more):
        return subprocess.Popen([*self.argv, *args], env=self.env, text=True,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def run(self, *args, text=None, seconds=60):
        """CompletedProcess of a command; text is its standard input."""
        return subprocess.run([*self.argv, *args], env=self.env, text=True,
                              input=text or "", capture_output=True,
                              timeout=seconds, check=False)

    def must(self, *args, text=None):
        done = self.run(*args, text=text)
        if done.returncode != DONE:
            raise Failure(f"{' '.join(args)}: exit {done.returncode}\n"
                          + done.stdout + done.stderr)
        return done.stdout
