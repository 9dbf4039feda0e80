# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a configuration is, file by file, and what the daemons make of it.

Owns: the comparison for "setup --undo": everything below /etc with its mode,
owner, time and content, and what postconf and doveconf print.  Users and
groups that setup made may stay, for files can be theirs by then.
"""

import hashlib
import os
import stat

USERS = {f"/etc/{name}{end}" for name in
         ("passwd", "group", "shadow", "gshadow", "subuid", "subgid")
         for end in ("", "-")}
ASKED = ("postconf -n", "postconf -M", "postconf -P", "doveconf -n")


def look(path):
    """A file as text: all that must be as it was."""
    seen = os.lstat(path)
    parts = [stat.filemode(seen.st_mode), f"{seen.st_uid}:{seen.st_gid}"]
    if stat.S_ISREG(seen.st_mode):
        with open(path, "rb") as data:
            parts += [str(seen.st_mtime_ns), str(seen.st_size),
                      hashlib.sha256(data.read()).hexdigest()[:16]]
    elif stat.S_ISLNK(seen.st_mode):
        parts.append(os.readlink(path))
    return " ".join(parts)


def take(machine):
    """A snapshot, {what: how it is}."""
    result = {}
    for where, folders, names in os.walk(f"{machine.root}/etc"):
        for name in folders + names:
            path = f"{where}/{name}"
            inside = path.removeprefix(machine.root)
            if inside not in USERS:
                result[inside] = look(path)
    for command in ASKED:
        # what it warns of counts too
        done = machine.ask(*command.split())
        result[command] = done.stdout + done.stderr
    return result


def differences(before, after):
    """What is not the same, as lines."""
    return [f"{name}: {before.get(name)} -> {after.get(name)}"
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)]
