#!/usr/bin/python
# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: state
short_description: All that a mail server shall have, at once
description:
  - Makes the database of C(mailcfg) hold what is given, in one transaction
    and by one process, however many users there are.
  - Secrets go to C(mailcfg) by its standard input, and are masked in what
    Ansible prints.
extends_documentation_fragment:
  - maildb.mailcfg.mailcfg
options:
  domains:
    description:
      - Names of domains, or objects with I(name) and the fields that the
        module M(maildb.mailcfg.domain) has.
    type: list
    elements: raw
  users:
    description: Users; what they have is told at M(maildb.mailcfg.user).
    type: list
    elements: dict
    suboptions:
      address: &address
        description: The address.
        type: str
        required: true
        aliases: [email]
      password:
        description: The password.
        type: str
        aliases: [pw]
      hash:
        description: The hash to store instead.
        type: str
      targets: &targets
        description: Where mail goes; all the targets there shall be.
        type: list
        elements: str
      name: &text
        description: The same as in the module for one.
        type: str
      enabled: &switch
        description: The same as in the module for one.
        type: bool
      receive: *switch
      send: *switch
      imap: *switch
      pop3: *switch
      sieve: *switch
      internal: *switch
      quota: *text
      messages: *text
      valid_from: *text
      valid_until: *text
      must_change: *switch
      spam_days: *text
      home: *text
      note: *text
  aliases:
    description:
      - Aliases; an address that is there several times has all those targets.
    type: list
    elements: dict
    suboptions:
      address:
        description: The address.
        type: str
        required: true
        aliases: [src]
      targets: &more_targets
        description: Where mail goes; all the targets there shall be.
        type: list
        elements: str
        aliases: [dst]
      may_send: *switch
      enabled: *switch
      internal: *switch
      valid_from: *text
      valid_until: *text
      note: *text
  catchalls:
    description: Who gets mail to unknown users of a domain.
    type: list
    elements: dict
    suboptions:
      domain:
        description: The domain.
        type: str
        required: true
        aliases: [name]
      targets: *more_targets
      may_send: *switch
      enabled: *switch
      internal: *switch
      valid_from: *text
      valid_until: *text
      note: *text
  recipients:
    description: Known recipients in relay domains.
    type: list
    elements: str
  senders:
    description:
      - Users who may send as an address that is not theirs; all there will be.
    type: list
    elements: dict
    suboptions:
      address:
        description: The address, C(name@*), C(@domain) or C(@*).
        type: str
        required: true
        aliases: [sender]
      logins:
        description: The users.
        type: list
        elements: str
        required: true
  settings:
    description: Settings by their name, see C(mailcfg lssettings).
    type: dict
  update_password:
    description:
      - With C(on_create) passwords are for new users, and who has changed it
        keeps the own one. With C(always) they are set again.
    type: str
    choices: [always, on_create]
    default: on_create
  prune:
    description:
      - What to remove where it is not given, in the domains that are.
    type: list
    elements: str
    choices: [aliases, users, domains, senders]
  prune_many:
    description: Remove even more than a fifth of the users or the aliases.
    type: bool
    default: false
  create_domain:
    description: Make domains when they are missing.
    type: bool
    default: false
  allow_dead:
    description: Also take a target that leads nowhere yet.
    type: bool
    default: false
'''

EXAMPLES = r'''
- name: All there is
  maildb.mailcfg.state:
    domains:
      - example.org
      - name: example.net
        class: alias
        target: example.org
    users:
      - address: carol@example.org
        name: Carol
        password: "{{ vault_carol }}"
    aliases:
      - address: sales@example.org
        targets: [carol@example.org]

- name: The variables of a mailhost role
  maildb.mailcfg.state:
    domains: "{{ mail_domains }}"
    users: "{{ mail_users }}"
    aliases: "{{ mail_aliases }}"
'''

RETURN = r'''
message:
  description: What changed, or would, in one line.
  returned: changed
  type: str
  sample: "added 1 domain, 1 user, 1 alias"
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
    ALIAS_FIELDS, SECRETS, TARGETS, UPDATE_PASSWORD, USER_FIELDS, Mailcfg,
    alias, spec, user)


def objects(key, other, **options):
    """An option that is a list of objects."""
    options[key] = {'type': 'str', 'required': True, 'aliases': [other]}
    return {'type': 'list', 'elements': 'dict', 'options': options}


def domains(module, entries):
    """Domains, given as names or as objects with a name."""
    found = {}
    for entry in entries:
        entry = dict(entry) if isinstance(entry, dict) else {'name': entry}
        if not entry.get('name'):
            module.fail_json(msg='a domain without a name')
        found[entry.pop('name')] = entry
    return found


def aliases(entries, key):
    """Aliases or catch-alls; targets of the same one come together."""
    found = {}
    for params in entries:
        entry = alias(params)
        old = found.setdefault(params[key], {})
        if 'targets' in old and 'targets' in entry:
            entry['targets'] = old['targets'] + entry['targets']
        old.update(entry)
    return found


def main():
    alias_options = dict(spec(ALIAS_FIELDS), **TARGETS)
    module = Mailcfg(dict(
        domains={'type': 'list', 'elements': 'raw'},
        users=objects('address', 'email', **dict(
            spec(USER_FIELDS), targets={'type': 'list', 'elements': 'str'},
            **SECRETS)),
        aliases=objects('address', 'src', **alias_options),
        catchalls=objects('domain', 'name', **alias_options),
        recipients={'type': 'list', 'elements': 'str'},
        senders=objects('address', 'sender', logins={
            'type': 'list', 'elements': 'str', 'required': True}),
        settings={'type': 'dict'},
        update_password=UPDATE_PASSWORD,
        prune={'type': 'list', 'elements': 'str',
               'choices': ['aliases', 'users', 'domains', 'senders']},
        prune_many={'type': 'bool', 'default': False},
        create_domain={'type': 'bool', 'default': False},
        allow_dead={'type': 'bool', 'default': False}))
    params = module.params
    document = {
        'domains': domains(module, params['domains'] or ()),
        'users': dict((entry['address'], user(entry))
                      for entry in params['users'] or ()),
        'aliases': aliases(params['aliases'] or (), 'address'),
        'catchalls': aliases(params['catchalls'] or (), 'domain'),
        'recipients': params['recipients'] or [],
        'senders': dict((entry['address'], entry['logins'])
                        for entry in params['senders'] or ()),
        'settings': params['settings'] or {},
    }
    options = ['--' + name.replace('_', '-')
               for name in ('create_domain', 'allow_dead') if params[name]]
    if params['update_password'] == 'always':
        options.append('--update-passwords')
    if params['prune']:
        options.append('--prune=' + ','.join(params['prune']))
    if params['prune_many']:
        options.append('--yes')
    module.apply(document, *options)


if __name__ == '__main__':
    main()
