-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- Schema 1.  Tables are private; the views at the end are the interface that
-- Postfix, Dovecot and the first mailcfg's map files read: maildb-schema(5).
-- Comments stand between statements, never inside: SQLite keeps the text of
-- every statement and parses it again at each first prepare.

-- Read before anything else when a file is opened: "mail".
PRAGMA application_id = 1835100524;

-- The views read some settings, and must not find nonsense there.  1e19 stands
-- for what is no number.
CREATE TABLE setting (
  name TEXT PRIMARY KEY CHECK (name <> '' AND name NOT GLOB '*[^a-z0-9_]*'),
  value TEXT NOT NULL,
  CHECK (CASE WHEN value GLOB '[0-9]*' AND value NOT GLOB '*[^0-9]*'
      AND value NOT GLOB '0?*' AND (length(value) < 19
        OR length(value) = 19 AND value <= '9223372036854775807')
    THEN CAST(value AS INTEGER) ELSE 1e19 END <= CASE name
      WHEN 'mail_uid' THEN 2147483647 WHEN 'mail_gid' THEN 2147483647
      WHEN 'quota' THEN 9223372036854775807
      WHEN 'messages' THEN 9223372036854775807
      WHEN 'password_cost' THEN 1000000 WHEN 'password_min' THEN 72
      WHEN 'expansion_limit' THEN 100000 WHEN 'recursion_limit' THEN 100000
      WHEN 'smtputf8' THEN 1 END),
  CHECK (name NOT IN ('mail_uid', 'mail_gid') OR value <> '0'),
  CHECK (name <> 'mail_root' OR value GLOB '/*' AND value NOT GLOB '*..*'),
  CHECK (name <> 'password_scheme' OR value IN ('yescrypt', 'bcrypt', 'sha512')),
  CHECK (name <> 'recipient_delimiter' OR length(value) <= 8
    AND value NOT GLOB '*[^+.=#_~-]*'),
  CHECK (name <> 'admin' OR value GLOB '?*@?*.?*')
) STRICT, WITHOUT ROWID;
CREATE TRIGGER setting_stay BEFORE DELETE ON setting
  WHEN OLD.name IN ('mail_root', 'mail_uid', 'mail_gid', 'quota', 'messages') BEGIN
  SELECT RAISE(ABORT, 'a setting that the views read must stay');
END;
CREATE TRIGGER setting_name BEFORE UPDATE OF name ON setting
  WHEN OLD.name <> NEW.name BEGIN
  SELECT RAISE(ABORT, 'a setting keeps its name');
END;

-- One row: who is writing.  The library fills it before its first change and
-- empties it before COMMIT, so other connections never see it filled; the
-- journal of hand-written SQL finds it empty.
CREATE TABLE session (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  txn INTEGER NOT NULL,
  who TEXT,
  via TEXT
) STRICT;

-- class: mailbox (ours), alias (stands for target), relay (passed on), and
-- wildcard for the one row '*', whose addresses are valid in every mailbox and
-- alias domain.  name is in A-labels, uname the same in U-labels when that
-- differs.  quota and messages are what users without an own value get; NULL
-- asks the setting, 0 is unlimited.
CREATE TABLE domain (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name = '*' OR length(name) BETWEEN 3 AND 253
    AND name NOT GLOB '*[^a-z0-9.-]*' AND name GLOB '?*.?*'
    AND name NOT GLOB '[.-]*' AND name NOT GLOB '*[.-]'
    AND name NOT GLOB '*.[.-]*' AND name NOT GLOB '*-.*'
    AND instr(name, char(0)) = 0),
  uname TEXT UNIQUE CHECK (uname <> name AND instr(uname, '@') = 0),
  class TEXT NOT NULL DEFAULT 'mailbox'
    CHECK (class IN ('mailbox', 'alias', 'relay', 'wildcard')),
  target TEXT REFERENCES domain (name) ON UPDATE CASCADE,
