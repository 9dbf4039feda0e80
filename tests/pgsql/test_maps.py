# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemons' files lead where mailcfg's URL leads, by the same TLS."""

import os
import re
import shutil

from client import Client
from cluster import Cluster
from proc import need, run as run_program

HBA = "local all postgres trust\n" + "".join(f"""\
hostssl all maildb_postfix {address} scram-sha-256
host all maildb_postfix {address} reject
host all postgres {address} trust
""" for address in ("127.0.0.1/32", "::1/128"))
PASSWORD = "moon:over\\\\water"


def postmap(maps, name="virtual_mailbox_domains"):
    """What a map says to a domain, asked as Postfix does."""
    return run_program(["runuser", "-u", "postfix", "--", "postmap", "-q",
                        "example.org", f"pgsql:{maps}/{name}.cf"]).strip()


class World:
    def __init__(self, top, ends):
        self.top, self.made = top, 0
        self.ca = f"{top}/ca"
        self.cluster = cluster = Cluster(top, "a", ends)
        run_program(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                     "-subj", "/CN=localhost", "-addext",
                     "subjectAltName=DNS:localhost", "-keyout", f"{top}/key",
                     "-out", self.ca])
        cluster.make("ssl = on\nlisten_addresses = '127.0.0.1, ::1'\n"
                     f"unix_socket_directories = '{top}/a'\n")
        for name, data in (("key", "server.key"), ("ca", "server.crt")):
            shutil.copy(f"{top}/{name}", f"{cluster.data}/{data}")
            shutil.chown(f"{cluster.data}/{data}", "postgres", "postgres")
            os.chmod(f"{cluster.data}/{data}", 0o600)
        with open(f"{cluster.data}/pg_hba.conf", "w", encoding="ascii") as out:
            out.write(HBA)
        cluster.start()
        cluster.sql("CREATE DATABASE \"my db\"")
        url = self.url("postgresql:///my%20db?host=localhost&port={port}"
                       "&user=postgres")
        Client(url).must("init")
        Client(url).must("adddom", "example.org")
        cluster.sql(f"ALTER ROLE maildb_postfix PASSWORD E'{PASSWORD}'")

    def url(self, text):
        return text.format(port=self.cluster.port, ca=self.ca, top=self.top)

    def maps(self, url, daemon="postfix", *options, **env):
        """The directory of files that were written for a URL."""
        client = Client(self.url(url))
        client.env |= env
        self.made += 1
        place = f"{self.top}/maps{self.made}"
        client.must("maps", daemon, "--write", place, *options)
        return place

    def allow(self, place):
        """Makes a passfile, as the files say."""
        run_program(["install", "-o", "postfix", "-m", "0600", "/dev/null",
                     f"{place}/passfile"])
        with open(f"{place}/passfile", "w", encoding="ascii") as out:
            out.write("*:*:*:maildb_postfix:moon\\:over\\\\water\n")


# What the URL is, mailcfg's environment, and what each server's URI must hold.
WAYS = [
    ("postgresql://postgres@localhost:{port}/my%20db?sslmode=verify-full"
     "&sslrootcert={ca}", {}, ["@localhost:", "/my%20db?",
                               "sslmode=verify-full", "sslrootcert=/"]),
    ("postgresql://postgres@127.0.0.1:{port}/?dbname=my%20db"
     "&sslmode=require", {}, ["@127.0.0.1:", "/my%20db?", "sslmode=require"]),
    ("postgresql://postgres@[::1]:{port}/my%20db", {},
     ["@[::1]:", "sslmode=prefer"]),
    ("host=localhost port={port} dbname='my db' user=postgres", {},
     ["@localhost:"]),
    ("dbname='my db' user=postgres", {"PGHOST": "localhost", "PGPORT":
                                      "{port}", "PGSSLMODE": "require"},
     ["@localhost:{port}/my%20db?", "sslmode=require"]),
    ("service=mail", {"PGSERVICEFILE": "{top}/services"},
     ["@localhost:{port}/my%20db?"]),
    ("postgresql://postgres@/my%20db?hostaddr=127.0.0.1&port={port}", {},
     ["@/my%20db?", "hostaddr=127.0.0.1"]),
    ("postgresql://postgres@127.0.0.1:{port},localhost:{port}/my%20db", {},
     ["/my%20db?"]),
]


