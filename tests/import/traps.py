# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small inputs in which accounts or mail could get lost without a word.

Each test is a function of a World, which has databases and files, and a
report.  A test that needs nothing else is in ALL.
"""

import json
import os
import subprocess

HASH = ("{SHA512-CRYPT}$6$Qgpc/6n3N6HsW2vQ$wXGEsBIftrZUpoMCfjjyajf77nCasfqJs4Ff"
        "sprq6bRNl.FK8Z3RBSXvQfkeJpkkS2vIvOKEBQDmw/eIzbLs2.")
OTHER = "{SHA256-CRYPT}$5$Rz0W7ZCidzHqg/hA$hYJrMU8ikx/OPIXaA7d9p1cOpgXTII4xIlKLAWrfQg6"


class World:
    """A directory of files, and a database that is made anew at will."""

    def __init__(self, program, top):
        self.program, self.top, self.number = program, top, 0
        os.makedirs(top)

    def write(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path

    def call(self, *words, text=None, path=None):
        """Runs mailcfg: its exit status, stdout and stderr."""
        done = subprocess.run(
            [self.program, *(["-d", "sqlite:" + self.path]
                             if path is None else path), *words],
            input=text, capture_output=True, check=False, timeout=120,
            text=True, env={"PATH": os.environ["PATH"],
                            "LC_ALL": "C.UTF-8", "HOME": self.top})
        return done.returncode, done.stdout, done.stderr

    def empty(self):
        self.number += 1
        self.path = f"{self.top}/trap{self.number}"
        self.call("init")

    def base(self, *users):
        """A database with example.org and these users."""
        self.empty()
        self.call("adddom", "example.org")
        for user in users or ("anna", "ben", "carl"):
            self.call("adduser", f"{user}@example.org", "--no-password")

    def state(self):
        return json.loads(self.call("export", "json", "--secrets")[1])

    def user(self, address):
        return self.state().get("users", {}).get(address)

    def targets(self, source):
        """The targets of an alias, or of a user, in order."""
        state = self.state()
        record = state.get("aliases", {}).get(source) or \
            state.get("users", {}).get(source) or {}
        targets = record.get("targets", []) if isinstance(record, dict) \
            else record
        return sorted(item if isinstance(item, str) else item["to"]
                      for item in targets)


# ---- tables of Postfix ---------------------------------------------------

def test_continued(world, report):
    """Comments and blank lines do not end a line that goes on."""
    table = world.write("continued", "info@example.org anna@example.org,\n"
                        "# between\n\n   \n   # indented\n"
                        "\tben@example.org\n# the end\n")
    for how in (["import", "postfix-texthash", "--aliases", table],
                ["apply", table]):
        world.base()
        status, _, err = world.call(*how)
        report.same(f"{how[0]}: a continued table is read", status, 0)
        report.check(f"{how[0]}: and has no warnings", err == "", err)
        report.same(f"{how[0]}: both targets", world.targets(
            "info@example.org"), ["anna@example.org", "ben@example.org"])
        report.same(f"{how[0]}: no catch-all", list(
            world.state()["aliases"]), ["info@example.org"])


def test_blank_first(world, report):
    """A first line that continues nothing is refused, not joined."""
    table = world.write("blank", "  a@example.org anna@example.org\n"
                        "b@example.org ben@example.org\n")
    world.base()
    status, _, err = world.call("import", "postfix-texthash", "--aliases",
                                table)
    report.check("a line that continues nothing is refused", status == 1 and
                 ":1: the line begins with a blank" in err, err)
    world.call("import", "postfix-texthash", "--aliases", table, "--skip-bad")
    report.same("and the next one is read",
                list(world.state()["aliases"]), ["b@example.org"])


def test_key_twice(world, report):
    """Postfix uses the first of two lines with a key."""
    table = world.write("twice", "dup@example.org anna@example.org\n"
                        "same@example.org anna@example.org ben@example.org\n"
                        "DUP@example.org ben@example.org\n"
                        "same@example.org ben@example.org, anna@example.org\n")
    world.base()
    status, _, err = world.call("import", "postfix-texthash", "--aliases",
                                table)
    report.check("a key with other targets is refused with both places",
                 status == 1 and f"{table}:3: dup@example.org is in {table}:1 "
                 "already" in err, err)
    status, out, err = world.call("import", "postfix-texthash", "--aliases",
                                  table, "--skip-bad")
    report.same("a key with the same targets is same", out,
                "read 4 = added 2 + same 1 + refused 1\n")
    report.same("the first line counts", world.targets("dup@example.org"),
                ["anna@example.org"])
    status, out, err = world.call("import", "postfix-texthash", "--aliases",
                                  table, "--skip-bad")
    report.same("and again", out, "read 4 = added 0 + same 3 + refused 1\n")


def test_dotted_name(world, report):
    """A local part with a dot does not become a domain."""
    table = world.write("dotted", "john.doe anna\n")
    world.base()
    status, _, err = world.call("import", "postfix-texthash", "--aliases",
                                table)
    report.check("without --domain it is refused", status == 1 and
                 "neither an address nor a domain" in err, err)
    report.same("no domain is made", list(world.state()["domains"]),
                ["example.org"])
    world.call("import", "postfix-texthash", "--aliases", table, "--domain",
               "example.org")
    report.same("with --domain it is an alias",
                world.targets("john.doe@example.org"), ["anna@example.org"])
    table = world.write("declared", "alias.example anything\n"
                        "info@alias.example anna@example.org\n")
    world.call("import", "postfix-texthash", "--aliases", table,
               "--create-domain")
    report.same("a domain that other lines have is one", sorted(
        world.state()["domains"]), ["alias.example", "example.org"])
    world.base()
    table = world.write("alone", "@alias.example @example.org\n")
    status, out, _ = world.call("import", "postfix-texthash", "--aliases",
                                table)
    report.same("a table with nothing but an alias domain", (status, out),
                (0, "read 1 = added 1 + same 0 + refused 0\n"))


# ---- docker-mailserver ----------------------------------------------------

def docker(world, **files):
    folder = f"docker{world.number}"
    for name, text in files.items():
        path = world.write(f"{folder}/{name.replace('_', '-')}.cf", text)
    return os.path.dirname(path)


def test_docker_tables(world, report):
    """Its aliases are a table of Postfix, with all that this means."""
    world.base()
    folder = docker(world, postfix_virtual="info@example.org anna@example.org,"
                    "\n  ben@example.org, carl@example.org\n"
                    "@shop.example @example.org\n")
    status, _, err = world.call("import", "docker-mailserver", folder)
    report.same("a continued line in postfix-virtual.cf",
                (status, world.targets("info@example.org")),
                (0, [f"{name}@example.org" for name in
                     ("anna", "ben", "carl")]))
    report.same("no user gets a target", world.targets("ben@example.org"), [])
    report.check("@b @a is an alias domain", world.state()["domains"][
        "shop.example"].get("target") == "example.org", err)


def test_docker_bans(world, report):
    """Who may not send or receive there may not do so here."""
    world.base()
    folder = docker(world, postfix_accounts=f"spam@example.org|{HASH}\n",
                    postfix_send_access="spam@example.org REJECT\n",
                    postfix_receive_access="spam@example.org REJECT\n"
                    "list@example.org DUNNO\n",
                    postfix_aliases="root: anna@example.org\n",
                    dovecot_masters=f"admin|{HASH}\n",
                    dovecot_quotas="spam@example.org:5M\n",
                    postfix_main="myhostname = x\n")
    status, out, err = world.call("import", "docker-mailserver", folder,
                                  "--skip-bad")
    user = world.user("spam@example.org")
    report.same("bans are kept", (user.get("send"), user.get("receive"),
                                  user.get("quota")), (False, False, "5M"))
    for words in ("postfix-aliases.cf:1: \"root\" has no domain",
                  "dovecot-masters.cf:1: admin is a master user",
                  "postfix-receive-access.cf:2: only REJECT",
                  "postfix-main.cf"):
        report.check(f"it says: {words}", words in err, err)
    again = world.call("import", "docker-mailserver", folder, "--skip-bad")[1]
    report.check("again it adds nothing", "added 0" in again, again)
    world.base("spam")
    world.call("import", "docker-mailserver", folder, "--skip-bad")
    report.check("a user who exists is not changed", world.user(
        "spam@example.org").get("send") is None, world.state())


# ---- passwd-files of Dovecot ----------------------------------------------

def test_dovecot_pair(world, report):
    """passdb and userdb in two files make one user, in either order."""
    passdb = world.write("passdb", f"anna2@example.org:{HASH}::::::\n"
                         f"eve@example.org:{HASH}::::::\n")
    userdb = world.write("userdb", "anna2@example.org::5000:5000::/srv/anna2::"
                         "userdb_quota_rule=*:storage=1G\n"
                         "none@example.org::5000:5000::/srv/none::\n")
    for files in ((passdb, userdb), (userdb, passdb)):
        world.base()
        status, _, err = world.call("import", "dovecot-passwd", *files)
        user = world.user("anna2@example.org")
        report.same("a pair makes one user", (
            status, user["hash"], user["home"], user["quota"]),
            (0, HASH, "/srv/anna2", "1G"))
        report.check("only who has no password is said to have none",
                     "none@example.org has no password" in err and
                     "anna2@example.org has no" not in err, err)
        out = world.call("import", "dovecot-passwd", *files)[1]
        report.same("again it is the same", out,
                    "read 4 = added 0 + same 4 + refused 0\n")
    world.base()
    other = world.write("other", f"anna2@example.org:{OTHER}::::/srv/x::\n")
    status, _, err = world.call("import", "dovecot-passwd", passdb, other)
    report.check("two hashes are refused with both places", status == 1 and
                 f"{other}:1: anna2@example.org is in {passdb}:1 already, with "
                 "another password" in err, err)


def test_dovecot_restrictions(world, report):
    """What restricts a login is kept, or told for each user."""
    rows = world.write("restricted", "".join(
        f"u{number}@example.org:{HASH}::::/srv/u::{extra}\n"
        for number, extra in enumerate((
            "nologin=y reason=suspended", "allow_nets=192.0.2.0/24",
            "allow_nets=local", "proxy=y host=192.0.2.1", "user=other"))))
    world.base()
    status, _, err = world.call("import", "dovecot-passwd", rows)
    user = world.user("u0@example.org")
    report.same("nologin bars every service", [
        user.get(name) for name in ("imap", "pop3", "sieve")], [False] * 3)
    for number, word in ((1, "allow_nets"), (2, "allow_nets"), (3, "proxy"),
                         (4, "user")):
        report.check(f"{word} of each user is named", f":{number + 1}: "
                     f"u{number}@example.org has {word}, a restriction" in err,
                     err)


def test_locked_hash(world, report):
    """The mark of a locked account is no password, with a scheme as well."""
    rows = world.write("locked", "a1@example.org:{CRYPT}!::::::\n"
                       "a2@example.org:{crypt}*LK*::::::\n"
                       "a3@example.org:!$6$abc::::::\n")
    world.base()
    status, out, err = world.call("import", "dovecot-passwd", rows)
    report.check("locked users are made", status == 0 and "added 3" in out,
                 out + err)
    report.check("without a password", all(
        "hash" not in world.user(f"a{n}@example.org") for n in (1, 2, 3)))


# ---- rows that speak of the same user --------------------------------------

def test_user_twice(world, report):
    """A second row is same only if it says nothing else."""
    rows = world.write("again.csv", "email,name,quota\n"
                       "u1@example.org,One,1G\nU1@example.org,One,\n"
                       "u1@example.org,One,2G\nu2@example.org,,\n"
                       "u2@example.org,Two,\n")
    world.base()
    status, _, err = world.call("import", "csv", rows)
    report.check("another value is refused with both places", status == 1 and
                 f"{rows}:4: u1@example.org is in {rows}:2 already, with "
                 "another quota" in err, err)
    report.check("so is one that says more", f"{rows}:6: u2@example.org is in "
                 f"{rows}:5 already, and says less there" in err, err)
    report.check("but not one that says less", f"{rows}:3:" not in err, err)
    out = world.call("import", "csv", rows, "--skip-bad")[1]
    report.same("the sum", out, "read 5 = added 2 + same 1 + refused 2\n")


ALL = [value for name, value in sorted(globals().items())
       if name.startswith("test_")]
