# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small inputs in which accounts or mail could get lost without a word.

Each test is a function of a World, which has databases and files, and a
report.  A test that needs nothing else is in ALL.
"""

import json
import os
import re
import sqlite3
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


# ---- exports for other programs ---------------------------------------------

FOREIGN = ("users.json", "dovecot-passwd", "docker-mailserver",
           "postfix-texthash")


def test_export_off(world, report):
    """Nobody who is off here is live in an export."""
    world.base("ok", "home")
    world.call("adddom", "off.example")
    off = {"past": ["--valid-until", "2020-01-01"],
           "later": ["--valid-from", "2199-01-01"],
           "ben": ["--enabled", "no"],
           "mute": ["--imap", "no", "--pop3", "no", "--send", "no",
                    "--receive", "no"],
           "deaf": ["--receive", "no"]}
    for name, options in off.items():
        world.call("adduser", f"{name}@example.org", "--hash", HASH, *options)
    world.call("adduser", "eve@off.example", "--hash", HASH)
    world.call("addalias", "list@off.example", "ok@example.org")
    world.call("setdom", "off.example", "--enabled", "no")
    for form in FOREIGN:
        status, out, err = world.call("export", form, "--secrets")
        report.check(f"{form}: nobody who is off is written", status == 0 and
                     not any(word in out for word in (*off, "off.example")),
                     out)
        report.check(f"{form}: and that is said", "not written: inactive "
                     "users (4, first ben@example.org)" in err and
                     "who may not receive mail (2, first deaf@example.org)"
                     in err, err)
        status, _, err = world.call("export", form, "--secrets", "--strict")
        report.check(f"{form}: --strict fails", status == 1 and
                     f"{form} cannot hold" in err, err)
    rows = world.call("export", "csv", "--secrets")[1].splitlines()
    report.same("csv: who is off is not active", sorted(
        row.split(",")[0].split("@")[0] for row in rows[1:]
        if row.split(",")[4] == "yes"), ["home", "ok"])
    report.same("csv: --strict fails for what is no column", world.call(
        "export", "csv", "--strict")[0], 1)


def test_export_tables(world, report):
    """One line a key; wildcards and alias domains are spelled out."""
    world.base()
    world.call("adddom", "second.example")
    world.call("adddomalias", "shop.example", "example.org")
    for source, targets in (("info@example.org", ("anna", "ben")),
                            ("postmaster@*", ("anna", "carl")),
                            ("postmaster@second.example", ("ben",))):
        world.call("addalias", source, *(f"{name}@example.org"
                                         for name in targets))
    world.call("addalias", "anna@example.org", "anna@example.org",
               "out@example.com")
    wanted = {"anna@example.org anna@example.org,out@example.com",
              "info@example.org anna@example.org,ben@example.org",
              "postmaster@second.example ben@example.org",
              "postmaster@example.org anna@example.org,carl@example.org",
              "@shop.example @example.org"}
    for form in ("docker-mailserver", "postfix-texthash"):
        out = world.call("export", form)[1].split("virtual")[-1]
        report.same(f"{form}: the aliases",
                    set(out.splitlines()[1:]), wanted)


# ---- the database of the Perl script -----------------------------------------

PERL = """
CREATE TABLE domains (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, domain_id INTEGER
  NOT NULL, password TEXT NOT NULL, email TEXT NOT NULL, active INTEGER NOT NULL
  DEFAULT 1);
CREATE TABLE aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, domain_id INTEGER
  NOT NULL, src TEXT NOT NULL, dst TEXT NOT NULL);
INSERT INTO domains VALUES (7, 'second.example');
INSERT INTO users VALUES (9, 7, '*', 'locked@second.example', 1);
INSERT INTO users VALUES (10, 7, '!', 'Shut@second.example', 1);
INSERT INTO aliases VALUES (22, 7, 'info@second.example',
  'Bob@Remote.example, Locked@Second.example');
