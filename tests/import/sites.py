# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small sites of PostfixAdmin, vmm and ISPmail, and dumps of them.

Each site is a list of tables, (name, columns, rows), where a column is
"name type".  The same rows are written as pg_dump, mysqldump and sqlite3
would, so that what differs between imports is the dialect alone.
"""

import sqlite3

SHA512 = ("$6$Qgpc/6n3N6HsW2vQ$wXGEsBIftrZUpoMCfjjyajf77nCasfqJs4Ffsprq6bRNl."
          "FK8Z3RBSXvQfkeJpkkS2vIvOKEBQDmw/eIzbLs2.")
BCRYPT = "$2y$05$oWFJeV4SpYlfeARBSLpfmOyjIDP4driL0pA5J/h0zW1CtbYLQHVfm"
MD5CRYPT = "$1$5mCFgoZe$m8d8Cygv96vn4BYo3koqo."
THEN = "2024-02-29 12:00:00"

POSTFIXADMIN = [
    ("admin", "username varchar(255), password varchar(255), superadmin bool",
     [("boss@example.org", SHA512, True)]),
    ("alias", "address varchar(255), goto text, domain varchar(255), "
     "created timestamp, modified timestamp, active bool",
     [("anna@example.org", "anna@example.org", "example.org", THEN, THEN,
       True),
      ("Bob@Example.ORG", "bob@example.org,out@example.com", "example.org",
       THEN, THEN, True),
      ("cora@example.org",
       "cora@example.org,cora#example.org@autoreply.example.org",
       "example.org", THEN, THEN, True),
      ("dora@example.org", "dora@example.org,bob@example.org", "example.org",
       THEN, THEN, False),
      ("info@example.org", "anna@example.org, bob@example.org",
       "example.org", THEN, THEN, True),
      ("old@example.org", "anna@example.org", "example.org", THEN, THEN,
       False),
      ("@example.org", "anna@example.org", "example.org", THEN, THEN, True)]),
    ("alias_domain", "alias_domain varchar(255), target_domain varchar(255), "
     "created timestamp, modified timestamp, active bool",
     [("example.net", "example.org", THEN, THEN, True)]),
    ("domain", "domain varchar(255), description varchar(255), aliases int, "
     "mailboxes int, maxquota bigint, quota bigint, transport varchar(255), "
     "backupmx bool, created timestamp, modified timestamp, active bool, "
     "password_expiry int",
     [("ALL", "", 0, 0, 0, 0, "", False, THEN, THEN, True, 0),
      ("example.net", "the other name", 0, 0, 0, 0, "virtual", False, THEN,
       THEN, True, 0),
      ("example.org", "it's \"ours\" \\ Grüße", 20, 10, 0, 50000, "virtual",
       False, THEN, THEN, True, 0),
      ("off.example", "", -1, 0, 500, 0, "virtual", False, THEN, THEN, False,
       365),
      ("relay.example", "", 0, 0, 0, 0, "relay:", True, THEN, THEN, True,
       0)]),
    ("fetchmail", "id int, mailbox varchar(255)", [(1, "anna@example.org")]),
    ("log", "timestamp timestamp, data text", [(THEN, "a;b'(,)\n--c")]),
    ("mailbox", "username varchar(255), password varchar(255), name "
     "varchar(255), maildir varchar(255), quota bigint, local_part "
     "varchar(255), domain varchar(255), created timestamp, active bool, "
     "phone varchar(30), email_other varchar(255), token varchar(255), "
     "token_validity timestamp, password_expiry timestamp, smtp_active bool",
     [("anna@example.org", SHA512, "Anna O'Neil", "example.org/anna/",
       5120000000, "anna", "example.org", THEN, True, "", "", "", THEN, THEN,
       True),
      ("bob@example.org", "{BLF-CRYPT}" + BCRYPT, "Bob\\Bobson; (jr.), x",
       "example.org/bob/", 1, "bob", "example.org", THEN, True, "123", "", "",
       THEN, THEN, False),
      ("cora@example.org", BCRYPT, "Çora 世界", "example.org/cora/", 1024000,
       "cora", "example.org", THEN, False, "", "", "", THEN, None, True),
      ("dora@example.org", MD5CRYPT, "", "example.org/dora/", 2048, "dora",
       "example.org", THEN, True, "", "", "", THEN, THEN, True),
      ("Emil@example.org", "{md5}kAFQmDzST7DWlj99KOF/cg==", "-- emil",
       "example.org/emil/", 4096, "emil", "example.org", THEN, True, "",
       "e@example.com", "", THEN, THEN, True),
      ("zero@free.example", SHA512, "", "free.example/zero/", 0, "zero",
       "free.example", THEN, True, "", "", "", THEN, THEN, True)]),
    ("quota2", "username varchar(100), bytes bigint, messages int",
     [("anna@example.org", 5, 1)]),
]
# The table of domains, once more as it comes from a site without limits.
POSTFIXADMIN[3][2].append(("free.example", None, 0, 0, 0, 0, "virtual", False,
                           THEN, THEN, True, 0))

VMM = [
    ("alias", "gid bigint, address varchar(64), destination varchar(320)",
     [(70000, "info", "anna@example.org"), (70000, "info", "bob@example.org"),
      (70000, "box", "%n-new@example.com"),
      (70002, "join", "%n.%d@example.com"),
      (70000, "wrong", "%d@example.com")]),
    ("catchall", "gid bigint, destination varchar(320)",
     [(70000, "anna@example.org"), (70002, "%n@example.org")]),
    ("domain_data", "gid bigint, qid bigint, ssid bigint, tid bigint, "
     "domaindir varchar(40), note text",
     [(70000, 1, 1, 1, "/srv/mail/a/70000", "the first"),
      (70002, 2, 2, 1, "/srv/mail/b/70002", None)]),
    ("domain_name", "domainname varchar(255), gid bigint, is_primary boolean",
     [("example.net", 70000, False), ("example.org", 70000, True),
      ("solo.example", 70002, True)]),
    ("quotalimit", "qid bigint, bytes bigint, messages integer",
     [(1, 1073741824, 0), (2, 0, 0), (3, 4096, 100)]),
    ("relocated", "gid bigint, address varchar(64), destination varchar(320)",
     [(70000, "gone", "new@example.com")]),
    ("service_set", "ssid bigint, smtp boolean, pop3 boolean, imap boolean, "
     "sieve boolean",
     [(1, True, True, True, True), (2, False, False, True, True),
      (3, False, False, False, False)]),
    ("userquota", "uid bigint, bytes bigint, messages integer",
     [(70000, 1, 2)]),
    ("users", "local_part varchar(64), passwd varchar(270), name "
     "varchar(128), uid bigint, gid bigint, mid bigint, qid bigint, ssid "
     "bigint, tid bigint, note text",
     [("anna", "{SHA512-CRYPT}" + SHA512, "Anna", 70000, 70000, 1, None, None,
       None, "likes tea"),
      ("bob", "{BLF-CRYPT.B64}JDJ5JDA1JG9XRkplVjRTcFlsZmVBUkJTTHBmbU95aklEUDR"
       "kcmlMMHBBNUovaDB6VzFDdGJZTFFIVmZt", None, 70001, 70000, 1, 3, 2, None,
       None),
      ("cora", "{SHA512-CRYPT}" + SHA512, None, 70002, 70000, 1, 2, 3, None,
       None),
      ("dora", "{SHA512-CRYPT}" + SHA512, None, 70003, 70002, 1, None, None,
       None, None)]),
]

ISPMAIL = [
    ("virtual_aliases", "id int, domain_id int, source varchar(100), "
     "destination varchar(100)",
     [(1, 1, "info@example.org", "anna@example.org"),
      (2, 1, "info@example.org", "bob@example.org"),
      (3, 1, "info@example.org", "anna@example.org"),
      (4, 1, "team@example.org", "bob@example.org,out@example.com"),
      (5, 1, "bob@example.org", "bob@example.org"),
      (6, 1, "bob@example.org", "out@example.com"),
      (7, 2, "@example.com", "anna@example.org")]),
    ("virtual_domains", "id int, name varchar(50)",
     [(1, "example.org"), (2, "example.com"), (3, "EXAMPLE.org")]),
    ("virtual_users", "id int, domain_id int, email varchar(100), password "
     "varchar(150), quota bigint",
     [(1, 1, "anna@example.org", "{BLF-CRYPT}" + BCRYPT, 0),
      (2, 1, "bob@example.org", "{SHA256-CRYPT}$5$Rz0W7ZCidzHqg/hA$hYJrMU8ikx/"
       "OPIXaA7d9p1cOpgXTII4xIlKLAWrfQg6", 2147483648),
      (3, 1, "cora@example.org", "159df4fecfdaf332c4293dfcac7063b7", None),
      (4, 1, "dora", "{SHA512-CRYPT}" + SHA512, 0)]),
]

SITES = {"postfixadmin": POSTFIXADMIN, "vmm": VMM, "ispmail": ISPMAIL}


def names(columns):
    """The names of columns, whose types may hold commas."""
    return [part.split()[0] for part in columns.split(", ")]


def create(tables, quote="", bool_type="boolean"):
    """CREATE TABLE statements, with something that is no column in each."""
    text = ""
    for name, columns, _rows in tables:
        parts = [f"    {quote}{part.split()[0]}{quote} "
                 f"{' '.join(part.split()[1:])}"
                 .replace(" bool", " " + bool_type, 1)
                 .replace("booleanean", "boolean").replace("(1)ean", "(1)")
                 for part in columns.split(", ")]
        parts.append(f"    CHECK ((length('(),;') > 0))")
        text += (f"CREATE TABLE {quote}{name}{quote} (\n"
                 + ",\n".join(parts) + "\n);\n\n")
    return text


PG_HEAD = """--
-- PostgreSQL database dump
--

