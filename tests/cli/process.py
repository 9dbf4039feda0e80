# SPDX-License-Identifier: LGPL-2.1-or-later
"""mailcfg as a process: terminals, signals, what others can see of it.

Owns what a transcript cannot show.  A lock on the database, held here, keeps
a command alive for as long as it is looked at.
"""

import contextlib
import fcntl
import itertools
import os
import re
import resource
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import termios
import threading
import time

SECRET = "sesame-open-4711"


def environment(top, url):
    """What mailcfg finds around it: nothing of this machine's own."""
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
           "HOME": top, "MAILCFG_DB": url, "MAILCFG_VIA": "test"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    return env


class World:
    """A directory with a database that has a domain and a user."""

    def __init__(self, program, result):
        self.program, self.check = program, result
        self.top = tempfile.mkdtemp(prefix="mailcfg-process-")
        self.path = f"{self.top}/maildb.sqlite3"
        self.env = environment(self.top, f"sqlite:{self.path}")

    def __enter__(self):
        self.run("init")
        self.run("adddom", "example.org")
        self.run("adduser", "anna@example.org", "--no-password")
        return self

    def __exit__(self, *failure):
        shutil.rmtree(self.top)

    def run(self, *args, **more):
        return subprocess.run([self.program, *args], env=self.env, timeout=60,
                              stdin=more.pop("stdin", subprocess.DEVNULL),
                              capture_output=True, text=True, check=False,
                              **more)

    def start(self, *args, **more):
        return subprocess.Popen(
            [self.program, *args], env=self.env, text=True,
            stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=more.pop("stderr", subprocess.PIPE), **more)

    @contextlib.contextmanager
    def locked(self):
        """Holds the writers' lock."""
        with contextlib.closing(sqlite3.connect(
                self.path, isolation_level=None)) as db:
            db.execute("PRAGMA busy_timeout = 10000")
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")

    def logs_in(self, password):
        return self.run("verify", "anna@example.org", "--password-fd", "0",
                        stdin=None, input=password).returncode == 0


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def threads_wait(child):
    """Whether the process sleeps, with its database open."""
    def opened():
        try:
            return any(os.readlink(f"/proc/{child.pid}/fd/{fd}").endswith(
                "-wal") for fd in os.listdir(f"/proc/{child.pid}/fd"))
        except OSError:
            return False
    return wait_for(opened)


def cmdline(child):
    with open(f"/proc/{child.pid}/cmdline", "rb") as file:
        return file.read().decode().split("\0")


