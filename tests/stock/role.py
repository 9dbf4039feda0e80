# SPDX-License-Identifier: LGPL-2.1-or-later
"""The role of the Ansible collection on a fresh host.

Owns: a playbook, and the way of this machine's Ansible into another machine:
an interpreter that goes there first.
"""

import json
import os
import re
import subprocess
import tempfile

import faults
import world

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), "mailcfg/ansible")
PYTHON = """#!/bin/sh
exec nsenter --target {pid} --mount --pid --uts --ipc --net --root \\
    env -i PATH={path} HOME=/root LC_ALL=C.UTF-8 python3 "$@"
"""
PLAY = [{"hosts": "all", "gather_facts": False, "roles": [{
    "role": "maildb.mailcfg.mailcfg", "vars": {
        # they are what README tells to install
        "mailcfg_packages": [],
        "mailcfg_admin": world.ALICE,
        "mailcfg_domains": ["example.org"],
        "mailcfg_users": [{"address": world.ALICE, "password": "of alice"}],
    }}]}]


class Site:
    """A directory with the collection and a playbook, for one machine."""

    def __init__(self, top, server, path):
        self.top, self.server = top, server
        os.makedirs(f"{top}/ansible_collections/maildb")
        os.symlink(SOURCE, f"{top}/ansible_collections/maildb/mailcfg")
        with open(f"{top}/python", "w", encoding="ascii") as out:
            out.write(PYTHON.format(pid=server.pid, path=path))
        os.chmod(f"{top}/python", 0o755)
        with open(f"{top}/play.json", "w", encoding="ascii") as out:
            json.dump(PLAY, out)

    def play(self, *words):
        """Runs the playbook: the numbers of changes and failures."""
        env = dict(os.environ, HOME=self.top, LC_ALL="C.UTF-8",
                   ANSIBLE_COLLECTIONS_PATH=self.top, ANSIBLE_NOCOLOR="1",
                   ANSIBLE_PIPELINING="1",
                   ANSIBLE_PYTHON_INTERPRETER=f"{self.top}/python")
        done = subprocess.run(
            ["ansible-playbook", "-v", "-c", "local", "-i", "localhost,",
             *words, "play.json"], cwd=self.top, env=env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=300, check=False)
        recap = re.search(r"changed=(\d+) .*failed=(\d+)", done.stdout)
        return (recap and tuple(map(int, recap.groups())), done.stdout)


def check(server, report, path):
    """What would be done, what is done, and nothing more to do."""
    server.boot()
    with tempfile.TemporaryDirectory(prefix="stock-role-") as top:
        site = Site(top, server, path)
        counts, out = site.play("--check")
        report.check("a play with --check tells of a setup",
                     counts and counts[0] > 0 and counts[1] == 0, out)
        report.check("and changes nothing", not os.path.exists(
            f"{server.root}/var/lib/maildb")
            and "maildb" not in server.run("postconf", "-n"))
        counts, out = site.play()
        report.check("a play sets up the host",
                     counts and counts[0] > 0 and counts[1] == 0, out)
        faults.sound(server, report, "after the play")
        report.same("its user logs in", server.login(
            "imap", world.ALICE, "of alice"), "OK")
        counts, out = site.play()
        report.check("a second play changes nothing", counts == (0, 0), out)