@columns domain
  CHECK ((class = 'alias') = (target IS NOT NULL)),
  CHECK ((class = 'wildcard') = (name = '*')),
  CHECK (target <> name),
  CHECK (is_primary = 0 OR class = 'mailbox'),
  CHECK (any_recipient = 0 OR class = 'relay')
) STRICT;
CREATE UNIQUE INDEX domain_primary ON domain (is_primary) WHERE is_primary = 1;
CREATE INDEX domain_target ON domain (target) WHERE target IS NOT NULL;

-- Every spelling a domain may be asked for by: SMTPUTF8 clients send U-labels
-- and Postfix looks them up as they are.
CREATE TABLE domain_name (
  name TEXT PRIMARY KEY,
  domain TEXT NOT NULL REFERENCES domain (name)
    ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_name_domain ON domain_name (domain);

CREATE TRIGGER domain_spell AFTER INSERT ON domain BEGIN
  INSERT INTO domain_name (name, domain) VALUES (NEW.name, NEW.name);
  INSERT INTO domain_name (name, domain)
    SELECT NEW.uname, NEW.name WHERE NEW.uname IS NOT NULL;
END;
CREATE TRIGGER domain_respell AFTER UPDATE OF name, uname ON domain BEGIN
  DELETE FROM domain_name WHERE domain = NEW.name;
  INSERT INTO domain_name (name, domain) VALUES (NEW.name, NEW.name);
  INSERT INTO domain_name (name, domain)
    SELECT NEW.uname, NEW.name WHERE NEW.uname IS NOT NULL;
END;

-- localpart '' is the catch-all.  final: mail may be delivered as this very
-- address, because it has a mailbox or is a listed recipient of a relay
-- domain; triggers on mailbox keep it.  The window is inclusive, in seconds.
-- Ids are never given twice (AUTOINCREMENT): homes are made of them.
CREATE TABLE address (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  domain TEXT NOT NULL REFERENCES domain (name)
    ON UPDATE CASCADE ON DELETE CASCADE,
  localpart TEXT NOT NULL CHECK (length(localpart) <= 64
    AND localpart NOT GLOB '*[^a-z0-9._&''+=~-]*' AND localpart NOT GLOB '.*'
    AND localpart NOT GLOB '-*' AND localpart NOT GLOB '*.'
    AND localpart NOT GLOB '*..*' AND instr(localpart, char(0)) = 0),
@columns address
  UNIQUE (domain, localpart),
  CHECK (final = 0 OR localpart <> '' AND domain <> '*'),
  CHECK (internal = 0 OR localpart <> ''),
  CHECK (valid_from <= valid_until)
) STRICT;
CREATE INDEX address_text ON address ((localpart || '@' || domain));

-- password is '{SCHEME}hash' or NULL: no login.  quota in bytes, messages in
-- number: NULL inherits, 0 is unlimited.  home overrides <mail_root>/<id>.
CREATE TABLE mailbox (
  address_id INTEGER PRIMARY KEY REFERENCES address (id) ON DELETE CASCADE,
  password TEXT CHECK (length(password) BETWEEN 4 AND 300
    AND password GLOB '{[A-Z0-9]*}?*' AND password NOT GLOB '*[^!-~]*'
    AND instr(password, char(0)) = 0),
@columns mailbox
  home TEXT CHECK (home <> '' AND home NOT GLOB '*..*'
    AND home NOT GLOB '*[^ -~]*' AND instr(home, char(0)) = 0)
) STRICT;

-- One destination a row.  Capitals of a local part are kept in domains that are
-- not ours, and compared without.  dest_id names the address row of exactly that
-- text when there is one.
CREATE TABLE target (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address_id INTEGER NOT NULL REFERENCES address (id) ON DELETE CASCADE,
  dest TEXT NOT NULL CHECK (length(dest) BETWEEN 3 AND 254
    AND instr(dest, '@') BETWEEN 2 AND 65 AND dest NOT GLOB '*@*[^a-z0-9.-]*'
    AND dest GLOB '*@?*.?*' AND dest NOT GLOB '[.|/-]*'
    AND dest NOT GLOB '*.@*' AND dest NOT GLOB '*..*'
    AND dest NOT GLOB '*@[.-]*' AND dest NOT GLOB '*[.-]'
    AND dest NOT GLOB '*@*.-*' AND dest NOT GLOB '*@*-.*'
    AND dest NOT GLOB '*[][()<>,;:"\!% ]*'
    AND dest NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-'
      || char(160) || char(173) || ']*' AND instr(dest, char(0)) = 0),
@columns target
  dest_id INTEGER REFERENCES address (id) ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX target_once ON target (address_id, lower(dest));
CREATE INDEX target_dest_id ON target (dest_id) WHERE dest_id IS NOT NULL;
CREATE INDEX target_dest ON target (dest) WHERE dest_id IS NULL;

-- dest_id, dest and final follow whatever writes, people's own SQL included.
CREATE TRIGGER target_link AFTER INSERT ON target WHEN NEW.dest_id IS NULL BEGIN
  UPDATE target SET dest_id = (SELECT id FROM address
      WHERE localpart || '@' || domain = NEW.dest)
    WHERE id = NEW.id;
END;
CREATE TRIGGER target_relink AFTER UPDATE OF dest ON target BEGIN
  UPDATE target SET dest_id = (SELECT id FROM address
      WHERE localpart || '@' || domain = NEW.dest)
    WHERE id = NEW.id;
END;
CREATE TRIGGER address_link AFTER INSERT ON address BEGIN
  UPDATE target SET dest_id = NEW.id
    WHERE dest = NEW.localpart || '@' || NEW.domain AND dest_id IS NULL;
END;
CREATE TRIGGER address_relink AFTER UPDATE OF domain, localpart ON address BEGIN
  UPDATE target SET dest = NEW.localpart || '@' || NEW.domain
    WHERE dest_id = NEW.id;
  UPDATE target SET dest_id = NEW.id
    WHERE dest = NEW.localpart || '@' || NEW.domain AND dest_id IS NULL;
END;
CREATE TRIGGER mailbox_final AFTER INSERT ON mailbox BEGIN
  SELECT RAISE(ABORT, 'a mailbox needs a mailbox domain and a plain local part')
    FROM address a JOIN domain d ON d.name = a.domain
    WHERE a.id = NEW.address_id
      AND (d.class <> 'mailbox' OR a.localpart GLOB '*[^a-z0-9._-]*');
  UPDATE address SET final = 1 WHERE id = NEW.address_id;
END;
CREATE TRIGGER mailbox_gone AFTER DELETE ON mailbox BEGIN
  UPDATE address SET final = 0 WHERE id = OLD.address_id;
END;
-- Sender grants: users who may send as an address, besides its own user and
-- those that it leads to.  localpart '' is every address of the domain, and
-- with domain '*' every address.  The address need not have a row.
CREATE TABLE sender (
  domain TEXT NOT NULL REFERENCES domain (name)
    ON UPDATE CASCADE ON DELETE CASCADE,
  localpart TEXT NOT NULL CHECK (length(localpart) <= 64
    AND localpart NOT GLOB '*[^a-z0-9._&''+=~-]*' AND localpart NOT GLOB '.*'
    AND localpart NOT GLOB '-*' AND localpart NOT GLOB '*.'
    AND localpart NOT GLOB '*..*' AND instr(localpart, char(0)) = 0),
  login_id INTEGER NOT NULL REFERENCES mailbox (address_id) ON DELETE CASCADE,
  PRIMARY KEY (domain, localpart, login_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sender_login ON sender (login_id);
CREATE INDEX sender_text ON sender ((localpart || '@' || domain));

-- Grants follow an address that gets another name, and end with it; a new
-- user's address begins without any.
CREATE TRIGGER sender_follow AFTER UPDATE OF localpart ON address
  WHEN OLD.localpart <> '' BEGIN
  DELETE FROM sender
    WHERE domain = NEW.domain AND localpart = NEW.localpart
      AND (NEW.domain <> OLD.domain OR NEW.localpart <> OLD.localpart);
  UPDATE sender SET domain = NEW.domain, localpart = NEW.localpart
    WHERE domain = OLD.domain AND localpart = OLD.localpart
      AND (NEW.domain <> OLD.domain OR NEW.localpart <> OLD.localpart);
END;
CREATE TRIGGER sender_end AFTER DELETE ON address
  WHEN OLD.localpart <> '' BEGIN
  DELETE FROM sender WHERE domain = OLD.domain AND localpart = OLD.localpart;
END;
CREATE TRIGGER sender_begin AFTER INSERT ON mailbox BEGIN
  DELETE FROM sender WHERE (domain, localpart) =
    (SELECT domain, localpart FROM address WHERE id = NEW.address_id);
END;
CREATE TRIGGER domain_class BEFORE UPDATE OF class ON domain
  WHEN NEW.class <> OLD.class BEGIN
  SELECT RAISE(ABORT, 'the class of a domain with mailboxes or recipients cannot change')
    FROM address WHERE domain = OLD.name AND final = 1;
END;
CREATE TRIGGER domain_wildcard BEFORE DELETE ON domain
  WHEN OLD.class = 'wildcard' BEGIN
  SELECT RAISE(ABORT, 'the row of wildcard addresses must stay');
END;

-- The journal, written by triggers in the same transaction.  journal has a row
-- for each change, journal_TABLE the object after change N as entry N and the
-- object before it as entry -N.  Of a password it has only the scheme.  kind and
-- event are numbers to keep rows small.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  txn INTEGER,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  via TEXT,
  key TEXT NOT NULL,
  kind INTEGER NOT NULL CHECK (kind > 0),
  event INTEGER NOT NULL CHECK (event BETWEEN 0 AND 2),
  object TEXT AS (CASE kind
    @{kinds} END),
  op TEXT AS (CASE event WHEN 0 THEN 'add' WHEN 1 THEN 'set'
    ELSE 'rm' END)
) STRICT;

-- Who is writing, as the columns of the journal have it.
CREATE VIEW stamp AS SELECT CASE WHEN who IS NOT NULL THEN txn END AS txn,
  CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS at,
  coalesce(who, 'sql') AS who, via FROM session;

CREATE TRIGGER journal_keep BEFORE UPDATE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_stay BEFORE DELETE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- What there is from the first; before the journal looks, so that it begins
-- with what people did.
INSERT INTO session (id, txn) VALUES (1, 0);
INSERT INTO domain (id, name, class) VALUES (0, '*', 'wildcard');
INSERT INTO setting (name, value) VALUES ('mail_root', '/var/vmail'),
  ('mail_uid', '5000'), ('mail_gid', '5000'), ('quota', '0'), ('messages', '0');

-- Renaming a domain cascades into address.domain, which is why that column
-- is not journalled: the row of the domain says it once.  The triggers write
-- into all columns of a table, in their order: SQLite parses all of this
-- whenever it opens the file, and names of columns are what costs most.
@journal

-- What the daemons read.  All domain columns take any spelling of a domain.
-- "On" is always: domain on, address on, may receive, now inside its window.

CREATE VIEW postfix_domain AS
  SELECT n.name AS domain FROM domain_name n JOIN domain d ON d.name = n.domain
  WHERE d.class IN ('mailbox', 'alias');
CREATE VIEW postfix_relay_domain AS
  SELECT n.name AS domain FROM domain_name n JOIN domain d ON d.name = n.domain
  WHERE d.class = 'relay';
CREATE VIEW postfix_relay_recipient AS
  SELECT n.name AS domain, a.localpart, a.localpart || '@' || a.domain AS address
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain = d.name
  WHERE d.class = 'relay' AND a.final = 1;
CREATE VIEW postfix_relay_any AS
  SELECT n.name AS domain FROM domain_name n JOIN domain d ON d.name = n.domain
  WHERE d.any_recipient = 1 AND d.enabled = 1;
-- A relay domain that is off: nothing in it is accepted, and mail that is in the
-- queue already, or leads there, bounces instead of being passed on.
CREATE VIEW postfix_relay_off AS
  SELECT n.name AS domain, d.name || '@off.invalid' AS destination,
    '550 5.2.1 Mailbox disabled' AS action
  FROM domain_name n JOIN domain d ON d.name = n.domain
  WHERE d.class = 'relay' AND d.enabled = 0;
CREATE VIEW postfix_mailbox AS
  SELECT n.name AS domain, a.localpart, a.localpart || '@' || a.domain AS address
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain = d.name
  WHERE a.final = 1 AND d.class = 'mailbox' AND d.enabled = 1 AND a.enabled = 1 AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until;

-- Every row of the domain itself answers: with its live targets, or itself
-- when it is final, or off.invalid (which Postfix bounces with 5.2.1).  So the
-- next table is asked only when there is no row at all.
CREATE VIEW postfix_alias AS
  SELECT n.name AS domain, a.localpart, t.id AS target_id,
    CASE WHEN t.dest IS NOT NULL THEN t.dest
    WHEN a.final = 1 AND d.enabled = 1 AND a.enabled = 1 AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until
    THEN a.localpart || '@' || a.domain
    ELSE a.localpart || '=' || a.domain || '@off.invalid' END AS destination
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain = d.name
    LEFT JOIN target t ON t.address_id = a.id
      AND d.enabled = 1 AND a.enabled = 1 AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until
      AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain
      WHERE o.id = t.dest_id AND NOT (od.enabled = 1 AND o.enabled = 1
        AND o.receive = 1
        AND unixepoch() BETWEEN o.valid_from AND o.valid_until))
  WHERE a.localpart <> '';

-- The same for the domain that an alias domain stands for, then for wildcard
-- addresses.
CREATE VIEW postfix_alias_far AS
  SELECT n.name AS domain, a.localpart, t.id AS target_id,
    CASE WHEN t.dest IS NOT NULL THEN t.dest
    WHEN a.final = 1 AND d.enabled = 1 AND h.enabled = 1 AND a.enabled = 1
      AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until
    THEN a.localpart || '@' || a.domain
    ELSE a.localpart || '=' || d.name || '@off.invalid' END AS destination,
    a.domain AS found
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain IN (d.target, '*')
    JOIN domain h ON h.name = a.domain
    LEFT JOIN target t ON t.address_id = a.id
      AND d.enabled = 1 AND h.enabled = 1 AND a.enabled = 1
      AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until
      AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain
      WHERE o.id = t.dest_id AND NOT (od.enabled = 1 AND o.enabled = 1
        AND o.receive = 1
        AND unixepoch() BETWEEN o.valid_from AND o.valid_until))
  WHERE a.localpart <> '' AND d.class IN ('mailbox', 'alias')
    AND NOT (a.domain = '*' AND EXISTS (SELECT 1 FROM address b
      WHERE b.domain = d.target AND b.localpart = a.localpart));

-- The domain's own catch-all, or else that of the domain it stands for.  One
-- that has targets but is off hides the other.
CREATE VIEW postfix_catchall AS
  SELECT n.name AS domain, t.id AS target_id, t.dest AS destination,
    a.domain AS found
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain IN (d.name, d.target) AND a.localpart = ''
    JOIN domain h ON h.name = a.domain
    JOIN target t ON t.address_id = a.id
  WHERE d.enabled = 1 AND h.enabled = 1 AND a.enabled = 1
      AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until
    AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain
      WHERE o.id = t.dest_id AND NOT (od.enabled = 1 AND o.enabled = 1
        AND o.receive = 1
        AND unixepoch() BETWEEN o.valid_from AND o.valid_until))
    AND (a.domain = d.name OR NOT EXISTS (SELECT 1 FROM address b
      JOIN target bt ON bt.address_id = b.id
      WHERE b.domain = d.name AND b.localpart = ''))
  UNION ALL SELECT domain, NULL, destination, domain FROM postfix_relay_off;

