#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: catchall
short_description: A catch-all of a mail server
description:
  - Adds, changes or removes a catch-all in the database of C(mailcfg). It gets
    mail to unknown users of a domain.
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
  - maildb.mailcfg.mailcfg.alias
  - maildb.mailcfg.mailcfg.targets
options:
  domain:
    description: The domain.
    type: str
    required: true
    aliases: [name]
'''

EXAMPLES = r'''
- name: Mail to unknown users
  maildb.mailcfg.catchall:
    domain: example.org
    targets: alice@example.org
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
    alias_module('catchall', 'domain', 'name')