"""


def perl(world, name, more=""):
    path = f"{world.top}/{name}"
    database = sqlite3.connect(path)
    database.executescript(PERL + more)
    database.close()
    return path


def test_upgrade_locked(world, report):
    """A locked password is none, and foreign targets keep their case."""
    path = perl(world, "locked.db")
    status, _, err = world.call("upgrade", path, path=())
    report.check("a database with locked users is upgraded", status == 0 and
                 "locked@second.example has a locked password" in err, err)
    world.path = path
    report.same("they have no password", "hash" in world.user(
        "locked@second.example"), False)
    report.same("the target keeps its case", world.targets(
        "info@second.example"),
        ["Bob@remote.example", "locked@second.example"])


def test_upgrade_fails(world, report):
    """After a failure the file is as it was, and can be upgraded again."""
    path = perl(world, "fails.db", "INSERT INTO users VALUES "
                "(11, 7, 'a b', 'bad@second.example', 1);")
    with open(path, "rb") as file:
        before = file.read()
    status, _, err = world.call("upgrade", path, path=())
    report.check("a hash that cannot be used ends it", status == 1 and
                 "SET password = ''" in err, err)
    with open(path, "rb") as file:
        report.check("the file is as it was", file.read() == before)
    report.same("nothing stands beside it", [
        name for name in os.listdir(world.top) if name.startswith("fails")],
        ["fails.db"])
    database = sqlite3.connect(path)
    database.execute(re.search(r'"(UPDATE[^"]*)"', err).group(1))
    database.commit()
    database.close()
    report.same("the hint makes it work",
                world.call("upgrade", path, path=())[0], 0)


def test_upgrade_breaks(world, report):
    """A failure after the change to WAL takes that and the backup back."""
    path = perl(world, "breaks.db", "CREATE TABLE mailbox (x);")
    status = world.call("upgrade", path, path=())[0]
    report.check("a table of ours in the way ends it", status != 0)
    database = sqlite3.connect(path)
    report.same("the file is not in WAL mode", database.execute(
        "PRAGMA journal_mode").fetchone()[0], "delete")
    report.same("its tables are there", database.execute(
        "SELECT count(*) FROM users").fetchone()[0], 2)
    database.execute("DROP TABLE mailbox")
    database.commit()
    database.close()
    report.same("nothing stands beside it", [
        name for name in os.listdir(world.top) if name.startswith("breaks")],
        ["breaks.db"])
    report.same("it can be run again", world.call("upgrade", path,
                                                  path=())[0], 0)


# ---- dumps ---------------------------------------------------------------------

def test_dump_semicolon(world, report):
    """What stands behind a missing semicolon is refused."""
    dump = world.write("semicolon.sql", "INSERT INTO virtual_domains (id, name)"
                       " VALUES (1, 'example.org')\n\nINSERT INTO virtual_users "
                       "(id, domain_id, password, email) VALUES (1, 1, "
                       f"'{HASH}', 'anna@example.org');\n")
    world.empty()
    status, _, err = world.call("import", "ispmail", dump)
    report.check("a missing semicolon is refused", status == 1 and
                 ":3: a comma, a semicolon" in err, err)


def test_vacation(world, report):
    """A vacation target of another user is not kept either."""
    dump = world.write("vacation.sql", "-- MySQL dump 10.13\n"
                       "INSERT INTO domain (domain) VALUES ('example.org');\n"
                       "INSERT INTO mailbox (username, password) VALUES "
                       f"('anna@example.org', '{HASH}');\n"
                       "INSERT INTO alias (address, goto) VALUES "
                       "('team@example.org', 'anna@example.org,"
                       "anna#example.org@autoreply.example.org');\n"
                       "-- Dump completed\n")
    world.empty()
    status, _, err = world.call("import", "postfixadmin", dump)
    report.same("the target is left out", (status, world.targets(
        "team@example.org")), (0, ["anna@example.org"]))
    report.check("and told", "a vacation target is not kept" in err, err)


POSTFIXADMIN = """-- MySQL dump 10.13
CREATE TABLE `domain` (`domain` varchar(255), `description` varchar(255),
 `aliases` int, `mailboxes` int, `maxquota` bigint, `quota` bigint, `transport`
 varchar(255), `backupmx` tinyint, `active` tinyint);
INSERT INTO `domain` VALUES ('example.org','',10,1,10,2048,'virtual',0,1);
CREATE TABLE `mailbox` (`username` varchar(255), `password` varchar(255),
 `name` varchar(255), `maildir` varchar(255), `quota` bigint, `domain`
 varchar(255), `active` tinyint);
INSERT INTO `mailbox` VALUES ('anna@example.org','HASH','',
 'example.org/anna/',0,'example.org',1),('ben@example.org','HASH','',
 'example.org/ben/',0,'example.org',1);