-- The RCPT verdict of the row that decides: off, internal, or no objection.
CREATE VIEW postfix_access AS
  SELECT n.name AS domain, a.localpart,
    CASE WHEN NOT (d.enabled = 1 AND h.enabled = 1 AND a.enabled = 1
      AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until)
      OR NOT (a.final = 1 OR EXISTS (SELECT 1 FROM target t
        WHERE t.address_id = a.id
        AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain
      WHERE o.id = t.dest_id AND NOT (od.enabled = 1 AND o.enabled = 1
        AND o.receive = 1
        AND unixepoch() BETWEEN o.valid_from AND o.valid_until))))
    THEN '550 5.2.1 Mailbox disabled'
    WHEN a.internal = 1 THEN 'maildb_internal' ELSE 'DUNNO' END AS action
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain IN (d.name, d.target, '*')
    JOIN domain h ON h.name = a.domain
  WHERE a.localpart <> '' AND (a.domain <> '*' OR d.class <> 'relay')
    AND (d.enabled = 1 OR d.class <> 'relay')
    AND NOT EXISTS (SELECT 1 FROM address b
      WHERE b.domain IN (d.name, d.target) AND b.localpart = a.localpart
      AND b.domain <> a.domain AND (a.domain = '*' OR b.domain = d.name));

