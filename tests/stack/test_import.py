# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whoever was imported logs in with the password of before.

Owns: every stored form of a hash that tests/unit/hashes.txt says is good, as
the users of files of several formats; a real Dovecot that has to let each in
by IMAP with its password, and with no other.
"""

import concurrent.futures
import hashlib
import json
import os

from clients import imap_login

HASHES = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "unit", "hashes.txt")
PASSWORD = "x"
WORKERS = 4
# So much work, or so much memory, that a login may take Dovecot too long.
COSTLY = ("$y$jA", "$y$jC", "$7$", "rounds=1000000", "$2b$12", "m=131072")


def stored_forms():
    """The hashes of PASSWORD that are kept, those of weak schemes too."""
    with open(HASHES, encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#") or len(fields) < 5:
                continue
            text, verdict = fields[:2]
            if verdict in ("ok", "weak") and "\\x" not in text \
                    and "a{" not in text and not any(
                        word in text for word in COSTLY):
                yield text


def yaml_text(text):
    return "'" + text.replace("'", "''") + "'"


def passwd_file(users):
    return "".join(f"{user}:{text}\n" for user, text in users), []


def docker(users):
    return "".join(f"{user}|{text}\n" for user, text in users), []


def csv(users):
    return "email,hash\n" + "".join(
        f'{user},"{text}"\n' for user, text in users), []


def mailu(users):
    return "domain:\n- name: mailu.test\nuser:\n" + "".join(
        f"- email: {user}\n  password: {yaml_text(text)}\n"
        for user, text in users), []


def circus(users):
    return json.dumps({"domains": {"circus.test": {}}}) + json.dumps(
        {user: {"hashedPassword": text} for user, text in users}), []


def system(users):
    """passwd(5) has no names of a domain, so the users lose theirs."""
    return "".join(
        f"{user.split('@')[0]}:{text}:{2000 + number}:100:::\n"
        for number, (user, text) in enumerate(users)), ["--domain",
                                                        "system.test"]


# Those of a step of one take every hash, the others some of all kinds.
FORMATS = {
    "dovecot-passwd": ("passwd.test", "passwd", passwd_file, 1),
    "docker-mailserver": ("docker.test", "postfix-accounts.cf", docker, 5),
    "csv": ("csv.test", "users.csv", csv, 5),
    "mailu": ("mailu.test", "mailu.yml", mailu, 1),
    "flyingcircus": ("circus.test", "users.json", circus, 5),
    "system": ("system.test", "system", system, 5),
}

# Where these keep mail, which is not where users here have theirs.
KEEPS = {"docker-mailserver": "/var/mail/%d/%n", "mailu": "/mail/%n@%d"}


def homeless(name, count):
    """What the import says of users whose mail is elsewhere."""
    if name not in KEEPS:
        return ""
    return (f"mailcfg: warning: users without a home in it: {count}; they get "
            f"new, empty ones when they are added; {name} keeps mail in "
            f"{KEEPS[name]}\nhint: --home '{KEEPS[name]}' keeps it there\n")


def fit(user, text):
    """The hash for this user: DIGEST-MD5 has the name in it."""
    if not text.startswith("{DIGEST-MD5}"):
        return text
    digest = hashlib.md5(f"{user.replace('@', ':')}:{PASSWORD}".encode())
    return "{DIGEST-MD5}" + digest.hexdigest()


def import_all(stack, report, name, texts):
    """Imports a user for each hash by one format; the users."""
    domain, file, write, step = FORMATS[name]
    users = [(f"u{n}@{domain}", fit(f"u{n}@{domain}", text))
             for n, text in enumerate(texts[::step])]
    text, words = write(users)
    path = f"{stack.top}/{file}"
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    more = ["--passwd", path] if name == "system" else [path]
    done = stack.run("import", name, *more, *words, "--create-domain",
                     "--allow-weak-hash")
    added = len(users) + (name in ("mailu", "flyingcircus"))
    report.same(f"{name} on {stack.backend}: every hash is kept",
                (done.returncode, done.stdout, done.stderr),
                (0, f"read {added} = added {added} + same 0 + refused 0\n",
                 homeless(name, len(users))))
    return [user for user, _ in users]


def import_clear(stack, report):
    """The format whose passwords are in clear text."""
    path = f"{stack.top}/vars.yml"
    with open(path, "w", encoding="utf-8") as out:
        out.write("mail_domains: [mailhost.test]\nmail_users:\n"
                  f"- {{email: clear@mailhost.test, pw: {PASSWORD}}}\n")
    done = stack.run("import", "mailhost", path)
    report.same(f"mailhost on {stack.backend}: a password is hashed",
                (done.returncode, done.stderr), (0, ""))
    return ["clear@mailhost.test"]


def login(port, user, password):
    """The answer to a login, however long a busy machine takes for it."""
    for _ in range(10):
        try:
            return imap_login(port, user, password)
        except TimeoutError:
            continue
    return "no answer"


def run(stack, report):
    texts = list(stored_forms())
    report.check("there are hashes of many schemes", len(texts) > 50,
                 len(texts))
    users = [user for name in FORMATS
             for user in import_all(stack, report, name, texts)]
    users += import_clear(stack, report)
    port = stack.dovecot.imap
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        right = list(pool.map(
            lambda user: login(port, user, PASSWORD), users))
        wrong = list(pool.map(
            lambda user: login(port, user, PASSWORD + "y"), users))
    report.same(f"{len(users)} imported users log in on {stack.backend}",
                [(user, answer) for user, answer in zip(users, right)
                 if answer != "OK"], [])
    report.same("and none of them with another password",
                [user for user, answer in zip(users, wrong)
                 if "AUTHENTICATIONFAILED" not in answer], [])