CREATE TABLE `alias` (`address` varchar(255), `goto` text, `domain`
 varchar(255), `active` tinyint);
INSERT INTO `alias` VALUES ('anna@example.org','anna@example.org',
 'example.org',1);
-- Dump completed on 2026-01-01
""".replace("HASH", HASH)


def test_postfixadmin_limits(world, report):
    """A limit that the dump itself breaks is left out, not the mailboxes."""
    dump = world.write("limits.sql", POSTFIXADMIN)
    world.empty()
    status, _, err = world.call("import", "postfixadmin", dump)
    state = world.state()
    report.same("the mailboxes are imported", (status, sorted(
        state["users"])), (0, ["anna@example.org", "ben@example.org"]))
    report.same("without the limits that they break",
                state["domains"]["example.org"], {"max_aliases": 10})
    report.check("and that is said", all(
        f":7: example.org: {name}" in err for name in (
            "max_users 1 is not kept", "max_quota 2.0G is not kept")) or
        err.count("is not kept, as what is imported breaks it") == 2, err)


def test_homes(world, report):
    """Users whose homes would be new are told, and a template keeps them."""
    dump = world.write("homes.sql", POSTFIXADMIN)
    world.empty()
    err = world.call("import", "postfixadmin", dump)[2]
    report.check("new homes are told", "users without a home in it: 2" in err and
                 "--home" in err, err)
    world.empty()
    world.call("import", "postfixadmin", dump, "--home", "/mail/%d/%n/x")
    report.same("a template sets them", world.user("anna@example.org")["home"],
                "/mail/example.org/anna/x")
    folder = docker(world, postfix_accounts=f"a@example.org|{HASH}\n")
    world.base()
    err = world.call("import", "docker-mailserver", folder)[2]
    report.check("docker-mailserver's are told", "keeps mail in "
                 "/var/mail/%d/%n" in err, err)
    dump = world.write("guide.sql", "INSERT INTO virtual_domains (id, name) "
                       "VALUES (1, 'example.org');\nINSERT INTO virtual_users "
                       "(id, domain_id, password, email) VALUES (1, 1, "
                       f"'{HASH}', 'john@example.org');\n")
    world.empty()
    world.call("import", "ispmail", dump)
    report.same("the guides have one place", world.user(
        "john@example.org")["home"], "/var/vmail/example.org/john")


def test_prefix_and_use(world, report):
    """Prefixes of tables are heeded, and so is the database of a table."""
    plain = POSTFIXADMIN
    dump = world.write("prefix.sql", re.sub(
        "`(domain|mailbox|alias)` (\\(|VALUES)", r"`pfa_\1` \2", plain))
    world.empty()
    report.check("without the prefix there is no table", world.call(
        "import", "postfixadmin", dump)[0] != 0)
    status, out, err = world.call("import", "postfixadmin", dump,
                                  "--table-prefix", "pfa_")
    report.check("with it there is", status == 0 and "added 3" in out,
                 out + err)
    dump = world.write("use.sql", plain.replace("CREATE TABLE `domain`",
                       "USE `one`;\nCREATE TABLE `domain`").replace(
                           "CREATE TABLE `alias`",
                           "USE `two`;\nCREATE TABLE `alias`"))
    world.empty()
    status, _, err = world.call("import", "postfixadmin", dump)
    report.check("tables of two databases are refused", status == 1 and
                 "in two databases" in err, err)


def test_unknown_columns(world, report):
    """A column or a table that holds something unknown is named."""
    dump = world.write("unknown.sql", POSTFIXADMIN.replace(
        "`domain` varchar(255), `active` tinyint);\nINSERT INTO `alias`",
        "`domain` varchar(255), `active` tinyint, `secret_rule` int);\n"
        "INSERT INTO `alias`").replace("'example.org',1);\n-- Dump",
                                      "'example.org',1,7);\n"
                                      "INSERT INTO `greylist` VALUES (1);\n"
                                      "-- Dump").replace(
        "varchar(255), `active` tinyint);\nINSERT INTO `alias`",
        "varchar(255), `active` tinyint, `secret_rule` int);\n"
        "INSERT INTO `alias`").replace(
        " varchar(255), `active` tinyint);\nINSERT", " varchar(255), `active` "
        "tinyint);\nINSERT"))
    world.empty()
    err = world.call("import", "postfixadmin", dump)[2]
    report.check("the column", "column secret_rule of alias is not kept" in
                 err, err)
    report.check("the table", "table greylist is not kept" in err, err)
    dump = world.write("off.sql", "INSERT INTO virtual_domains (id, name) "
                       "VALUES (1, 'example.org');\nINSERT INTO virtual_users "
                       "(id, domain_id, password, email, active) VALUES "
                       f"(1, 1, '{HASH}', 'john@example.org', 0);\n")
    world.empty()
    world.call("import", "ispmail", dump)
    report.same("active of ISPmail counts",
                world.user("john@example.org")["enabled"], False)


# ---- other programs' tables -----------------------------------------------------

IREDMAIL = """-- MySQL dump 10.13
INSERT INTO `domain` (`domain`, `description`, `mailboxes`, `transport`,
 `backupmx`, `active`) VALUES ('example.org', 'ours', 5, 'dovecot', 0, 1);
