# SPDX-License-Identifier: LGPL-2.1-or-later
"""The suites of the library and of the command once more, on PostgreSQL."""

import getpass
import os
import re
import subprocess
import sys

from client import find_mailcfg
from cluster import Cluster, bindir

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
BUILD = os.environ.get("top_builddir", ".")
SUM = re.compile(r"^(?:(\d+) passed, (\d+) failed"
                 r"|\s+tests\s+\d+\s+\d+\s+(\d+)\s+(\d+)\s+\d+)$", re.M)


def suite(report, name, argv, env):
    """Runs a suite; its own failures are shown, its passes counted."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "top_srcdir": TOP,
           "MAILCFG": find_mailcfg(), **env}
    done = subprocess.run(argv, env=env, text=True, timeout=1700,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, check=False)
    sums = [[int(n) for n in groups if n]
            for groups in SUM.findall(done.stdout)]
    passed, failed = sums[-1] if sums else (0, 0)
    print(f"# {name}: {passed} passed, {failed} failed")
    if report.check(f"{name} on PostgreSQL", done.returncode == 0 and passed
                    and not failed, done.stdout):
        report.passed += passed


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE lib")
    suite(report, "tests/lib/lib", [f"{BUILD}/tests/lib/lib"],
          {"TEST_DB_URL": cluster.url("lib")})
    # The role is called as the user is, so the journal need not say both.
    user = getpass.getuser()
    if user != "postgres":
        cluster.sql(f'CREATE ROLE "{user}" LOGIN SUPERUSER')
    server = f"-h 127.0.0.1 -p {cluster.port} -U {user}"
    suite(report, "tests/cli/run",
          [sys.executable, os.path.join(TOP, "tests/cli/run")],
          {"TEST_DB_URL": cluster.url("{name}", user),
           "TEST_DB_MAKE": f"{bindir()}/createdb {server} {{name}}",
           "TEST_DB_DROP": f"{bindir()}/dropdb {server} --force {{name}}"})
