#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: user
short_description: A user of a mail server
description:
  - Adds, changes or removes a user in the database of C(mailcfg).
  - A user without a password cannot log in.
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
  - maildb.mailcfg.mailcfg.alias
options:
  address:
    description: The user's address, which is also the login.
    type: str
    required: true
    aliases: [email]
  password:
    description: The password. It never stands on a command line.
    type: str
    aliases: [pw]
  hash:
    description: The hash to store instead, such as C({SCHEME}...).
    type: str
  update_password:
    description:
      - With C(on_create) the password is for a new user, and who has changed
        it keeps the own one. With C(always) it is set again.
    type: str
    choices: [always, on_create]
    default: on_create
  targets:
    description:
      - Where the user's mail is forwarded. The own address among them keeps
        a copy. These are all there shall be.
    type: list
    elements: str
  name:
    description: The person's name.
    type: str
  receive:
    description: Accept mail, forwards included.
    type: bool
  send:
    description: May log in to send.
    type: bool
  imap:
    description: May log in by IMAP.
    type: bool
  pop3:
    description: May log in by POP3.
    type: bool
  sieve:
    description: May log in by ManageSieve.
    type: bool
  quota:
    description: Storage limit, such as C(4G), or C(unlimited).
    type: str
  messages:
    description: Message limit.
    type: str
  must_change:
    description: Whether a new password is due.
    type: bool
  spam_days:
    description: Days to keep what was filed as spam.
    type: str
  home:
    description: Mail directory, absolute or below mail_root.
    type: str
  create_domain:
    description: Make the domain when it is missing.
    type: bool
    default: false
  keep_targets:
    description: Leave a user who is removed as a target of aliases.
    type: bool
    default: false
  force:
    description: Also remove what RFC 5321 wants to exist.
    type: bool
    default: false
  state:
    description: Whether the user shall exist. Mail on disk is never removed.
    type: str
    choices: [present, absent]
    default: present
'''

EXAMPLES = r'''
- name: A user with a first password
  maildb.mailcfg.user:
    address: carol@example.org
    name: Carol
    quota: 4G
    password: "{{ vault_carol }}"

# In a loop Ansible itself prints the items: the module cannot prevent that.
# For many users see maildb.mailcfg.state.
- name: Users in a loop
  maildb.mailcfg.user:
    address: "{{ item.email }}"
    password: "{{ item.pw }}"
  loop: "{{ mail_users }}"
  no_log: true
'''

RETURN = r'''
message:
  description: What changed, or would, in one line.
  returned: changed
  type: str
  sample: "added 1 user"
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
    SECRETS, UPDATE_PASSWORD, USER_FIELDS, Mailcfg, spec, user)


def main():
    module = Mailcfg(dict(
        spec(USER_FIELDS), **dict(
            SECRETS,
            address={'type': 'str', 'required': True, 'aliases': ['email']},
            update_password=UPDATE_PASSWORD,
            targets={'type': 'list', 'elements': 'str'},
            create_domain={'type': 'bool', 'default': False},
            keep_targets={'type': 'bool', 'default': False},
            force={'type': 'bool', 'default': False},
            state={'type': 'str', 'choices': ['present', 'absent'],
                   'default': 'present'})),
        mutually_exclusive=[('password', 'hash')])
    params = module.params
    if params['state'] == 'absent':
        module.change('rmuser', params['address'], *[
            '--' + name.replace('_', '-') for name in ('keep_targets', 'force')
            if params[name]])
    options = []
    if params['update_password'] == 'always':
        options.append('--update-passwords')
    if params['create_domain']:
        options.append('--create-domain')
    module.apply({'users': {params['address']: user(params)}}, *options)


if __name__ == '__main__':
    main()