-- Our domains as senders: what a client that has not logged in may not use.
CREATE VIEW postfix_sender_access AS
  SELECT n.name AS domain,
    '550 5.7.1 Log in to send from this domain' AS action
  FROM domain_name n JOIN domain d ON d.name = n.domain
  WHERE d.class IN ('mailbox', 'alias') AND d.outside_senders = 0;

-- Who may send as any address of a domain: holders of a grant on the domain,
-- on that which it stands for or on all, and targets of their catch-alls that
-- may.  "All" are mailbox and alias domains.
CREATE VIEW sender_wide AS
  SELECT d.name AS domain, s.login_id
  FROM domain d JOIN sender s ON s.domain IN (d.name, d.target, '*')
      AND s.localpart = ''
    JOIN domain h ON h.name = s.domain
  WHERE h.enabled = 1 AND (s.domain <> '*' OR d.class <> 'relay')
  UNION ALL SELECT d.name, t.dest_id
  FROM domain d JOIN address c ON c.domain IN (d.name, d.target)
      AND c.localpart = ''
    JOIN domain h ON h.name = c.domain
    JOIN target t ON t.address_id = c.id AND t.may_send = 1
  WHERE h.enabled = 1 AND c.enabled = 1
    AND unixepoch() BETWEEN c.valid_from AND c.valid_until;