\\restrict a1b2c3

-- Dumped from database version 15.6

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.merge() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
    INSERT INTO alias VALUES ('no;', 'no');
    RETURN NEW; -- it's no row
END;
$_$;

"""
PG_FOOT = """--
-- PostgreSQL database dump complete
--

\\unrestrict a1b2c3

"""


def pg_value(value):
    """A value in COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    for plain, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"),
                          ("\r", "\\r")):
        text = text.replace(plain, escape)
    return text


def pg_copy(tables, order=1):
    """What pg_dump writes; order -1 turns the tables round."""
    text = PG_HEAD + create([(f"public.{name}", columns, rows)
                             for name, columns, rows in tables])
    for name, columns, rows in tables[::order]:
        text += (f"COPY public.{name} ({', '.join(names(columns))}) FROM "
                 "stdin;\n")
        text += "".join("\t".join(map(pg_value, row)) + "\n" for row in rows)
        text += "\\.\n\n\n"
    return text + PG_FOOT


def sql_value(value, true="true", false="false", escape=False):
    """A constant in SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return true if value else false
    if isinstance(value, int):
        return str(value)
    text = value.replace("'", "''")
    if escape:
        text = value.replace("\\", "\\\\").replace("'", "\\'").replace(
            "\n", "\\n").replace('"', '\\"')
    return f"'{text}'"


def pg_inserts(tables, with_names=False):
    """What pg_dump --inserts (or --column-inserts) writes."""
    text = PG_HEAD + create([(f"public.{name}", columns, rows)
                             for name, columns, rows in tables])
    for name, columns, rows in tables:
        given = f" ({', '.join(names(columns))})" if with_names else ""
        for row in rows:
            text += (f"INSERT INTO public.{name}{given} VALUES ("
                     + ", ".join(map(sql_value, row)) + ");\n")
    return text + PG_FOOT


def mysql(tables):
    """What mysqldump writes: one statement a table."""
    text = ("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n"
            "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;"
            "\n/*!50503 SET NAMES utf8mb4 */;\n")
    for name, columns, rows in tables:
        text += f"\nDROP TABLE IF EXISTS `{name}`;\n" + create(
            [(name, columns, rows)], "`", "tinyint(1)").replace(
                "\n);", "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
                "COMMENT='a; (b)';")
        text += (f"LOCK TABLES `{name}` WRITE;\n"
                 f"/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;\n")
        if rows:
            text += f"INSERT INTO `{name}` VALUES " + ",".join(
                "(" + ",".join(sql_value(value, "1", "0", True)
                               for value in row) + ")"
                for row in rows) + ";\n"
        text += "UNLOCK TABLES;\n"
    text += ("DELIMITER ;;\n/*!50003 CREATE*/ /*!50003 TRIGGER t AFTER INSERT "
             "ON alias\nFOR EACH ROW BEGIN\n INSERT INTO `alias` VALUES "
             "('no','no');\nEND */;;\nINSERT INTO alias VALUES ('no');;\n"
             "DELIMITER ;\n")
    return text + "-- Dump completed on 2024-03-01  0:00:00\n"


def sqlite(tables, path):
    """A file of SQLite, where truths are numbers."""
    with sqlite3.connect(path) as db:
        for name, columns, rows in tables:
            db.execute(f"CREATE TABLE {name} ({columns})")
            db.executemany(f"INSERT INTO {name} VALUES "
                           f"({', '.join('?' * len(names(columns)))})", rows)
    db.close()


def sqlite_dump(path):
    """What sqlite3's .dump writes."""
    db = sqlite3.connect(path)
    text = "PRAGMA foreign_keys=OFF;\n" + "\n".join(db.iterdump()) + "\n"
    db.close()
    return text