INSERT INTO `alias_domain` (`alias_domain`, `target_domain`, `active`) VALUES
 ('shop.example', 'example.org', 1);
INSERT INTO `forwardings` (`id`, `address`, `forwarding`, `is_alias`, `active`)
 VALUES (1, 'info@example.org', 'anna@example.org', 1, 1),
 (2, 'anna@example.org', 'anna@example.org', 0, 1),
 (3, 'ben@example.org', 'ben@example.org', 0, 1),
 (4, 'ben@example.org', 'out@example.com', 0, 1),
 (5, 'example.org', 'anna@example.org', 0, 1);
INSERT INTO `mailbox` (`username`, `password`, `name`, `storagebasedirectory`,
 `storagenode`, `maildir`, `quota`, `domain`, `enableimap`, `enablesmtp`,
 `allow_nets`, `expired`, `active`) VALUES
 ('anna@example.org', 'HASH', 'Anna', '/var/vmail', 'vmail1',
 'example.org/a/n/n/anna-2020/', 1024, 'example.org', 0, 1, '192.0.2.0/24',
 '9999-12-31 00:00:00', 1), ('ben@example.org', 'HASH', '', '/var/vmail',
 'vmail1', 'example.org/ben/', 0, 'example.org', 1, 0, NULL,
 '2020-05-06 00:00:00', 0);
-- Dump completed
""".replace("HASH", HASH)

MAILCOW = """-- MySQL dump 10.13
INSERT INTO `domain` (`domain`, `description`, `aliases`, `mailboxes`,
 `defquota`, `maxquota`, `quota`, `backupmx`, `active`) VALUES
 ('example.org', '', 400, 10, 3072, 10240, 10240, 0, 1);
INSERT INTO `mailbox` (`username`, `password`, `name`, `mailbox_path_prefix`,
 `quota`, `local_part`, `domain`, `attributes`, `kind`, `active`) VALUES
 ('anna@example.org', 'HASH', 'Anna', '/var/vmail/', 1073741824, 'anna',
 'example.org', '{"imap_access": "1", "pop3_access": "0"}', '', 1),
 ('ben@example.org', 'HASH', '', '/var/vmail/', 0, 'ben', 'example.org',
 '{}', '', 2), ('room@example.org', 'HASH', '', '/var/vmail/', 0, 'room',
 'example.org', '{}', 'location', 1);
INSERT INTO `alias` (`id`, `address`, `goto`, `domain`, `active`) VALUES
 (1, 'anna@example.org', 'anna@example.org', 'example.org', 1),
 (2, 'info@example.org', 'anna@example.org,ben@example.org', 'example.org', 0),
 (3, 'null@example.org', 'null@localhost', 'example.org', 1);
-- Dump completed
""".replace("HASH", HASH)

MODOBOA = """-- PostgreSQL database dump
SET standard_conforming_strings = on;
INSERT INTO public.core_user (id, email, password, is_active, first_name,
 last_name) VALUES (1, 'anna@example.org', 'HASH', true, 'Anna', 'A'),
 (2, 'ben@example.org', 'HASH', false, '', '');
INSERT INTO public.admin_domain (id, name, quota, enabled, type) VALUES
 (1, 'example.org', 0, true, 'domain'), (2, 'relay.example', 0, true,
 'relaydomain');