-- Logins that may use an address as sender: its mailbox, targets with may_send
-- and grants; those on a more general name count where no row of the address
-- itself stands before them.  A row without any answers '-', which is no login,
-- so that Postfix stops there.  The second half has the addresses that only
-- have grants, once for the first of them.
CREATE VIEW postfix_sender AS
  SELECT n.name AS domain, a.localpart,
    coalesce(ma.localpart || '@' || ma.domain, '-') AS login
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain IN (d.name, d.target, '*')
    JOIN domain h ON h.name = a.domain
    LEFT JOIN mailbox m ON d.enabled = 1 AND h.enabled = 1 AND a.enabled = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until AND m.send = 1
      AND m.address_id IN (SELECT a.id AS lid
        UNION ALL SELECT t.dest_id FROM target t
          WHERE t.address_id = a.id AND t.may_send = 1
        UNION ALL SELECT s.login_id FROM sender s
          JOIN domain sh ON sh.name = s.domain AND sh.enabled = 1
          WHERE s.domain IN (d.name, d.target, '*')
            AND s.localpart = a.localpart
            AND (s.domain IN (d.name, a.domain) OR a.domain = '*')
        UNION ALL SELECT w.login_id FROM sender_wide w WHERE w.domain = d.name)
      AND EXISTS (SELECT 1 FROM address ma JOIN domain md ON md.name = ma.domain
        WHERE ma.id = m.address_id AND md.enabled = 1 AND ma.enabled = 1
          AND unixepoch() BETWEEN ma.valid_from AND ma.valid_until)
    LEFT JOIN address ma ON ma.id = m.address_id
  WHERE a.localpart <> '' AND (a.domain <> '*' OR d.class <> 'relay')
    AND NOT EXISTS (SELECT 1 FROM address b
      WHERE b.domain IN (d.name, d.target) AND b.localpart = a.localpart
      AND b.domain <> a.domain AND (a.domain = '*' OR b.domain = d.name))
  UNION ALL SELECT n.name, r.localpart, ma.localpart || '@' || ma.domain
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN sender r ON r.domain IN (d.name, d.target, '*')
    JOIN mailbox m ON m.send = 1
      AND m.address_id IN (SELECT s.login_id AS lid FROM sender s
          JOIN domain sh ON sh.name = s.domain AND sh.enabled = 1
          WHERE s.domain IN (d.name, d.target, '*')
            AND s.localpart = r.localpart
            AND (s.domain <> '*' OR d.class <> 'relay')
        UNION ALL SELECT w.login_id FROM sender_wide w WHERE w.domain = d.name)
    JOIN address ma ON ma.id = m.address_id
    JOIN domain md ON md.name = ma.domain
  WHERE d.enabled = 1 AND md.enabled = 1 AND ma.enabled = 1
    AND unixepoch() BETWEEN ma.valid_from AND ma.valid_until
    AND r.localpart <> '' AND (r.domain <> '*' OR d.class <> 'relay')
    AND NOT EXISTS (SELECT 1 FROM address b
      WHERE b.domain IN (d.name, d.target, '*') AND b.localpart = r.localpart
      AND (b.domain <> '*' OR d.class <> 'relay'))
    AND NOT EXISTS (SELECT 1 FROM sender o
      WHERE o.domain IN (d.name, d.target, '*') AND o.localpart = r.localpart
      AND (o.domain <> '*' OR d.class <> 'relay')
      AND (o.domain < r.domain
        OR o.domain = r.domain AND o.login_id < r.login_id));
