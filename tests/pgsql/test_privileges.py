# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each role may do to each object: tried, not read from the catalogue.

Everything not allowed below must be refused.  Objects come from the catalogue,
so a new one that nobody may touch needs no line here.
"""

from client import HASH, Client
from cluster import Cluster, Psql

ROLES = ["maildb_admin", "maildb_postfix", "maildb_dovecot", "maildb_audit",
         "stranger"]
VERBS = {
    "SELECT": "SELECT FROM {0} LIMIT 0",
    "INSERT": "INSERT INTO {0} SELECT * FROM {0} WHERE false",
    "UPDATE": "UPDATE {0} SET {1} = {1} WHERE false",
    "DELETE": "DELETE FROM {0} WHERE false",
    "TRUNCATE": "TRUNCATE {0}",
}
BASE = {"setting", "domain", "address", "mailbox", "target", "sender"}
POSTFIX_VIEWS = {"domains", "aliases", "version"}
DOVECOT_VIEWS = {"dovecot_user", "users", "version"}
IMAGES = {f"journal_{name}" for name in BASE}
AUDIT = {"journal", "version"} | IMAGES
DOVECOT_FUNCTIONS = {"passdb", "userdb"}
PUBLIC_FUNCTIONS = {"unixepoch"}
# Not for Postfix: helpers of triggers and of shared SQL.
ADMIN_FUNCTIONS = {"keep_id", "instr"}

# Refused with these: no privilege, or the view or trigger does not let anyone.
REFUSALS = {"42501": "no privilege", "55000": "a view", "P0001": "a trigger",
            "428C9": "generated"}

# What nobody of them may do: text, and what it may be refused with.
FORBIDDEN = [
    "CREATE TABLE maildb.mine ()", "CREATE TABLE public.mine ()",
    "CREATE SCHEMA mine",
    "CREATE VIEW maildb.mine AS SELECT 1", "CREATE ROLE mine",
    "CREATE FUNCTION maildb.unixepoch(text) RETURNS int LANGUAGE sql "
    "AS 'SELECT 1'",
    "CREATE OR REPLACE VIEW maildb.stamp AS SELECT 1",
    "ALTER TABLE maildb.journal DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_set ON maildb.mailbox",
    "DROP VIEW maildb.postfix_alias", "DROP SCHEMA maildb CASCADE",
    "SET LOCAL ROLE maildb_owner", "SET LOCAL ROLE postgres",
    "SET LOCAL session_replication_role = replica",
    "ALTER DEFAULT PRIVILEGES FOR ROLE maildb_owner GRANT ALL ON TABLES "
    "TO stranger",
    "SELECT pg_read_file('PG_VERSION')", "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/mine'", "SELECT lo_import('/etc/passwd')",
    "SELECT nextval('maildb.journal_id_seq')",
    "SELECT setval('maildb.address_id_seq', 1)",
]


def allowed(role, verb, kind, name):
    """Whether a role may do that to a table, view or function."""
    if kind == "function":
        if role == "maildb_admin":
            return True
        if role == "maildb_dovecot":
            return name in DOVECOT_FUNCTIONS | PUBLIC_FUNCTIONS
        if role == "maildb_postfix":
            return name not in DOVECOT_FUNCTIONS | ADMIN_FUNCTIONS
        return role == "maildb_audit" and name in PUBLIC_FUNCTIONS
    if role == "maildb_admin":
        return verb == "SELECT" or name in BASE and verb != "TRUNCATE"
    if verb != "SELECT":
        return False
    if role == "maildb_postfix":
        # of users, some columns: enough for "SELECT FROM"
        return name.startswith("postfix_") or name in POSTFIX_VIEWS \
            or name == "users"
    if role == "maildb_dovecot":
        return name in DOVECOT_VIEWS
    return role == "maildb_audit" and name in AUDIT


class Session(Psql):
    """Tries statements, each in a transaction that comes to nothing."""

    def attempt(self, sql):
        """The SQLSTATE of a statement, or None when it works."""
        # The roles' read-only default is a convenience, no protection.
        answer = self(f"BEGIN READ WRITE;\n{sql};\nROLLBACK;")
        for line in answer.splitlines():
            if line.startswith("ERROR:  "):
                return line.split()[1]
        return None


def matrix(cluster, session, role, report):
    """Every verb on every table and view, every function."""
    tables = cluster.sql(
        "SELECT c.relname, c.relkind, (SELECT attname FROM pg_attribute "
        "WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum DESC LIMIT 1) "
        "FROM pg_class c WHERE "
        "relnamespace = 'maildb'::regnamespace AND relkind IN ('r', 'v') "
        "ORDER BY 1", "maildb")
    for line in tables.splitlines():
        name, kind, column = line.split("|")
        for verb, text in VERBS.items():
            if kind == "v" and verb == "TRUNCATE":
                continue
            state = session.attempt(text.format("maildb." + name, column))
            if allowed(role, verb, "table", name):
                report.same(f"{role} may {verb} {name}", state, None)
            else:
                report.check(f"{role} may not {verb} {name}",
                             state in REFUSALS, f"SQLSTATE {state}")
    functions = cluster.sql(
        "SELECT proname, format('SELECT maildb.%I(%s)', proname, "
        "(SELECT string_agg(CASE WHEN y.typrelid = 0 THEN format('NULL::%s', "
        "y.oid::regtype) ELSE format('ROW(%s)::%s', (SELECT string_agg('NULL',"
        " ', ') FROM pg_attribute WHERE attrelid = y.typrelid AND attnum > 0),"
        " y.oid::regtype) END, ', ' ORDER BY n) FROM unnest(proargtypes::oid[]) "
        "WITH ORDINALITY t (t, n) JOIN pg_type y ON y.oid = t.t)) FROM pg_proc WHERE pronamespace "
        "= 'maildb'::regnamespace AND prorettype <> 'trigger'::regtype "
        "ORDER BY 1, 2", "maildb")
    for line in functions.splitlines():
        name, text = line.split("|")
        state = session.attempt(text)
        if allowed(role, "EXECUTE", "function", name):
            report.same(f"{role} may call {name}", state, None)
        else:
            report.same(f"{role} may not call {name}: {text}", state, "42501")


def capture(cluster, report):
    """Temporary objects that bear the names our triggers and functions use."""
    cluster.sql("GRANT TEMP ON DATABASE maildb TO maildb_postfix", "maildb")
    with Session(cluster.url("maildb", "maildb_admin"), "-v",
                 "VERBOSITY=sqlstate") as admin:
        admin("""
            SET search_path = pg_temp, public, maildb;
            CREATE TEMP TABLE journal (LIKE maildb.journal);
            CREATE TEMP TABLE journal_mailbox (LIKE maildb.journal_mailbox);
            CREATE TEMP TABLE domain_name (name text, domain text);
            CREATE TEMP TABLE address (LIKE maildb.address);
            CREATE TEMP TABLE target (LIKE maildb.target);
            CREATE TEMP VIEW stamp AS SELECT 1::bigint AS txn, 2::bigint AS at,
              'forged' AS who, 'nowhere' AS via;
            CREATE FUNCTION pg_temp.substr(text, int, int) RETURNS text
              LANGUAGE sql AS 'SELECT $1';
            SELECT set_config('maildb.who', 'root', false);""")
        answer = admin(
            "INSERT INTO maildb.domain (name) VALUES ('trap.example');"
            "WITH a AS (INSERT INTO maildb.address (domain, localpart) VALUES "
            "('trap.example', 'fly') RETURNING id) INSERT INTO maildb.mailbox "
            f"(address_id, password) SELECT id, '{HASH}' FROM a;"
            "UPDATE maildb.mailbox SET password = '{PLAIN}secret';"
            "SELECT count(*) FROM pg_temp.journal; "
            "SELECT count(*) FROM pg_temp.journal_mailbox; "
            "SELECT count(*) FROM pg_temp.domain_name;"
            "SELECT count(*) FROM maildb.domain_name "
            "WHERE name = 'trap.example';"
            "SELECT count(*) FROM maildb.address WHERE final = 1;")
        report.same("temporary tables catch nothing", answer, "0\n0\n0\n1\n1")
    with Session(cluster.url("maildb", "maildb_postfix"), "-v",
                 "VERBOSITY=sqlstate") as postfix:
        answer = postfix("""
            BEGIN READ WRITE;
            SET search_path = pg_temp, maildb;
            CREATE TEMP VIEW postfix_mailbox AS SELECT 'trap.example' AS
              domain, 'fly' AS localpart, 'root@elsewhere.example' AS address;
            CREATE FUNCTION pg_temp.mail_in(text) RETURNS text
              LANGUAGE sql AS $$ SELECT current_user::text $$;
            SELECT address FROM maildb.virtual_mailbox_maps('fly',
              'trap.example');
            COMMIT;""")
        report.same("nor does a temporary view", answer, "fly@trap.example")
    written = cluster.sql("SELECT DISTINCT who FROM maildb.journal "
                          "WHERE key LIKE '%trap.example'", "maildb")
    report.same("the journal names the role beside who it claims to be",
                written, "root (maildb_admin)")
    # An image before a change has the number of its entry, negated.
    passwords = cluster.sql(
        "SELECT DISTINCT sign(entry), password FROM maildb.journal_mailbox "
        "JOIN maildb.journal ON id = abs(entry) "
        "WHERE key = 'fly@trap.example' ORDER BY 1, 2", "maildb")
    scheme = HASH.partition("}")[0] + "}"
    report.same("the journal has no password", passwords,
                f"-1|{scheme}\n1|{scheme}\n1|{{PLAIN}} changed")
    for name in sorted(IMAGES):
        secrets = cluster.sql(f"SELECT count(*) FROM maildb.{name} r WHERE "
                              "r::text LIKE '%secret%' OR r::text LIKE "
                              "'%$y$%'", "maildb")
        report.same(f"nor has {name}", secrets, "0")
    cluster.sql("REVOKE TEMP ON DATABASE maildb FROM maildb_postfix",
                "maildb")


def journal_stays(cluster, report):
    """Not even the owner or a superuser changes it by an ordinary command."""
    for role in ("maildb_owner", "postgres"):
        with Session(cluster.url("maildb"), "-v", "VERBOSITY=sqlstate") as own:
            own(f"SET ROLE {role};")
            for sql in ("UPDATE maildb.journal SET who = 'x'",
                        "DELETE FROM maildb.journal",
                        "TRUNCATE maildb.journal", "TRUNCATE maildb.setting",
                        "UPDATE maildb.journal_setting SET value = 'x'",
                        "DELETE FROM maildb.journal_mailbox",
                        "TRUNCATE maildb.journal_address",
                        "TRUNCATE maildb.domain CASCADE"):
                report.same(f"{role}: {sql}", own.attempt(sql), "P0001")


def leaks(session, report):
    """What Postfix's role cannot learn by other ways."""
    for sql in ("SELECT password FROM maildb.users",
                "SELECT u FROM maildb.users u", "TABLE maildb.users",
                "SELECT passwd FROM pg_shadow"):
        report.same(f"maildb_postfix: {sql}", session.attempt(sql), "42501")
    report.same("maildb_postfix: the other columns of users",
                session.attempt("SELECT id, domain_id, email, active "
                                "FROM maildb.users"), None)


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    cluster.sql("CREATE DATABASE maildb")
    cluster.sql("CREATE ROLE stranger LOGIN")
    client = Client(cluster.url("maildb"))
    client.must("init")
    report.same("init again changes nothing", client.must("init"), "")
    before = report.passed
    report.same("a stranger may not even connect", Client(
        cluster.url("maildb", "stranger")).run("lsdom").returncode, 3)
    cluster.sql("GRANT CONNECT ON DATABASE maildb TO stranger")
    for role in ROLES:
        with Session(cluster.url("maildb", role), "-v",
                     "VERBOSITY=sqlstate") as session:
            matrix(cluster, session, role, report)
            if role != "maildb_admin":
                report.same(f"{role}: no temporary table", session.attempt(
                    "CREATE TEMP TABLE mine ()"), "42501")
            for sql in FORBIDDEN:
                report.same(f"{role}: {sql}", session.attempt(sql), "42501")
            if role == "maildb_postfix":
                leaks(session, report)
    capture(cluster, report)
    journal_stays(cluster, report)
    count = report.passed - before
    report.check(f"{count} checks are enough", count >= 150)
