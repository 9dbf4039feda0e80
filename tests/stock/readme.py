# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands that README tells a reader to type.

Owns: which lines of a chapter are commands: those of its first block that is
indented by four blanks.  They are returned as they stand.
"""

import re

from proc import Failure

CHAPTER = "From bare Debian to mail"


def commands(readme, chapter=CHAPTER):
    """The lines of a chapter's first indented block."""
    found = re.search(rf"^## {re.escape(chapter)}\n(.*?)(?=^## |\Z)", readme,
                      re.MULTILINE | re.DOTALL)
    if not found:
        raise Failure(f"README has no chapter {chapter!r}")
    block = re.search(r"(?:^    \S.*\n)+", found[1], re.MULTILINE)
    if not block:
        raise Failure(f"no commands in README's chapter {chapter!r}")
    return [line[4:] for line in block[0].splitlines()]


def split(lines):
    """The command that installs packages, and those that follow."""
    if not lines[0].startswith("apt install"):
        raise Failure(f"README's first command is no apt install: {lines[0]}")
    return lines[0], lines[1:]
