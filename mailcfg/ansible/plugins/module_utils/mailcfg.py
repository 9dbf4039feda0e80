# The mailcfg authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules share: the fields of objects, and running mailcfg.

What shall be is a document for "mailcfg apply -".  It goes there by standard
input with the passwords in it, so that no command line ever holds a secret.
"""

from __future__ import absolute_import, division, print_function
__metaclass__ = type

import json
import re

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.six.moves.urllib.parse import urlsplit

# The fields of each kind of object, as mailcfg names and orders them.
ALIAS_FIELDS = ('enabled', 'internal', 'valid_from', 'valid_until', 'note')
USER_FIELDS = ('name', 'enabled', 'receive', 'send', 'imap', 'pop3', 'sieve',
               'internal', 'quota', 'messages', 'valid_from', 'valid_until',
               'must_change', 'spam_days', 'home', 'note')
DOMAIN_FIELDS = ('class', 'target', 'enabled', 'primary', 'quota', 'messages',
                 'max_users', 'max_aliases', 'max_quota', 'outside_senders',
                 'any_recipient', 'autoconfig', 'dkim', 'note')
# Those that are no text.  Sizes, counts and times are text to Ansible.
SWITCHES = ('enabled', 'internal', 'receive', 'send', 'imap', 'pop3', 'sieve',
            'must_change', 'primary', 'outside_senders', 'any_recipient',
            'autoconfig', 'dkim')
CHOICES = {'class': ['mailbox', 'alias', 'relay']}

SECRETS = {
    'password': {'type': 'str', 'no_log': True, 'aliases': ['pw']},
    'hash': {'type': 'str', 'no_log': True},
}
TARGETS = {
    'targets': {'type': 'list', 'elements': 'str', 'aliases': ['dst']},
    'may_send': {'type': 'bool'},
}
UPDATE_PASSWORD = {'type': 'str', 'default': 'on_create', 'no_log': False,
                   'choices': ['always', 'on_create']}
COMMON = {
    'db': {'type': 'str'},
    'executable': {'type': 'str', 'default': 'mailcfg'},
}


def spec(fields):
    """The options of a module for these fields."""
    return dict((field, {'type': 'bool'} if field in SWITCHES else
                 {'type': 'str', 'choices': CHOICES[field]}
                 if field in CHOICES else {'type': 'str'}) for field in fields)


def given(params, names):
    """What is said of these options: the others are left alone."""
    return dict((name, params[name]) for name in names
                if params.get(name) is not None)


def user(params):
    """A user as a document has it."""
    return given(params, USER_FIELDS + ('password', 'hash', 'targets'))


def alias(params):
    """An alias or catch-all as a document has it."""
    entry = given(params, ALIAS_FIELDS + ('targets',))
    if 'targets' in entry and params.get('may_send') is not None:
        entry['targets'] = [{'to': target, 'may_send': params['may_send']}
                            for target in entry['targets']]
    return entry


def field_options(params, fields):
    """Fields as options of a command."""
    words = []
    for name, value in sorted(given(params, fields).items()):
        if isinstance(value, bool):
            value = 'yes' if value else 'no'
        words.append('--%s=%s' % (name.replace('_', '-'), value))
    return words


class Mailcfg(AnsibleModule):
    """A module that answers what mailcfg answers."""

    def __init__(self, options, **more):
        more.setdefault('supports_check_mode', True)
        super(Mailcfg, self).__init__(dict(COMMON, **options), **more)
        self.env = {'LC_ALL': 'C.UTF-8'}
        if self.params['db']:
            self.env['MAILCFG_DB'] = self.params['db']
            secret = urlsplit(self.params['db']).password
            if secret:
                self.no_log_values.add(secret)

    def ask(self, command, *words, **more):
        """Runs a command and returns its JSON; fails as it does."""
        argv = [self.get_bin_path(self.params['executable'], required=True),
                '--json', command]
        if self.check_mode:
            argv.append('--check')
        if self._diff:
            argv.append('--diff')
        status, out, err = self.run_command(
            argv + list(words), environ_update=self.env, **more)
        try:
            answer = json.loads(out)
        except ValueError:
            self.fail_json(msg='mailcfg %s gave no JSON, exit status %d: %s' %
                           (command, status, err.strip() or out.strip()),
                           rc=status)
        for warning in answer.get('warnings', ()):
            self.warn(warning['message'])
        if 'error' in answer:
            error = answer['error']
            # A place in our own standard input would help nobody.
            error['msg'] = re.sub(r'^standard input:[0-9:]+ ', '',
                                  error.pop('message'))
            self.fail_json(rc=status, **error)
        return answer

    def change(self, command, *words, **more):
        """Runs a command that writes, and ends the module."""
        answer = self.ask(command, *words, **more)
        result = given(answer, ('message', 'diff'))
        self.exit_json(changed=answer['changed'], **result)

    def apply(self, document, *options):
        """Makes the database as the document says, and ends the module."""
        self.change('apply', *(options + ('-',)), data=json.dumps(document))


def alias_module(kind, key, other):
    """The modules alias and catchall, which differ in their key only."""
    options = dict(spec(ALIAS_FIELDS), **TARGETS)
    options[key] = {'type': 'str', 'required': True, 'aliases': [other]}
    options['state'] = {'type': 'str', 'choices': ['present', 'absent'],
                        'default': 'present'}
    for name in ('append', 'create_domain', 'allow_dead', 'force'):
        options[name] = {'type': 'bool', 'default': False}
    module = Mailcfg(options, required_by={'may_send': ['targets']},
                     required_if=[('append', True, ['targets'])])
    params = module.params
    if params['state'] == 'absent':
        module.change('rm' + kind, params[key],
                      *(['--force'] if params['force'] else []))
    words = ['--' + name.replace('_', '-')
             for name in ('create_domain', 'allow_dead') if params[name]]
    if params['append']:
        words += field_options(params, ALIAS_FIELDS + ('may_send',))
        module.change('add' + kind, *(words + [params[key]] +
                                      params['targets']))
    module.apply({kind + ('es' if kind == 'alias' else 's'):
                  {params[key]: alias(params)}}, *words)