def ways(world, report):
    with open(f"{world.top}/services", "w", encoding="ascii") as out:
        out.write(world.url("[mail]\nhost=localhost\nport={port}\n"
                            "dbname=my db\nuser=postgres\n"))
    for url, env, words in WAYS:
        place = world.maps(url, **{key: world.url(value)
                                   for key, value in env.items()})
        with open(f"{place}/relay_domains.cf", encoding="utf-8") as text:
            uris = re.findall("postgresql://.*", text.read())
        words = [world.url(word) for word in words] + [
            "connect_timeout=3", "tcp_user_timeout=", "keepalives_idle=",
            f"passfile={place}/passfile"]
        report.check(f"{url}: the files say it", len(uris) == 2 and all(
            word in uri for uri in uris for word in words), uris)
        world.allow(place)
        report.same(f"{url}: Postfix gets there", postmap(place),
                    "example.org")
    place = world.maps("postgresql:///my%20db?host={top}/a&port={port}"
                       "&user=postgres")
    with open(f"{place}/relay_domains.cf", encoding="utf-8") as text:
        report.check("a socket has no TLS", "ssl" not in text.read())


def refusals(world, report):
    for url, options, words in (
            ("postgresql://postgres@localhost:{port}/my%20db", ["dovecot"],
             "cannot carry dbname=my db"),
            ("postgresql://postgres@localhost:{port}/my%20db?sslcert={ca}"
             "&sslkey={top}/key&sslpassword=x", ["postfix"],
             "cannot hold the secret sslpassword")):
        done = Client(world.url(url)).run("maps", *options)
        report.check(f"{url}: refused", done.returncode == 2
                     and words in done.stderr, done.stderr)
    home = f"{world.top}/home"
    os.makedirs(f"{home}/.postgresql")
    shutil.copy(world.ca, f"{home}/.postgresql/root.crt")
    client = Client(world.url("postgresql://postgres@localhost:{port}/"
                              "my%20db?sslmode=verify-full"))
    client.env["HOME"] = home
    client.must("lsdom")
    done = client.run("maps", "postfix")
    report.check("a CA that a daemon does not find", done.returncode == 2
                 and "sslrootcert=FILE" in done.stderr, done.stderr)


def passwords(world, report):
    """A password that somebody put into the files."""
    url = "postgresql://postgres@localhost:{port}/my%20db?sslmode=require"
    place = world.maps(url)
    path = f"{place}/virtual_mailbox_domains.cf"
    with open(path, "a", encoding="ascii") as out:
        out.write("password = moon:over\\water\n")
    client = Client(world.url(url))
    done = client.run("maps", "postfix", "--write", place)
    report.check("it moves to the passfile", "is now in" in done.stderr,
                 done.stderr)
    about = os.stat(f"{place}/passfile")
    report.check("which is the daemon's alone", about.st_mode & 0o777 == 0o600
                 and shutil._get_uid("postfix") == about.st_uid)
    report.same("Postfix gets there with it", postmap(place), "example.org")
    with open(path, encoding="ascii") as text:
        report.check("it is in no map file", "water" not in text.read())
    report.same("it is moved once", client.must(
        "maps", "postfix", "--write", place), "")


def releases(world, report):
    url = "postgresql://postgres@localhost:{port}/my%20db"
    for version, lines in (("3.8", 0), ("3.9", 1), ("3.10.13", 1)):
        place = world.maps(url, "postfix", "--postfix-version", version)
        with open(f"{place}/relay_domains.cf", encoding="ascii") as text:
            report.same(f"Postfix {version}: retry_interval",
                        text.read().count("retry_interval = 1\n"), lines)


def run(top, ends, report, everything):
    need("openssl", "postmap", "runuser")
    world = World(top, ends)
    ways(world, report)
    refusals(world, report)
    passwords(world, report)
    releases(world, report)
