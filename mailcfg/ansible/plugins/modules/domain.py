#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: domain
short_description: A domain of a mail server
description:
  - Adds, changes or removes a domain in the database of C(mailcfg).
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
options:
  name:
    description: The domain.
    type: str
    required: true
    aliases: [domain]
  class:
    description:
      - What the domain is; C(mailbox) for a new one unless said. It cannot be
        changed.
    type: str
    choices: [mailbox, alias, relay]
  target:
    description: The domain that an alias domain stands for.
    type: str
  enabled:
    description: Whether it works at all.
    type: bool
  primary:
    description: Whether it is the one domain for the server's own mail.
    type: bool
  quota:
    description:
      - Storage of users without a quota of their own, such as C(4G), or
        C(unlimited).
    type: str
  messages:
    description: Message limit of users without one of their own.
    type: str
  max_users:
    description: Greatest number of users.
    type: str
  max_aliases:
    description: Greatest number of aliases.
    type: str
  max_quota:
    description: Greatest sum of the users' quotas.
    type: str
  outside_senders:
    description: Whether others may send from this domain without a login.
    type: bool
  any_recipient:
    description: Whether a relay domain accepts every recipient.
    type: bool
  autoconfig:
    description: Whether to offer automatic client set-up.
    type: bool
  dkim:
    description: Whether to sign outgoing mail.
    type: bool
  note:
    description: A remark.
    type: str
  recursive:
    description: Remove it with all users and aliases in it.
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

EXAMPLES = r'''
- name: A domain for mailboxes
  maildb.mailcfg.domain:
    name: example.org
    quota: 4G

- name: A domain that stands for it
  maildb.mailcfg.domain:
    name: example.net
    class: alias
    target: example.org
'''

RETURN = r'''
message:
  description: What changed, or would, in one line.
  returned: changed
  type: str
  sample: "added 1 domain"
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
    DOMAIN_FIELDS, Mailcfg, given, spec)


def main():
    module = Mailcfg(dict(
        spec(DOMAIN_FIELDS),
        name={'type': 'str', 'required': True, 'aliases': ['domain']},
        recursive={'type': 'bool', 'default': False},
        force={'type': 'bool', 'default': False},
        state={'type': 'str', 'choices': ['present', 'absent'],
               'default': 'present'}))
    params = module.params
    if params['state'] == 'absent':
        module.change('rmdom', params['name'], *[
            '--' + name for name in ('recursive', 'force') if params[name]])
    module.apply({'domains': {params['name']: given(params, DOMAIN_FIELDS)}})


if __name__ == '__main__':
    main()
