# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs in turn, what they took, and how that is shown."""

import os
import statistics
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
BUILD = os.environ.get("top_builddir", os.getcwd())
MAILCFG = os.environ.get("MAILCFG", os.path.join(BUILD, "mailcfg/mailcfg"))
FLOOR = os.path.join(BUILD, "tests/bench/floor")
PGFLOOR = os.path.join(BUILD, "tests/bench/pgfloor")
WRITER = os.path.join(BUILD, "tests/bench/writer")
HASH = "{CRYPT}$6$saltsaltsaltsalt$" + "A" * 85 + "."
CLOCK = os.environ.get("BENCH_CLOCK", "wall")


def start(argv, stdin=os.devnull):
    """Starts a program without results; by posix_spawnp(3), as a fork of this
    one would be a good part of what a short program takes."""
    return os.posix_spawnp(argv[0], argv, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2)])


def timed(argv, text=None):
    """The seconds that a program takes, which must succeed."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as stdin:
        stdin.write(text or "")
        stdin.flush()
        begun = time.perf_counter()
        _, status, used = os.wait4(start(
            argv, stdin.name if text is not None else os.devnull), 0)
        took = time.perf_counter() - begun
    if status != 0:
        raise subprocess.CalledProcessError(
            os.waitstatus_to_exitcode(status), argv)
    return used.ru_utime + used.ru_stime if CLOCK == "cpu" else took


def quiet(argv):
    """Runs a program whose time does not matter, for what it prints."""
    return subprocess.run(argv, check=True, text=True,
                          stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout


def sqlite(path, sql):
    return quiet(["sqlite3", path, sql])


def pairs(first, second, count):
    """The ratios first/second of runs in turn."""
    first(), second()
    return [first() / second() for _ in range(count)]


def say(row, figure, goal, what):
    print(f"{row:>3}  {figure:>7}  {'':18}  goal {goal:<10} {what}",
          flush=True)


def show(row, goal, ratios, what):
    spread = f"({min(ratios):.2f} .. {max(ratios):.2f})"
    print(f"{row:>3}  {statistics.median(ratios):7.2f}  {spread:18}"
          f"  goal {goal:<10} {what}", flush=True)
