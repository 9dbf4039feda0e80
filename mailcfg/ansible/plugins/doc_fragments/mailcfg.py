# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that the modules share."""

from __future__ import absolute_import, division, print_function
__metaclass__ = type


class ModuleDocFragment(object):
    DOCUMENTATION = r'''
options:
  db:
    description:
      - The database, as C(mailcfg --db) takes it. Unless said, the one that
        C(mailcfg) finds by its configuration.
    type: str
  executable:
    description: The program, by its name or its path.
    type: str
    default: mailcfg
requirements:
  - mailcfg on the host
author:
  - The mailcfg authors (!UNKNOWN)
notes:
  - What an option does not say is left as it is.
  - Where a field has a default, the word C(default) sets it.
'''

    ALIAS = r'''
options:
  enabled:
    description: Whether it works at all.
    type: bool
  internal:
    description: Accept mail only from clients that logged in.
    type: bool
  valid_from:
    description: First moment at which it works, such as C(2030-01-31).
    type: str
  valid_until:
    description: Last moment at which it works.
    type: str
  note:
    description: A remark.
    type: str
'''

    TARGETS = r'''
options:
  targets:
    description:
      - Where mail goes.
      - These are all the targets there shall be, unless I(append) is set.
    type: list
    elements: str
    aliases: [dst]
  append:
    description: Add the targets and keep those there are.
    type: bool
    default: false
  may_send:
    description: Whether targets that are users may also send as it.
    type: bool
  create_domain:
    description: Make the domain when it is missing.
    type: bool
    default: false
  allow_dead:
    description: Also take a target that leads nowhere yet.
    type: bool
    default: false
  force:
    description: Also remove what RFC 5321 wants to exist.
    type: bool
    default: false
  state:
    description: Whether it shall exist.
    type: str
    choices: [present, absent]
    default: present
'''
