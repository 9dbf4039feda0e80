-- SPDX-License-Identifier: LGPL-2.1-or-later
--
-- A database as the first mailcfg, a Perl script over SQLite, left behind:
-- rollback journal, ids that were counted on, text as it was typed.

CREATE TABLE domains (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name VARCHAR(50) NOT NULL
);
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  domain_id INTEGER NOT NULL,
  password VARCHAR(106) NOT NULL,
  email VARCHAR(120) NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE
);
CREATE TABLE aliases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  domain_id INTEGER NOT NULL,
  src VARCHAR(100) NOT NULL,
  dst VARCHAR(100) NOT NULL,
  FOREIGN KEY (domain_id) REFERENCES domains (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX email ON users (email);

INSERT INTO domains (id, name) VALUES (1, 'example.org'), (3, 'Second.example'),
  (4, '');

-- "correct horse", "battery staple", "relay secret"; the second one's scheme
-- was left to default_pass_scheme.  dave has left; the empty row is of an
-- adduser without arguments; erin, the last one ever added, is gone.
INSERT INTO users (id, domain_id, password, email, active) VALUES
  (1, 1, '{SHA512-CRYPT}$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0', 'alice@example.org', 1),
  (2, 1, '$6$abcdefgh12345678$M53WALhCw/Kt7.kUtasmf5tr2sZzKNbD7jxszzM6GTYGnKlMBX8ah5ihfoyBXDLiwFjfYMUU0/gQCQKWaIm7..', 'Bob@Example.org', 1),
  (5, 1, '{SHA512-CRYPT}$6$relayrelay$RqBjr.yj5gF2BuXQJ8Copd0bs0ka/JNK1klek3r4uLFKBq0kwNHsDt6pHuvigMaL/hUtasK5dhcErqeJgtcaC0', 'relay@example.org', 1),
  (6, 3, '', 'carol@second.example', 1),
  (7, 3, '$1$saltsalt$vgH4geits1dO97n9gC6X10', 'dave@second.example', 0),
  (8, 0, '', '', 1),
  (12, 3, '', 'erin@second.example', 1);
DELETE FROM users WHERE id = 12;

INSERT INTO aliases (id, domain_id, src, dst) VALUES
  (1, 1, 'postmaster@example.org', 'alice@example.org'),
  (2, 1, 'Info@example.org', 'Bob@Example.org'),
  (3, 1, 'info@example.org', 'bob@example.org'),
  (4, 1, 'info@example.org', 'Sales/EU@partner.example'),
  (5, 1, 'gone@example.org', 'nobody@example.org'),
  (6, 1, '@example.org', 'alice@example.org'),
  (7, 3, 'dave@second.example', 'dave@elsewhere.example'),
  (8, 3, 'team@second.example', 'carol@second.example, bob@example.org'),
  (9, 3, 'carol@second.example', 'carol@second.example'),
  (10, 3, 'carol@second.example', 'carol@phone.example'),
  (11, 3, 'round@second.example', 'about@second.example'),
  (12, 3, 'about@second.example', 'round@second.example'),
  (13, 0, 'somebody@example.org', ''),
  (14, 3, 'old@second.example', 'left@second.example');
