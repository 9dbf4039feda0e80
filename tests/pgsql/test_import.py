# SPDX-License-Identifier: LGPL-2.1-or-later
"""Imports from live PostgreSQL, and from what its own pg_dump writes."""

import importlib.util
import os
import subprocess
import sys

from client import find_mailcfg
from cluster import Cluster, bindir
from proc import run as run_command

HERE = os.path.dirname(os.path.abspath(__file__))
IMPORT = os.path.join(os.path.dirname(HERE), "import")
OPTIONS = ("--allow-weak-hash", "--skip-bad")
DUMPS = ((), ("--inserts",), ("--column-inserts", "--rows-per-insert=3"),
         ("--inserts", "--no-comments"), ("--create", "--clean"))


def load_sites():
    spec = importlib.util.spec_from_file_location(
        "sites", os.path.join(IMPORT, "sites.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["sites"] = module
    spec.loader.exec_module(module)
    return module


def expected(name):
    with open(f"{IMPORT}/expected/{name}.json", encoding="utf-8") as file:
        return file.read()


def run(top, ends, report, everything):
    sites = load_sites()
    mailcfg = find_mailcfg()
    cluster = Cluster(top, "import", ends).make().start()
    count = 0

    def call(url, *words):
        return subprocess.run([mailcfg, "-d", url, *words], text=True,
                              capture_output=True, check=False, timeout=60)

    def imported(name, source):
        nonlocal count
        count += 1
        path = f"{top}/db{count}"
        call(path, "init")
        done = call(path, "import", name, source, *OPTIONS)
        return done, call(path, "export", "json", "--secrets").stdout

    cluster.sql("CREATE ROLE reader LOGIN")
    for name, tables in sites.SITES.items():
        cluster.sql(f"CREATE DATABASE {name}")
        run_command([os.path.join(bindir(), "psql"), "-qX", "-v",
                     "ON_ERROR_STOP=1", "-d", cluster.url(name), "-f",
                     write(top, name, script(sites, tables))])
        cluster.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
                    name)
        before = cluster.sql("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) "
                             "FROM pg_stat_all_tables WHERE schemaname = "
                             "'public'", name)
        url = cluster.url(name, "reader")
        done, state = imported(name, url)
        report.same(f"{name}, live: succeeds", done.returncode, 0)
        report.same(f"{name}, live: what is made", state, expected(name))
        report.same(f"{name}, live: nothing is written there", cluster.sql(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM "
            "pg_stat_all_tables WHERE schemaname = 'public'", name), before)
        report.check(f"{name}, live: places are TABLE:KEY", all(
            "mailcfg: warning: " + place in done.stderr
            for place in PLACES[name]), done.stderr)
        done, state = imported(name, url.replace("postgresql:", "pgsql:"))
        report.same(f"{name}, pgsql://: what is made", state, expected(name))
        for options in DUMPS:
            text = subprocess.run(
                [os.path.join(bindir(), "pg_dump"), *options,
                 cluster.url(name)], check=True, timeout=60,
                capture_output=True).stdout
            done, state = imported(name, write(top, name + ".dump", text))
            title = " ".join(("pg_dump", *options))
            report.same(f"{name}, {title}: succeeds", done.returncode, 0)
            report.same(f"{name}, {title}: what is made", state,
                        expected(name))

    test_refusals(cluster, imported, report)


PLACES = {
    "postfixadmin": ("domain:relay.example: relay.example takes mail",
                     "mailbox:bob@example.org: phone is not kept"),
    "vmm": ("alias:70000,wrong: wrong@example.org leads to",
            "catchall:70002,%n@example.org: "),
    "ispmail": (),
}


def test_refusals(cluster, imported, report):
    done, _state = imported("vmm", cluster.url("ispmail"))
    report.check("a database of another program", done.returncode != 0 and
                 "is of ispmail, not of vmm" in done.stderr, done.stderr)
    cluster.sql("REVOKE SELECT ON mailbox FROM reader", "postfixadmin")
    done, state = imported("postfixadmin",
                           cluster.url("postfixadmin", "reader"))
    report.check("a table that may not be read", done.returncode != 0 and
                 "permission denied for table mailbox" in done.stderr,
                 done.stderr)
    report.check("and then nothing is imported", '"users":{}' in state, state)
    done, _state = imported("postfixadmin", cluster.url(
        "postfixadmin", "nobody:geheim"))
    report.check("who is not let in, without the password",
                 done.returncode != 0 and "geheim" not in done.stderr,
                 done.stderr)
    # The types that PostgreSQL has and texts that no UTF-8 is.
    cluster.sql("CREATE DATABASE latin ENCODING 'SQL_ASCII' LC_COLLATE 'C' "
                "LC_CTYPE 'C' TEMPLATE template0")
    cluster.sql("CREATE TABLE virtual_domains (id int, name bytea); "
                "CREATE TABLE virtual_users (id int, email text); "
                "INSERT INTO virtual_domains VALUES (1, 'example.org'); "
                "INSERT INTO virtual_users VALUES (7, E'ren\\351@x.example')",
                "latin")
    done, _state = imported("ispmail", cluster.url("latin"))
    report.check("text that is no UTF-8 is refused with its row",
                 "virtual_users:7: email is not UTF-8, or holds NUL" in
                 done.stderr, done.stderr)
    cluster.sql("CREATE SCHEMA own; ALTER DATABASE vmm SET search_path = own; "
                "CREATE TABLE own.domain_name (domainname text)", "vmm")
    done, _state = imported("vmm", cluster.url("vmm"))
    report.check("the tables are those of the database's search_path",
                 done.stdout == "read 0 = added 0 + same 0 + refused 0\n",
                 done.stdout + done.stderr)


def script(sites, tables):
    """The site as COPY, without the commands of newer psqls."""
    return "".join(line + "\n" for line in sites.pg_copy(tables).split("\n")
                   if "restrict" not in line
                   and "search_path" not in line)


def write(top, name, text):
    path = os.path.join(top, name + ".sql")
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path
