# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections that break, at every step of every command that writes.

A command runs once undisturbed, which shows the octets it exchanges with the
server and what it changes.  Then it runs again and again on the same state,
each time over a line that is cut at another place: just before the end of a
message, or just after it.  What the exit code claims must be so: done means
all of it, failed means nothing, unknown may be either, but never a part.
"""

from client import DONE, HASH, UNKNOWN, UNUSABLE, Client
from cluster import Cluster, Psql
from proc import Failure
from proxy import TO_CLIENT, TO_SERVER, Proxy, boundaries

FEW = 6     # of the cuts of a direction, when not all are tried
LAST = 6    # and so many at the end and at the answer to COMMIT

SETUP = f"""\
adddom example.org
adddom example.net
adddom --class alias --target example.org alias.example
adduser --hash '{HASH}' ann@example.org
adduser --hash '{HASH}' bob@example.org
adduser --hash '{HASH}' cid@example.net
addalias sales@example.org ann@example.org
addalias sales@example.org bob@example.org
addalias team@example.net sales@example.org
"""

BATCH = "".join(f"addalias list{i}@example.org ann@example.org\n"
                for i in range(20))

# What each is called, and the command; the last one reads standard input.
COMMANDS = [
    ("adddom", ["adddom", "new.example"]),
    ("adduser", ["adduser", "--hash", HASH, "dan@example.org"]),
    ("addalias", ["addalias", "info@example.org", "bob@example.org"]),
    ("passwd", ["passwd", "--hash", HASH.replace("X3DX", "Y3DX"),
                "ann@example.org"]),
    ("disable", ["disable", "ann@example.org"]),
    ("setquota", ["setquota", "ann@example.org", "4G"]),
    ("set", ["set", "admin", "ann@example.org"]),
    ("rmalias", ["rmalias", "sales@example.org"]),
    ("rmuser", ["rmuser", "ann@example.org"]),
    ("renuser", ["renuser", "ann@example.org", "zoe@example.org"]),
    ("rendom", ["rendom", "example.net", "example.com"]),
    ("rmdom", ["rmdom", "--recursive", "example.net"]),
    ("batch", ["-f", "-"]),
]

TABLES = ["setting", "domain", "domain_name", "address", "mailbox", "target"]


class Fixture:
    """A database that is put back to one state, and read as one text."""

    def __init__(self, cluster, ends):
        self.cluster = cluster
        self.proxy = Proxy(cluster.port)
        cluster.sql("CREATE DATABASE maildb")
        url = cluster.url("maildb")
        Client(url).must("init")
        Client(url).must("-f", "-", text=SETUP)
        self.client = Client(cluster.url("maildb", port=self.proxy.port),
                             "--timeout", "5")
        self.psql = ends.enter_context(Psql(url))
        self.psql("SET search_path = maildb; CREATE SCHEMA kept;"
                  "SET session_replication_role = replica;")
        for table in TABLES:
            self.psql(f"CREATE TABLE kept.{table} AS TABLE {table};")
        self.restore()

    def count(self):
        return int(self.psql("SELECT count(*) FROM journal;"))

    def state(self):
        """All but ids that a lost transaction has used up."""
        return self.psql(
            "SELECT id, t FROM (SELECT 0 AS id, to_jsonb(s)::text AS t "
            "FROM setting s UNION ALL SELECT 1, (to_jsonb(d) - 'id')::text "
            "FROM domain d UNION ALL SELECT 2, to_jsonb(n)::text "
            "FROM domain_name n UNION ALL SELECT 3, (to_jsonb(a) - 'id')::text "
            "FROM address a UNION ALL SELECT 4, (to_jsonb(m) - 'address_id' "
            "|| jsonb_build_object('a', a.localpart || '@' || a.domain))::text "
            "FROM mailbox m JOIN address a ON a.id = m.address_id "
            "UNION ALL SELECT 5, (to_jsonb(t) - 'id' - 'address_id' - 'dest_id'"
            " || jsonb_build_object('a', a.localpart || '@' || a.domain, 'l', "
            "t.dest_id IS NULL))::text FROM target t JOIN address a "
            "ON a.id = t.address_id) q ORDER BY 1, 2;")

    def restore(self):
        for table in reversed(TABLES):
            self.psql(f"DELETE FROM {table};")
        for table in TABLES:
            self.psql(f"INSERT INTO {table} TABLE kept.{table};")
        # Ids of more digits would move what is to be cut.
        for table in ("domain", "address", "target"):
            self.psql(f"SELECT setval('{table}_id_seq', 100);")
        self.journal = self.count()

    def settle(self):
        """Waits for backends whose clients are gone."""
        for _ in range(1000):
            if self.psql("SELECT count(*) FROM pg_stat_activity "
                         "WHERE application_name = 'mailcfg';") == "0":
                return
            self.psql("SELECT pg_sleep(0.005);")
        raise Failure("a backend outlives its client")


def cuts(octets, startup, everything):
    """Where to cut: at the ends of messages, and one octet before."""
    ends = boundaries(octets, startup)
    places = sorted({at for end in ends for at in (end - 1, end)})
    if everything or len(places) <= FEW + LAST:
        return places
    head = places[:-LAST]
    done = octets.rfind(b"COMMIT\0")
    near = [at for at in head if done - 16 < at < done + 32]
    return sorted({*head[::max(1, len(head) // FEW)], *near, *places[-LAST:]})


def verdict(done, before, after, state, logged):
    """What is wrong with a command's claim, or None."""
    if state not in (before, after):
        return "a part of the change is there"
    if (state == after) != logged:
        return "the journal says otherwise"
    if done.returncode == DONE and state != after:
        return "it claims to be done, but is not"
    if done.returncode not in (DONE, UNKNOWN) and state != before:
        return "it claims to have failed, but is done"
    if done.returncode not in (DONE, UNKNOWN, UNUSABLE):
        return f"exit code {done.returncode}"
    if done.returncode != DONE and done.stdout:
        return "it says that something changed"
    return None


