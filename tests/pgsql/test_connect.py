# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ways to name a database, and what is said when it cannot be reached."""

import json
import os
import re
import socket

from client import Client
from cluster import Cluster
from proc import free_port, run as run_program

SECRET = "sekrit"


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make(
        f"unix_socket_directories = '{top}/a'\n").start()
    cluster.sql("CREATE DATABASE maildb")
    cluster.sql("CREATE DATABASE empty")
    cluster.sql("CREATE DATABASE plain ENCODING 'SQL_ASCII' LOCALE 'C' "
                "TEMPLATE template0")
    cluster.sql("CREATE ROLE someone LOGIN")
    port, closed = cluster.port, free_port()
    Client(cluster.url("maildb")).must("init")
    service = f"{top}/services"
    with open(service, "w", encoding="utf-8") as out:
        out.write(f"[mail]\nhost=127.0.0.1\nport={port}\ndbname=maildb\n"
                  "user=postgres\n")
    server = f"127.0.0.1:{port}"

    good = [f"postgresql://postgres@{server}/maildb",
            f"postgres://postgres@{server}/maildb",
            f"pgsql://postgres:{SECRET}@{server}/maildb",
            f"postgresql://postgres@127.0.0.1:{closed},{server}/maildb",
            f"host=127.0.0.1 port={port} dbname=maildb user=postgres",
            f"dbname=maildb host=127.0.0.1 port={port} user=postgres "
            f"password = {SECRET}",
            "service=mail"]
    for url in good:
        client = Client(url)
        client.env["PGSERVICEFILE"] = service
        done = client.run("lsdom")
        report.same(f"{url}: opens", done.returncode, 0)
        report.check(f"{url}: shows no secret",
                     SECRET not in done.stdout + done.stderr, done.stderr)

    bad = [
        (f"postgresql://postgres:{SECRET}@127.0.0.1:{closed}/x", "db_lost"),
        (f"pgsql://postgres:{SECRET}@{server}/missing", "db_missing"),
        (f"postgresql://nobody:{SECRET}@{server}/maildb", "db_denied"),
        (f"postgresql://someone:{SECRET}@{server}/maildb", "db_denied"),
        (f"postgresql://postgres@{server}/empty", "db_missing"),
        (f"postgresql://postgres@{server}/maildb?password={SECRET}&x=y",
         "bad_url"),
        (f"host=127.0.0.1 port={port} password={SECRET} odd", "bad_url"),
        (f"host=127.0.0.1 port={closed} password = {SECRET}", "db_lost"),
        (f"host=127.0.0.1 port={closed} password='{SECRET} {SECRET}'",
         "db_lost"),
        ("service=unknown", "db_lost"),
        (f"postgresql://postgres@{server}/maildb?target_session_attrs="
         "standby", "db_lost"),
    ]
    for url, code in bad:
        done = Client(url).run("--json", "adddom", "new.example")
        shown = done.stdout + done.stderr
        report.same(f"{url}: exit code", done.returncode,
                    2 if code == "bad_url" else 3)
        report.same(f"{url}: error", json.loads(
            done.stdout or "{}").get("error", {}).get("code"), code)
        report.check(f"{url}: shows no secret", SECRET not in shown, shown)
    done = Client(cluster.url("plain")).run("init")
    report.check("a database that is not in UTF8 is refused",
                 done.returncode == 1 and "UTF8" in done.stderr, done.stderr)
    other_build(top, report)
    by_socket(top, cluster, report)
    process_list(top, report)


def other_build(top, report):
    """A program of another build than its module, which is not used."""
    client = Client("postgresql://127.0.0.1/maildb")
    with open(client.argv[0], "rb") as file:
        program = file.read()
    build = re.search(rb"\0(\d[\w.]*-\d+-\d+)\0", program).group(1)
    client.argv[0] = f"{top}/mailcfg"
    with open(client.argv[0], "wb") as file:
        file.write(program.replace(build, build[:-1] + b"x"))
    os.chmod(client.argv[0], 0o755)
    done = client.run("lsdom")
    report.check("a module of another build is refused", done.returncode == 3
                 and f"is of build {build.decode()}" in done.stderr,
                 done.stderr)


def process_list(top, report):
    """What others see of a client that waits for a server's answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = (f"postgresql://ann:{SECRET}@127.0.0.1:"
               f"{server.getsockname()[1]}/x?sslmode=disable")
        for given, args in ((url, ["lsdom"]),
                            (f"{top}/new.sqlite3", ["copydb", url, "to"]),
                            (f"{top}/new.sqlite3",
                             ["import", "postfixadmin", url]),
                            (None, ["lsdom"])):
            client = Client(given or url)
            Client(f"{top}/new.sqlite3").must("init")
            if given is None:
                del client.argv[1:3]
                client.env["MAILCFG_DB"] = url
            child = client.start(*args)
            connection, _ = server.accept()
            shown = ""
            for name in ("cmdline", "environ"):
                with open(f"/proc/{child.pid}/{name}",
                          encoding="utf-8") as file:
                    shown += file.read()
            report.check(f"{args[0]}: no password in the process list",
                         shown and SECRET not in shown, shown)
            child.kill()
            shown = "".join(child.communicate())
            report.check(f"{args[0]}: nor in what it says",
                         SECRET not in shown, shown)
            connection.close()


def by_socket(top, cluster, report):
    """A server's own socket, of another port than the usual, for Postfix."""
    client = Client(f"postgresql:///maildb?host={top}/a&port={cluster.port}"
                    "&user=postgres")
    client.must("adddom", "example.org")
    os.mkdir(f"{top}/maps")
    client.must("maps", "postfix", "--write", f"{top}/maps")
    report.same("postmap finds the server by its socket", run_program(
        ["postmap", "-q", "example.org",
         f"pgsql:{top}/maps/virtual_mailbox_domains.cf"]).strip(),
        "example.org")