INSERT INTO public.admin_domainalias (id, name, enabled, target_id) VALUES
 (1, 'shop.example', true, 1);
INSERT INTO public.admin_mailbox (id, address, quota, domain_id, user_id)
 VALUES (1, 'anna', 100, 1, 1), (2, 'ben', 0, 1, 2);
INSERT INTO public.admin_alias (id, address, enabled, internal) VALUES
 (1, 'anna@example.org', true, true), (2, 'ben@example.org', true, true),
 (3, 'info@example.org', false, false);
INSERT INTO public.admin_aliasrecipient (id, address, alias_id) VALUES
 (1, 'anna@example.org', 1), (2, 'ben@example.org', 2),
 (3, 'out@example.com', 2), (4, 'anna@example.org', 3);
-- PostgreSQL database dump complete
""".replace("HASH", HASH)

BOX = """
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL
 UNIQUE, password TEXT NOT NULL, extra, privileges TEXT NOT NULL DEFAULT '',
 quota TEXT NOT NULL DEFAULT '0');
CREATE TABLE aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT
 NULL UNIQUE, destination TEXT NOT NULL, permitted_senders TEXT);
INSERT INTO users (email, password, privileges, quota) VALUES
 ('anna@example.org', 'HASH', 'admin', '5G'),
 ('ben@sub.example.org', 'HASH', '', '0');
INSERT INTO aliases (source, destination, permitted_senders) VALUES
 ('info@example.org', 'anna@example.org' || char(10) || 'ben@sub.example.org',
 'anna@example.org'), ('@shop.example', '@example.org', NULL);