def attempt(fixture, argv, text, direction, octets, refuse=False):
    """A command over a line that is cut: its end, the state, whether it is in
    the journal."""
    fixture.proxy.arm(direction, octets, refuse)
    done = fixture.client.run(*argv, text=text)
    fixture.settle()
    state = fixture.state()
    logged = fixture.count() > fixture.journal
    return done, state, logged


def try_command(fixture, report, name, argv, everything):
    text = BATCH if argv == ["-f", "-"] else None
    before = fixture.state()
    done, after, logged = attempt(fixture, argv, text, None, 0)
    fixture.restore()
    if not report.check(f"{name}: undisturbed", done.returncode == DONE
                        and after != before and logged,
                        done.stdout + done.stderr):
        return 0
    record = fixture.proxy.record
    ways = [(TO_SERVER, cuts(record[TO_SERVER], True, everything)),
            (TO_CLIENT, cuts(record[TO_CLIENT], False, everything))]
    tried, resolved = 0, 0
    for direction, places in ways:
        wrong, reached = [], 0
        for octets in places:
            done, state, logged = attempt(fixture, argv, text, direction,
                                          octets)
            why = verdict(done, before, after, state, logged)
            # A run may say less: timeouts are sent as what is left of them.
            if fixture.proxy.cut:
                reached += 1
            elif len(fixture.proxy.record[direction]) >= octets:
                why = why or "the line was not cut"
            if why:
                wrong.append(f"after {octets} octets: {why}: exit "
                             f"{done.returncode} {done.stdout}{done.stderr}")
            if state != before:
                resolved += done.returncode == DONE
                fixture.restore()
            tried += 1
        to = "client" if direction == TO_CLIENT else "server"
        report.check(f"{name}: {len(places)} cuts on the way to the {to}",
                     places and not wrong and 2 * reached > len(places),
                     "\n".join(wrong) or f"{reached} were reached")
    report.check(f"{name}: a COMMIT without an answer is found out", resolved)
    return tried


def try_unknown(fixture, report):
    """COMMIT sent, no answer, and no server to ask: nobody can know."""
    before = fixture.state()
    name, argv = COMMANDS[0]
    fixture.client.argv[-1] = "1"
    attempt(fixture, argv, None, None, 0)
    fixture.restore()
    end = len(fixture.proxy.record[TO_CLIENT])
    ends = boundaries(fixture.proxy.record[TO_CLIENT], False)
    done, state, logged = attempt(fixture, argv, None, TO_CLIENT, ends[-3],
                                  refuse=True)
    report.check(f"{name}: no answer to COMMIT and no server is unknown",
                 done.returncode == UNKNOWN and not done.stdout
                 and end > ends[-3], f"exit {done.returncode}\n{done.stderr}")
    report.check(f"{name}: which is all or nothing", verdict(
        done, before, state, state, logged) is None or state == before)
    fixture.restore()


def run(top, ends, report, everything):
    cluster = Cluster(top, "a", ends).make().start()
    fixture = Fixture(cluster, ends)
    tried = sum(try_command(fixture, report, name, argv, everything)
                for name, argv in COMMANDS)
    try_unknown(fixture, report)
    report.check(f"{tried} cuts are enough",
                 tried >= (1000 if everything else 300))