def check_argv(world):
    cases = {
        "a password": ["passwd", "anna@example.org", SECRET],
        "a hash": ["passwd", "anna@example.org", "--allow-weak-hash",
                   "--hash", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/"],
    }
    for what, args in cases.items():
        with world.locked():
            child = world.start(*args)
            world.check(threads_wait(child), f"{what}: the command waits")
            seen = cmdline(child)
            world.check(args[-1] not in seen and "" in seen
                        and args[1] in seen,
                        f"{what} as argument is wiped from argv", str(seen))
        out, err = child.communicate(timeout=60)
        world.check(out == "password updated anna@example.org\n"
                    and args[-1] not in err and child.returncode == 0,
                    f"{what}: done, and told nobody", out, err)


def check_signals(world):
    for number in (signal.SIGINT, signal.SIGTERM):
        with world.locked():
            child = world.start("adddom", "never.example")
            threads_wait(child)
            time.sleep(0.1)
            child.send_signal(number)
            out, err = child.communicate(timeout=60)
        world.check(child.returncode == 130 and out == ""
                    and "nothing was committed" in err,
                    f"{number.name}: exit 130", str(child.returncode), out,
                    err)
        world.check("never" not in world.run("lsdom").stdout,
                    f"{number.name}: nothing was committed")


def check_doveadm(world):
    """A helper that hangs is not waited for when a signal came."""
    os.mkdir(f"{world.top}/bin")
    with open(f"{world.top}/bin/doveadm", "w", encoding="ascii") as file:
        file.write(f"#!/bin/sh\n: >{world.top}/runs\nexec sleep 3600\n")
    os.chmod(f"{world.top}/bin/doveadm", 0o755)
    world.env["PATH"] = f"{world.top}/bin:" + world.env["PATH"]
    child = world.start("disable", "--flush", "anna@example.org",
                        start_new_session=True)
    world.check(wait_for(lambda: os.path.exists(f"{world.top}/runs")),
                "doveadm runs")
    child.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(20)
    world.check(child.returncode is not None, "SIGTERM ends the wait for it")
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate(timeout=60)


def check_second_signal(world):
    """A server that never answers: libpq goes on waiting after a signal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with contextlib.closing(socket.create_server(
                ("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
            child = world.start("-d", f"postgresql://127.0.0.1:{port}/no",
                                "lsdom")
            server.settimeout(20)
            with server.accept()[0] as connection:
                connection.recv(8)  # it has begun to wait for us
                child.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(0.5)
                if child.returncode is None:
                    child.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(20)
            world.check(child.returncode in (130, -number),
                        f"a second {number.name} ends what does not listen",
                        str(child.returncode))
            child.kill()
            child.communicate(timeout=60)


def check_shell_signals(world):
    """The shell on a pipe, interrupted between and in its lines."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        child = world.start("shell", stdin=subprocess.PIPE)
        child.stdin.write("begin\nadddom never.example\n")
        child.stdin.flush()
        world.check(child.stdout.readline() == "added domain never.example\n",
                    "the shell has run a line")
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        world.check(child.returncode == 130 and out == "" and err ==
                    "mailcfg: standard input:2: interrupted; "
                    "the lines after this one were not run\n"
                    "mailcfg: standard input:2: "
                    "the open transaction was rolled back\n"
                    "hint: end it with commit\n",
                    f"{number.name} in a shell that reads: exit 130", err,
                    out, str(child.returncode))
        with world.locked():
            child = world.start("shell", stdin=subprocess.PIPE)
            child.stdin.write("adddom never.example\nadddom no.example\n")
            child.stdin.flush()
            threads_wait(child)
            child.send_signal(number)
            out, err = child.communicate(timeout=60)
        world.check(child.returncode == 130 and out == "" and
                    ":1: interrupted; the lines after" in err,
                    f"{number.name} in a line of it: exit 130", err, out)
    world.check("example.org (id 1)\n" == world.run("lsdom").stdout,
                "none of the lines was done")


class Terminal:
    """A command with a terminal of its own, which we look at from behind."""

    def __init__(self, world, *args, stderr=False):
        self.master, self.slave = os.openpty()
        self.child = world.start(
            *args, stdin=self.slave, start_new_session=True,
            stderr=self.slave if stderr else subprocess.PIPE,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.seen = ""
        os.set_blocking(self.master, False)

    def read(self):
        """Takes all there is on the screen now."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.seen += os.read(self.master, 4096).decode()

    def expect(self, text):
        def there():
            self.read()
            return text in self.seen
        return wait_for(there)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        out, err = self.child.communicate(timeout=60)
        self.read()
        echoes = self.echoes()
        os.close(self.master)
        os.close(self.slave)
        return out, err, echoes


def check_prompt(world):
    terminal = Terminal(world, "passwd", "anna@example.org")
    world.check(terminal.expect("New password: "), "a terminal is asked")
    world.check(wait_for(lambda: not terminal.echoes()), "its echo is off")
    with open(f"/proc/{terminal.child.pid}/limits",
              encoding="ascii") as limits:
        before = [line for line in limits if "core file" in line]
    terminal.type(SECRET + "\n")
    world.check(terminal.expect("Again: "), "a new password is asked twice")
    with open(f"/proc/{terminal.child.pid}/limits",
              encoding="ascii") as limits:
        after = [line for line in limits if "core file" in line]
    world.check(after[0].split()[4] == "0",
                "no core file while a password is held", *before, *after)
    terminal.type(SECRET + "\n")
    out, err, echoes = terminal.end()
    world.check(out == "password updated anna@example.org\n" and
                err == "hint: if Dovecot caches logins: doveadm auth cache "
                "flush anna@example.org\n",
                "the prompted password is set", out, err)
    world.check(echoes, "the echo is on again")
    world.check(SECRET not in terminal.seen, "nothing of it was shown",
                terminal.seen)
    world.check(world.logs_in(SECRET), "it lets in")


def check_prompt_ends(world):
    terminal = Terminal(world, "passwd", "anna@example.org")
    terminal.expect("New password: ")
    terminal.type("one thing 12345\n")
    terminal.expect("Again: ")
    terminal.type("another 12345\n")
    out, err, echoes = terminal.end()
    world.check(terminal.child.returncode == 2 and "not the same" in err
                and out == "" and echoes, "two passwords that differ", err)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        terminal = Terminal(world, "passwd", "anna@example.org")
        terminal.expect("New password: ")
        wait_for(lambda: not terminal.echoes())
        terminal.child.send_signal(number)
        out, err, echoes = terminal.end()
        world.check(terminal.child.returncode == 130 and out == "" and echoes,
                    f"{number.name} at the prompt: echo on, exit 130", err)
    terminal = Terminal(world, "passwd", "anna@example.org")
    terminal.expect("New password: ")
    wait_for(lambda: not terminal.echoes())
    terminal.type("\x03")
    out, err, echoes = terminal.end()
    world.check(terminal.child.returncode == 130 and echoes,
                "Ctrl-C at the prompt: echo on, exit 130", err)
    terminal = Terminal(world, "passwd", "anna@example.org")
    terminal.expect("New password: ")
    wait_for(lambda: not terminal.echoes())
    terminal.type("\x04")
    out, err, echoes = terminal.end()
    world.check(terminal.child.returncode == 2 and "is empty" in err
                and echoes, "end of file at the prompt", err)
    world.check(world.logs_in(SECRET), "none of these changed the password")
    # Ctrl-S: whatever is written to the terminal waits.
    terminal = Terminal(world, "passwd", "anna@example.org")
    terminal.expect("New password: ")
    wait_for(lambda: not terminal.echoes())
    termios.tcflow(terminal.slave, termios.TCOOFF)
    for number in (signal.SIGTERM, signal.SIGHUP):
        terminal.child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            terminal.child.wait(0.5)
    with contextlib.suppress(subprocess.TimeoutExpired):
        terminal.child.wait(20)
    ended = terminal.child.returncode
    terminal.child.kill()
    termios.tcflow(terminal.slave, termios.TCOON)
    world.check(ended is not None and terminal.end()[2],
                "two signals at a stopped terminal: echo on, ended",
                str(ended))


def check_confirm(world):
    world.run("adduser", "bert@example.org", "--no-password")
    world.run("addalias", "info@example.org", "anna@example.org",
              "bert@example.org")
    for answer, there in (("n", True), ("", True), ("y", False)):
        terminal = Terminal(world, "rmdom", "example.org", "--recursive",
                            stderr=True)
        world.check(terminal.expect(
            "Remove domain example.org with its 2 users and 1 alias? [y/N] "),
            "a terminal is asked first, and told how much", terminal.seen)
        terminal.type(answer + "\n")
        out, _, _ = terminal.end()
        world.check(("example.org" in world.run("lsdom").stdout) == there
                    and (out == "") == there
                    and terminal.child.returncode == (1 if there else 0),
                    f"the answer {answer!r} is obeyed", out)
    world.run("adddom", "example.org")
    terminal = Terminal(world, "-y", "rmdom", "example.org", "--recursive",
                        stderr=True)
    out, _, _ = terminal.end()
    world.check(out == "deleted domain example.org\n"
                and "[y/N]" not in terminal.seen, "-y answers", out)


def feed(path, row, ready, first):
    """Writes rows into a pipe until somebody has seen enough."""
    with open(path, "w", encoding="utf-8") as pipe:
        pipe.write(first)
        for number in itertools.count():
            pipe.write(row.format(number))
            if number % 50 == 0:
                pipe.flush()
                if ready.wait(0.05):
                    return


def check_progress(world):
    """What takes longer than a second says how far it is, to a person."""
    for words, name, row, shown in (
            (["apply"], "pipe.jsonl", '{{"alias":"a{}@example.org","targets":'
             '["anna@example.org"]}}\n', " records read"),
            (["import", "csv"], "pipe.csv", "b{}@example.org,"
             "anna@example.org\n", " rows read"),
            (["-f"], "pipe", "addalias c{}@example.org anna@example.org\n",
             " lines")):
        path = f"{world.top}/{name}"
        os.mkfifo(path)
        ready = threading.Event()
        first = "source,destination\n" if name.endswith("csv") else ""
        feeder = threading.Thread(target=feed, daemon=True,
                                  args=(path, row, ready, first))
        feeder.start()
        terminal = Terminal(world, *words, path, stderr=True)
        told = terminal.expect(shown)
        ready.set()
        feeder.join(60)
        out, _, _ = terminal.end()
        world.check(told and terminal.child.returncode == 0 and out,
                    f"{words[0]}: progress is told",
                    str(terminal.child.returncode), terminal.seen, out)
        world.check(terminal.seen.endswith("\r\033[K"),
                    f"{words[0]}: and taken away", repr(terminal.seen))


def check_progress_part(world):
    """How fast it goes, and which part of a file is done."""
    pipes = [f"{world.top}/password{number}" for number in range(4)]
    with open(f"{world.top}/lines", "w", encoding="ascii") as file:
        for path in pipes:
            os.mkfifo(path)
            file.write(f"passwd anna@example.org --password-file {path}\n")
    terminal = Terminal(world, "-f", f"{world.top}/lines", stderr=True)
    for path in pipes:
        with open(path, "w", encoding="ascii") as pipe:
            if path == pipes[0]:  # the first line has been counted
                time.sleep(2.1)
            pipe.write(f"a long password in {path}\n")
    out, _, _ = terminal.end()
    world.check(re.search(r"mailcfg: 2 lines, \d+ a second, 100 %",
                          terminal.seen) and terminal.child.returncode == 0,
                "rate and part are told", repr(terminal.seen), out)


def check_busy(world):
    with world.locked():
        done = world.run("--timeout", "0", "-j", "adddom", "never.example")
        world.check(done.returncode == 3 and '"db_locked"' in done.stdout,
                    "a lock that stays: exit 3", str(done))
        done = world.run("lsdom")
        world.check(done.returncode == 0 and "example.org" in done.stdout,
                    "readers do not care", str(done))


def table(world, width, *args, **env):
    """What a terminal of that width shows of a list."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, width, 0, 0))
    child = subprocess.Popen([world.program, "--color", "never", *args],
                             env={**world.env, **env}, stdout=slave,
                             stdin=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    os.close(slave)
    seen = b""
    with contextlib.suppress(OSError):  # at the end
        while select.select([master], [], [], 20)[0]:
            seen += os.read(master, 65536)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(20)
    child.kill()
    if child.wait() != 0:
        seen = b"(killed)\r\n(killed)\r\n"
    os.close(master)
    return [line.rstrip() for line in seen.decode().split("\r\n")[:-1]]


def check_table(world):
    seen = table(world, 0, "lsuser")
    world.check("ADDRESS" in seen[0] and "anna@example.org" in seen[1],
                "a terminal gets a table", *seen)
    world.run("adddom", "m\u00fcnchen.example")
    world.run("setuser", "anna@example.org", "--name", "Zo\u00eb Example")
    for locale, names in (
            ("C.UTF-8", ["example.org", "m\u00fcnchen.example"]),
            ("C", ["example.org", "xn--mnchen-3ya.example"]),
            ("no_SUCH.locale", ["example.org", "xn--mnchen-3ya.example"])):
        seen = table(world, 80, "lsdom", LC_ALL=locale)
        world.check([line.split()[0] for line in seen[1:]] == names,
                    f"{locale}: domains as they can be shown", *seen)
        seen = table(world, 80, "lsuser", LC_ALL=locale)
        world.check(("Zo\u00eb" in seen[1]) == (locale == "C.UTF-8") and
                    ("Zo\\xc3\\xab" in seen[1]) == (locale != "C.UTF-8"),
                    f"{locale}: a name as it can be shown", *seen)
        seen = table(world, 80, "lsdom", "--format", "tsv", LC_ALL=locale)
        world.check("\txn--mnchen-3ya.example\t" in seen[2],
                    f"{locale}: programs get the A-label", *seen)


def check_narrow(world):
    """What matters is shown whole however narrow a terminal is."""
    world.run("setuser", "anna@example.org", "--name", "Anna Example",
              "--note", "she is on leave until the end of the year")
    world.run("-f", "-", stdin=None, input="".join(
        f"adduser u{number}@example.org --no-password\n"
        for number in range(2500)))
    for width in (20, 40, 60, 80, 100, 200):
        seen = table(world, width, "lsuser")
        wide = [line for line in seen[:-1] if len(line) > max(width, 24)]
        world.check(not wide and len(seen) in (2502, 2503) and
                    seen[1].split()[0] == "anna@example.org" and
                    "ACTIVE" in seen[0],
                    f"lsuser fits {width} columns", *wide, *seen[:2])
        named = seen[-1].startswith("(too narrow for ")
        world.check(named == (width < 100) and
                    all(("NAME" in line) != ("NAME" in seen[-1] and named)
                        for line in seen[:1]),
                    f"{width} columns: what is missing is named",
                    seen[0], seen[-1])
    world.check("she is on leave" in " ".join(table(world, 80, "lsuser")),
                "a note is cut before it is left out")
    world.check("NOTE" in table(world, 40, "lsuser", "--long")[0],
                "--long leaves nothing out")


def check_pipe(world):
    for name in ("json", "csv", "table"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([world.program, "--format", name, "lsuser"],
                              env=world.env, stdin=subprocess.DEVNULL,
                              stdout=writing, stderr=subprocess.PIPE,
                              timeout=60, text=True, check=False)
        os.close(writing)
        world.check(done.returncode == -signal.SIGPIPE and not done.stderr,
                    f"{name}: a pipe that nobody reads", done.stderr,
                    str(done.returncode))
    for words in (("adddom", "piped.example"), ("-f", "-")):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([world.program, *words], text=True, timeout=60,
                              env=world.env, input="adddom also.example\n",
                              stdout=writing, stderr=subprocess.PIPE,
                              check=False)
        os.close(writing)
        world.check(done.returncode == 1 and done.stderr ==
                    "mailcfg: standard output: Broken pipe\n"
                    "hint: the change itself was made\n",
                    f"{words[0]}: a change that nobody reads of is told",
                    done.stderr)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([world.program, "shell"], text=True, timeout=60,
                          env=world.env, stdout=writing, check=False,
                          input="lsdom\nadddom never.example\n",
                          stderr=subprocess.PIPE)
    os.close(writing)
    world.check(done.returncode == -signal.SIGPIPE and not done.stderr and
                "never" not in world.run("lsdom").stdout,
                "shell: a pipe that nobody reads", done.stderr)


def peak(world, *args):
    """The most memory that a command needed, in KiB, its output thrown away."""
    child = subprocess.Popen([world.program, *args], env=world.env,
                             stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss if child.returncode == 0 else None


def sanitized(program):
    """Whether freed memory is kept back to find who still uses it."""
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


def check_memory(world):
    if sanitized(world.program):
        return
    formats = ("json", "csv", "table")
    small = {name: peak(world, "--format", name, "lsalias")
             for name in formats}
    lines = "".join(f"addalias {'x' * 40}{n}@example.org anna@example.org\n"
                    for n in range(6000))
    done = world.run("-f", "-", stdin=None, input=lines)
    world.check(done.returncode == 0
                and len(done.stdout.splitlines()) == 6000,
                "6000 lines in one batch", done.stderr)
    for name in formats:
        big = peak(world, "--format", name, "lsalias")
        # 6000 rows kept would be more than 2 MiB in any form; SQLite's cache
        # of pages may grow by as much as it is allowed to
        world.check(small[name] is not None and big is not None
                    and big - small[name] < 4096,
                    f"{name}: memory does not grow with the rows",
                    f"{small[name]} {big}")


def check_limits(world):
    def no_space():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    done = world.run("adddom", "never.example", preexec_fn=no_space)
    world.check(done.returncode in (1, 3) and done.stdout == ""
                and done.stderr.startswith("mailcfg: adddom: database "),
                "no space for the database: an error", str(done))
    world.check("never" not in world.run("lsdom").stdout,
                "no space: nothing was committed")


CHECKS = (check_argv, check_signals, check_doveadm, check_second_signal,
          check_shell_signals, check_confirm, check_progress,
          check_progress_part, check_busy, check_prompt, check_prompt_ends,
          check_table, check_narrow, check_pipe, check_memory, check_limits)


def run(program, result, words):
    for check in CHECKS:
        if not words or any(word in check.__name__ for word in words):
            with World(program, result) as world:
                if check is check_prompt_ends:
                    world.run("passwd", "anna@example.org", "--password-fd",
                              "0", stdin=None, input=SECRET)
                check(world)