CREATE VIEW postfix_sender_any AS
  SELECT n.name AS domain, ma.localpart || '@' || ma.domain AS login
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN mailbox m ON m.address_id IN (SELECT w.login_id FROM sender_wide w
      WHERE w.domain = d.name)
    JOIN address ma ON ma.id = m.address_id
    JOIN domain md ON md.name = ma.domain
  WHERE d.enabled = 1 AND m.send = 1 AND md.enabled = 1 AND ma.enabled = 1
    AND unixepoch() BETWEEN ma.valid_from AND ma.valid_until;

-- Dovecot.  A user who is off has no row: that alone stops every protocol.  A
-- uid of 0 is never told, whatever is stored.
CREATE VIEW dovecot_user AS
  SELECT n.name AS domain, a.localpart, a.localpart || '@' || a.domain AS address,
    m.password, a.receive, m.send, m.imap, m.pop3, m.sieve,
    nullif(CAST((SELECT value FROM setting WHERE name = 'mail_uid')
      AS INTEGER), 0) AS uid,
    nullif(CAST((SELECT value FROM setting WHERE name = 'mail_gid')
      AS INTEGER), 0) AS gid,
    CASE WHEN m.home GLOB '/*' THEN m.home
    ELSE coalesce((SELECT value FROM setting WHERE name = 'mail_root'),
      '/var/vmail') || '/' || coalesce(m.home, a.id) END AS home,
    coalesce(m.quota, d.quota, (SELECT CAST(value AS INTEGER) FROM setting
      WHERE name = 'quota')) AS quota,
    coalesce(m.messages, d.messages, (SELECT CAST(value AS INTEGER) FROM setting
      WHERE name = 'messages')) AS messages
  FROM domain_name n JOIN domain d ON d.name = n.domain
    JOIN address a ON a.domain = d.name JOIN mailbox m ON m.address_id = a.id
  WHERE d.enabled = 1 AND a.enabled = 1
    AND unixepoch() BETWEEN a.valid_from AND a.valid_until;

-- The tables of the first mailcfg, as it named them.
CREATE VIEW domains AS
  SELECT id, name FROM domain
  WHERE enabled = 1 AND class IN ('mailbox', 'alias');
CREATE VIEW users AS
  SELECT a.id, d.id AS domain_id, m.password,
    a.localpart || '@' || a.domain AS email,
    d.enabled = 1 AND a.enabled = 1 AND a.receive = 1
      AND unixepoch() BETWEEN a.valid_from AND a.valid_until AS active
  FROM address a JOIN mailbox m ON m.address_id = a.id
    JOIN domain d ON d.name = a.domain;
CREATE VIEW aliases AS
  SELECT t.id, d.id AS domain_id, a.localpart || '@' || a.domain AS src,
    t.dest AS dst
  FROM address a JOIN target t ON t.address_id = a.id
    JOIN domain d ON d.name = a.domain
  WHERE d.enabled = 1 AND a.enabled = 1
    AND unixepoch() BETWEEN a.valid_from AND a.valid_until;
