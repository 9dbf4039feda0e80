#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: info
short_description: What a mail server has
description:
  - Reads the database of C(mailcfg). Changes nothing and shows no secrets.
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
options:
  gather:
    description: What to read.
    type: list
    elements: str
    choices: [domains, users, aliases, catchalls, recipients, settings]
    default: [domains, users, aliases, catchalls, recipients, settings]
  domain:
    description: Only users, aliases, catch-alls and recipients of this one.
    type: str
'''

EXAMPLES = r'''
- name: Read the users of a domain
  maildb.mailcfg.info:
    gather: users
    domain: example.org
  register: mail

- name: Show who can log in
  ansible.builtin.debug:
    msg: "{{ mail.users | selectattr('active') | map(attribute='address') }}"
'''

RETURN = r'''
domains:
  description: Domains and their fields.
  returned: when gathered
  type: list
  elements: dict
users:
  description: Users and their fields, with the scheme of the hash.
  returned: when gathered
  type: list
  elements: dict
aliases:
  description: One entry for each target of an alias.
  returned: when gathered
  type: list
  elements: dict
catchalls:
  description: One entry for each target of a catch-all.
  returned: when gathered
  type: list
  elements: dict
recipients:
  description: Known recipients in relay domains.
  returned: when gathered
  type: list
  elements: dict
settings:
  description: Settings, their values, and whether that is the default.
  returned: when gathered
  type: list
  elements: dict
'''

from ansible_collections.maildb.mailcfg.plugins.module_utils.mailcfg import (
    Mailcfg)

# The command that lists each kind; the first and the last take no domain.
LISTS = (('domains', 'lsdom'), ('users', 'lsuser'), ('aliases', 'lsalias'),
         ('catchalls', 'lscatchall'), ('recipients', 'lsrecipient'),
         ('settings', 'lssettings'))


def main():
    kinds = [kind for kind, command in LISTS]
    module = Mailcfg({
        'gather': {'type': 'list', 'elements': 'str', 'choices': kinds,
                   'default': kinds},
        'domain': {'type': 'str'},
    })
    found = {}
    for kind, command in LISTS:
        if kind in module.params['gather']:
            domain = module.params['domain']
            words = [domain] if domain and kind not in (
                'domains', 'settings') else []
            found[kind] = module.ask(command, *words)[kind]
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
