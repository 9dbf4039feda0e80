# SPDX-License-Identifier: LGPL-2.1-or-later
"""A terminal with a program in it, by a private tmux server.

Waiting is always for something on the screen, never for time to pass.
"""

import os
import shutil
import subprocess
import tempfile
import time

PROGRAM = os.path.abspath(os.environ.get("MAILCFG") or os.path.join(
    os.environ.get("top_builddir", "."), "mailcfg/mailcfg"))


class World:
    """A directory with a database, and what mailcfg finds around it."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="mailcfg-shell-")
        self.path = f"{self.top}/maildb.sqlite3"
        os.mkdir(f"{self.top}/bin")
        os.symlink(PROGRAM, f"{self.top}/bin/mailcfg")
        self.env = {
            "PATH": f"{self.top}/bin:" + os.environ["PATH"],
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": self.top,
            "MAILCFG_DB": f"sqlite:{self.path}", "PAGER": "cat"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.history = f"{self.top}/.local/state/mailcfg/history"

    def __enter__(self):
        for line in ("init", "adddom example.org", "adddom example.net",
                     "adddom münchen.example",
                     "adduser anna@example.org --no-password",
                     "adduser annette@example.org --no-password",
                     "adduser bob@example.net --no-password",
                     "addalias info@example.org anna@example.org"):
            done = self.run(*line.split())
            assert done.returncode == 0, done.stderr
        return self

    def __exit__(self, *failure):
        shutil.rmtree(self.top)

    def run(self, *args, **more):
        """Runs mailcfg without a terminal."""
        more.setdefault("stdin", subprocess.DEVNULL)
        if "input" in more:
            del more["stdin"]
        return subprocess.run([PROGRAM, *args], env=self.env, timeout=60,
                              cwd=self.top, capture_output=True, text=True,
                              check=False, **more)


class Terminal:
    """A screen of some size with one program, which ends with it."""

    def __init__(self, world, *argv, width=100, height=30, **env):
        self.directory = tempfile.mkdtemp(prefix="mailcfg-tmux-")
        self.env = {**world.env, **env}
        words = [f"{name}={value}" for name, value in self.env.items()]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-c", world.top,
                  "-x", str(width), "-y", str(height), "env", "-i",
                  "TERM=screen", *words, *(argv or (PROGRAM,)),
                  ";", "set-option", "-g", "remain-on-exit", "on",
                  ";", "set-option", "-g", "status", "off")
        self.pid = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        self.asked = 0  # prompts before the last line was typed

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.tmux("kill-server")
        shutil.rmtree(self.directory)

    def tmux(self, *words):
        return subprocess.run(
            ["tmux", "-u", "-S", f"{self.directory}/socket", *words],
            env={**self.env, "TERM": "screen"}, timeout=60, check=True,
            stdout=subprocess.PIPE, text=True).stdout

    def type(self, text):
        """Types characters as they are."""
        self.tmux("send-keys", "-l", text)

    def press(self, *keys):
        """Presses keys by their names: Enter, Tab, C-c..."""
        self.tmux("send-keys", *keys)

    def prompts(self):
        """How many prompts of the shell there are, each with its line."""
        return sum(line.startswith("mailcfg maildb")
                   for line in self.screen().split("\n"))

    def enter(self, text):
        self.asked = self.prompts()
        self.type(text)
        self.press("Enter")

    def screen(self):
        """What is on it and has left it, without blanks at the ends."""
        lines = self.tmux("capture-pane", "-p", "-J", "-S", "-500")
        return "\n".join(line.rstrip() for line in lines.split("\n")).rstrip()

    def line(self):
        return self.screen().split("\n")[-1]

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def shows(self, text, times=1):
        """Whether a text comes up on the screen, for the so-manyth time."""
        return self.wait(lambda: self.screen().count(text) >= times)

    def runs(self):
        """Whether the typed line is taken: the cursor is below it."""
        return self.wait(lambda: self.tmux(
            "display-message", "-p", "#{cursor_x}").strip() == "0")

    def ends_with(self, text):
        """Whether the last line comes to be this one."""
        return self.wait(lambda: self.line() == text)

    def dead(self):
        return self.wait(lambda: self.tmux(
            "display-message", "-p", "#{pane_dead}").strip() == "1")