""".replace("HASH", HASH)


def said(report, title, err, *words):
    for word in words:
        report.check(f"{title} says: {word}", word in err, err)


def test_iredmail(world, report):
    dump = world.write("iredmail.sql", IREDMAIL)
    world.empty()
    status, _, err = world.call("import", "postfixadmin", dump)
    report.check("iRedMail does not pass as PostfixAdmin", status != 0 and
                 "is of iredmail" in err and "mailcfg import iredmail" in err,
                 err)
    status, out, err = world.call("import", "iredmail", dump)
    anna, ben = (world.user(f"{name}@example.org") for name in
                 ("anna", "ben"))
    report.same("iRedMail: anna", (status, anna["quota"], anna["imap"],
                                   anna["home"], anna.get("targets")),
                (0, "1G", False,
                 "/var/vmail/vmail1/example.org/a/n/n/anna-2020/", None))
    report.same("iRedMail: ben", (ben["quota"], ben["send"], ben["enabled"],
                                  ben["valid_until"][:10]),
                ("unlimited", False, False, "2020-05-06"))
    report.same("iRedMail: a forward that keeps a copy", world.targets(
        "ben@example.org"), ["ben@example.org", "out@example.com"])
    report.same("iRedMail: aliases and a catch-all", sorted(
        world.state()["aliases"]), ["@example.org", "info@example.org"])
    said(report, "iRedMail", err, "anna@example.org has allow_nets")
    report.check("iRedMail: again", "added 0" in world.call(
        "import", "iredmail", dump)[1])


def test_mailcow(world, report):
    dump = world.write("mailcow.sql", MAILCOW)
    world.empty()
    status, _, err = world.call("import", "postfixadmin", dump)
    report.check("mailcow does not pass as PostfixAdmin", status != 0 and
                 "is of mailcow" in err, err)
    status, out, err = world.call("import", "mailcow", dump, "--skip-bad")
    anna, ben = (world.user(f"{name}@example.org") for name in
                 ("anna", "ben"))
    report.same("mailcow: anna", (status, anna["quota"], anna["pop3"],
                                  anna.get("imap"), anna["home"]),
                (0, "1G", False, None, "/var/vmail/example.org/anna"))
    report.same("mailcow: ben may not log in", [ben[name] for name in (
        "imap", "pop3", "send", "sieve")], [False] * 4)
    report.same("mailcow: ben gets mail", (ben.get("enabled"),
                                           ben.get("receive")), (None, None))
    report.same("mailcow: an alias that is off", world.state()["aliases"][
        "info@example.org"]["enabled"], False)
    said(report, "mailcow", err, "room@example.org is a location",
         "leads to null@localhost")


def test_modoboa(world, report):
    dump = world.write("modoboa.sql", MODOBOA)
    world.empty()
    status, out, err = world.call("import", "modoboa", dump)
    anna, ben = (world.user(f"{name}@example.org") for name in
                 ("anna", "ben"))
    report.check("Modoboa is imported", status == 0, out + err)
    report.same("Modoboa: anna", (anna["name"], anna["quota"], anna["home"],
                                  world.targets("anna@example.org")),
                ("Anna A", "100M", "/srv/vmail/example.org/anna", []))
    report.same("Modoboa: ben is disabled", ben["enabled"], False)
    report.same("Modoboa: a forward that keeps a copy", world.targets(
        "ben@example.org"), ["ben@example.org", "out@example.com"])
    state = world.state()
    report.same("Modoboa: domains", (
        state["domains"]["relay.example"]["class"],
        state["domains"]["shop.example"]["target"]), ("relay", "example.org"))
    report.same("Modoboa: an alias that is off",
                state["aliases"]["info@example.org"]["enabled"], False)


def test_mailinabox(world, report):
    path = f"{world.top}/users.sqlite"
    database = sqlite3.connect(path)
    database.executescript(BOX)
    database.close()
    dump = world.write("box.sql", "PRAGMA foreign_keys=OFF;\nBEGIN "
                       "TRANSACTION;\n" + BOX.replace(
                           " || char(10) || ", "").replace(
                               "'anna@example.org''ben", "'anna@example.org,"
                               "ben") + "COMMIT;\n")
    for source in (path, dump):
        world.empty()
        status, out, err = world.call("import", "mailinabox", source)
        report.check("Mail-in-a-Box is imported", status == 0, out + err)
        user = world.user("anna@example.org")
        report.same("Mail-in-a-Box: anna", (user["quota"], user["home"]), (
            "5G", "/home/user-data/mail/mailboxes/example.org/anna"))
        state = world.state()
        report.same("Mail-in-a-Box: domains", sorted(state["domains"]),
                    ["example.org", "shop.example", "sub.example.org"])
        report.same("Mail-in-a-Box: two targets", world.targets(
            "info@example.org"), ["anna@example.org", "ben@sub.example.org"])
        said(report, "Mail-in-a-Box", err, "has permitted_senders",
             "privileges is not kept")


# ---- documents -----------------------------------------------------------------

def test_mailu_disabled(world, report):
    """An alias that Mailu has disabled is disabled."""
    document = world.write("mailu.yml", "domain:\n- name: example.org\nuser:\n"
                           "- email: anna@example.org\n  password: "
                           f"'{HASH}'\nalias:\n- email: off@example.org\n"
                           "  disabled: true\n  comment: why\n"
                           "  destination: [anna@example.org]\n")
    world.empty()
    world.call("import", "mailu", document)
    alias = world.state()["aliases"]["off@example.org"]
    report.same("a disabled alias", (alias.get("enabled"), alias.get("note")),
                (False, "why"))


def test_many_fields(world, report):
    """A user of users.json may have every field there is."""
    fields = {"name": "N", "quota": "1G", "messages": 5, "imap": False,
              "pop3": False, "sieve": False, "send": False, "receive": False,
              "internal": True, "home": "/srv/n", "note": "n", "spam_days": 3,
              "valid_from": "2020-01-01", "must_change": True}
    document = world.write("users.json", json.dumps(
        {"n@example.org": fields | {"hashedPassword": "$6$" + HASH.split(
            "$6$")[1]}}))
    world.base()
    status, _, err = world.call("import", "flyingcircus", document)
    report.check("a user with 14 fields is imported", status == 0, err)


# ---- csv ------------------------------------------------------------------------

def test_csv_small_quota(world, report):
    """A quota that is less than one message is asked about."""
    rows = world.write("small.csv", "email,quota\na@example.org,250\n"
                       "b@example.org,250M\n")
    world.base()
    status, _, err = world.call("import", "csv", rows)
    report.check("250 bytes are a warning with its place", status == 0 and
                 f"{rows}:2: the quota of a@example.org is 250 bytes" in err
                 and "write 250M" in err and ":3:" not in err, err)


def test_csv_round_trip(world, report):
    """export csv can be read back, with every field of a user."""
    world.base()
    world.call("adduser", "full@example.org", "--hash", HASH, "--name",
               'A "B", C', "--quota", "2G", "--messages", "7", "--home",
               "/srv/f", "--note", "a note", "--valid-until", "2199-01-02",
               "--imap", "no", "--send", "no", "--spam-days", "5")
    world.call("adduser", "off@example.org", "--hash", HASH, "--enabled", "no")
    before = world.state()["users"]
    rows = world.write("all.csv", world.call("export", "csv", "--secrets")[1])
    world.empty()
    world.call("adddom", "example.org")
    status, _, err = world.call("import", "csv", rows)
    report.check("the export is read", status == 0, err)
    report.same("and makes the same users", world.state()["users"], before)


def test_remark_lines(world, report):
    """A remark of several lines becomes one, which is told."""
    world.base()
    rows = world.write("rows.csv", 'email,note\nx@example.org,"one\ntwo"\n')
    status, _, err = world.call("import", "csv", rows)
    report.same("a remark of two lines", (status, world.user(
        "x@example.org")["note"]), (0, "one two"))
    report.check("is told of", "a line end in a name or note is not kept" in err,
                 err)


def test_csv_headers(world, report):
    """Other programs' own headers, and what they have no counterpart for."""
    world.base()
    google = world.write("google.csv", "First Name [Required],Last Name "
                         "[Required],Email Address [Required],Password "
                         "[Required],Org Unit Path [Required],Status [READ "
                         "ONLY]\nGina,G,gina@example.org,a long pass phrase,/,"
                         "Suspended\n")
    status, _, err = world.call("import", "csv", google)
    user = world.user("gina@example.org")
    report.same("Google", (status, user["name"], user["enabled"]),
                (0, "Gina G", False))
    report.check("what it has besides is told", "Org Unit Path [Required] is "
                 "not kept" in err, err)
    exchange = world.write("exchange.csv", "UserPrincipalName,DisplayName,"
                           "EmailAddresses,Block credential\n"
                           "emil@example.org,Emil,\"SMTP:emil@example.org;"
                           "smtp:e@example.org;X500:/o=x\",True\n")
    status, _, err = world.call("import", "csv", exchange)
    user = world.user("emil@example.org")
    report.same("Microsoft", (status, user["name"], user["enabled"],
                              world.targets("e@example.org")),
                (0, "Emil", False, ["emil@example.org"]))


