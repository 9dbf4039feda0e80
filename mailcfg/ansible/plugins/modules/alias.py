#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: alias
short_description: An alias of a mail server
description:
  - Adds, changes or removes an alias in the database of C(mailcfg).
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
  - maildb.mailcfg.mailcfg.alias
  - maildb.mailcfg.mailcfg.targets
options:
  address:
    description:
      - The address, C(NAME@*) for one in every domain, or a user's for a
        forward.
    type: str
    required: true
    aliases: [src]
'''

EXAMPLES = r'''
- name: An alias with all its targets
  maildb.mailcfg.alias:
    address: sales@example.org
    targets:
      - alice@example.org
      - carol@example.org

- name: One target each, from a list of pairs
  maildb.mailcfg.alias:
    address: "{{ item.src }}"
    targets: "{{ item.dst }}"
    append: true
  loop: "{{ mail_aliases }}"
'''

RETURN = r'''
message:
  description: What changed, or would, in one line.
  returned: changed
  type: str
  sample: "added 1 alias"
code:
  description: A word for the error that stays the same.
  returned: failure
  type: str
  sample: no_such_domain
hint:
  description: What can be done about the error.
  returned: failure, where there is advice
  type: str
'''

from ansible_collections.maildb.mailcfg.plugins.module_utils.mailcfg import (
    alias_module)

if __name__ == '__main__':
    alias_module('alias', 'address', 'src')