def test_round_trips(world, report):
    """What an export has, an import of it makes again."""
    world.base()
    for name in ("anna", "ben", "carl"):
        world.call("passwd", f"{name}@example.org", "--hash", HASH)
        world.call("setuser", f"{name}@example.org", "--home", f"/h/{name}",
                   "--quota", "1G", "--name", name)
    world.call("addalias", "info@example.org", "anna@example.org",
               "out@example.com")
    world.call("addalias", "ben@example.org", "ben@example.org",
               "carl@example.org")
    world.call("adddomalias", "shop.example", "example.org")
    before = world.state()
    passwd = world.write("trip.passwd", world.call(
        "export", "dovecot-passwd", "--secrets")[1])
    docker_, texthash = (world.call("export", form, "--secrets")[1]
                         for form in ("docker-mailserver", "postfix-texthash"))
    accounts, aliases = docker_.split("# postfix-virtual.cf\n")
    folder = docker(world, postfix_accounts=accounts, postfix_virtual=aliases)
    boxes, table = (world.write(name, part) for name, part in zip(
        ("trip.boxes", "trip.table"),
        texthash.split("# virtual_alias_maps\n")))
    world.empty()
    world.call("import", "dovecot-passwd", passwd, "--create-domain")
    users = {name: {key: value for key, value in user.items()
                    if key != "targets"}
             for name, user in before["users"].items()}
    report.same("dovecot-passwd: the users", world.state()["users"], users)
    for form, words in (("docker-mailserver", [folder]), (
            "postfix-texthash", ["--accounts", boxes, "--aliases", table])):
        world.empty()
        world.call("import", form, *words, "--create-domain")
        after = world.state()
        report.same(f"{form}: aliases, forwards and domains", (
            after["aliases"], after["domains"], world.targets(
                "ben@example.org"), sorted(after["users"])),
            (before["aliases"], before["domains"],
             ["ben@example.org", "carl@example.org"],
             sorted(before["users"])))


ALL = [value for name, value in sorted(globals().items())
       if name.startswith("test_")]
