# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be wrong with a stock server, one row each.

Owns: the table of planted faults, and what has to come of each: "check --live"
names the requirement and nothing else, and "mailcfg setup" mends it.  A fault
is planted as an administrator's hand or an upgrade would do it, on running
daemons.  Where setup may not mend it, the row says which command does.
"""

import collections
import json

from proc import Failure

T = "proxy:sqlite:/etc/postfix/maildb"
OURS = "/etc/dovecot/conf.d/99-maildb.conf"
MAPS = "/etc/postfix/maildb"
DB = "/var/lib/maildb/maildb.sqlite3"

SETUP = "mailcfg setup"
# a restart takes longer than all else, and Dovecot and Postfix need none
QUIETLY = "mailcfg -q setup --no-restart"

# no master is started beside one that is ending
RESTART = """postfix stop
while kill -0 $(cat /var/spool/postfix/pid/master.pid); do sleep 0.1; done
postfix start
"""

# code: what check --live names.  also: codes that may come with it.  release:
# where it can be, if not on both.  reload: how the daemons learn of it.
Fault = collections.namedtuple("Fault", "code script also release mend reload",
                               defaults=((), None, QUIETLY, True))


def main(code, *words, **more):
    """A line of main.cf that is different, or gone ("-NAME")."""
    return Fault(code, "\n".join(
        f"postconf -X {word[1:]}" if word.startswith("-")
        else f"postconf -e '{word}'" for word in words), **more)


def without(code, pattern, **more):
    """Dovecot without a block of ours, from its first line to its end."""
    return Fault(code, f"sed -i '/^{pattern} *{{/,/^}}/d' {OURS}", **more)


def setting(code, pattern, **more):
    """Dovecot without a setting of ours."""
    return Fault(code, f"sed -i '/^{pattern} *=/d' {OURS}", **more)


def option(service, name, value):
    return Fault("submission", f"postconf -P '{service}/inet/{name}={value}'")


FAULTS = (
    # ---- the system -----------------------------------------------------
    Fault("mail_root", "chown root:root /var/vmail"),
    Fault("mail_root", "chmod 0550 /var/vmail"),
    Fault("database_modes", "chmod 0755 /var/lib/maildb"),
    Fault("database_modes", "chmod 0700 /var/lib/maildb", mend=SETUP),
    Fault("database_modes", f"chmod 0644 {DB}"),
    Fault("database_modes", f"chgrp root {DB}", mend=SETUP),
    Fault("database_modes", f"chmod 0600 {DB}-shm", mend=SETUP),
    Fault("postfix_in_readers",
          f"gpasswd -d postfix maildb; {RESTART}", mend=SETUP),
    # /etc/group is right, but the running daemon is older than it
    Fault("postfix_in_readers",
          f"gpasswd -d postfix maildb; {RESTART}"
          "postmap -q root proxy:unix:passwd.byname; "
          "gpasswd -a postfix maildb",
          mend=RESTART, reload=False),

    # ---- main.cf: who has mail here --------------------------------------
    Fault("map_files", f"rm {MAPS}/virtual_alias_far.cf"),
    Fault("map_files", f"chown root:root {MAPS}/*.cf; chmod 0600 {MAPS}/*.cf"),
    Fault("map_files", f"sed -i 's/^query.*/query = SELECT 1/' "
                       f"{MAPS}/virtual_alias_catchall.cf"),
    main("virtual_mailbox_domains", "-virtual_mailbox_domains"),
    main("virtual_mailbox_domains",
         "virtual_mailbox_domains = example.org, second.example"),
    main("virtual_mailbox_maps", "virtual_mailbox_maps ="),
    main("virtual_alias_maps", "-virtual_alias_maps"),
    main("virtual_alias_maps",
         f"virtual_alias_maps = {T}/virtual_alias_maps.cf"),
    main("virtual_alias_maps",
         f"virtual_alias_maps = {T}/virtual_alias_catchall.cf, "
         f"{T}/virtual_alias_maps.cf, {T}/virtual_alias_far.cf"),
    main("virtual_alias_domains", "-virtual_alias_domains"),
    main("alias_limits", "virtual_alias_expansion_limit = 5"),
    main("recipient_delimiter", "recipient_delimiter = -"),
    main("relay_domains", "-relay_domains"),
    main("relay_recipient_maps", "relay_recipient_maps ="),
    main("relay_subdomains", "-parent_domain_matches_subdomains"),
    main("mydestination",
         "mydestination = $myhostname, example.org, localhost"),
    main("host_name", "myhostname = example.org",
         mend="postconf -e 'myhostname = mail.example.org'"),

    # ---- main.cf: what happens to mail -----------------------------------
    main("virtual_transport", "-virtual_transport"),
    main("smtputf8", "-smtputf8_enable"),
    main("smtputf8", "smtputf8_enable = yes"),
    main("fast_flush", "-fast_flush_domains"),
    main("transport_disabled", "-transport_maps"),
    main("restriction_class", "-smtpd_restriction_classes"),
    main("restriction_class", "-maildb_internal"),
    main("recipient_restrictions", "-smtpd_recipient_restrictions",
         also=("quota_policy",)),
    main("recipient_restrictions",
         "smtpd_recipient_restrictions = permit_mynetworks, "
         f"check_recipient_access {T}/recipient_access.cf, "
         "reject_unlisted_recipient", also=("quota_policy",)),
    main("quota_policy",
         "smtpd_recipient_restrictions = "
         f"check_recipient_access {T}/recipient_access.cf, "
         "reject_unlisted_recipient"),
    main("sender_login", "-smtpd_sender_login_maps"),
    main("sender_login",
         f"smtpd_sender_login_maps = {T}/smtpd_sender_login_maps.cf"),
    main("sender_restrictions", "-smtpd_sender_restrictions"),
    main("sasl", "-smtpd_sasl_type"),
    main("sasl", "-smtpd_sasl_path"),
    main("proxy_read_maps", "proxy_read_maps = proxy:unix:passwd.byname",
         mend=SETUP),
    # of two lines for one parameter Postfix takes the last
    Fault("smtputf8", "echo 'smtputf8_enable = yes' >>/etc/postfix/main.cf",
          also=("postfix_doubled",)),

    # ---- master.cf --------------------------------------------------------
    Fault("submission", "postconf -MX submission/inet"),
    Fault("submission", "postconf -MX submissions/inet"),
    Fault("submission",
          "postconf -PX submission/inet/smtpd_tls_security_level"),
    option("submission", "smtpd_tls_auth_only", "no"),
    option("submission", "smtpd_sasl_auth_enable", "no"),
    option("submission", "smtpd_sender_restrictions", "permit"),
    option("submissions", "smtpd_tls_wrappermode", "no"),
    option("submission", "smtpd_recipient_restrictions",
           "permit_sasl_authenticated,reject"),
    main("certificate", "smtpd_tls_cert_file = /etc/ssl/none.pem",
         mend="postconf -e smtpd_tls_cert_file=/etc/ssl/certs/"
              "ssl-cert-snakeoil.pem"),
    Fault("system_aliases", "echo 'somebody: root' >>/etc/aliases; "
          "touch -d '-1 minute' /etc/aliases.db", mend="newaliases"),
    Fault("postfix_running", "postfix stop", mend="postfix start",
          reload=False),

    # ---- Dovecot -----------------------------------------------------------
    # most of what is wanted is missing: one finding for all of it
    Fault("dovecot_setup", f"rm {OURS}"),
    without("passdb", "passdb", release="12"),
    without("passdb", "passdb sql", release="13"),
    without("userdb", "userdb sql", release="13"),
    setting("database", "sqlite_path", release="13"),
    Fault("system_logins", "sed -i 's/^#*\\(!include auth-system.conf.ext\\)"
          "/\\1/' /etc/dovecot/conf.d/10-auth.conf"),
    without("auth_worker_group", "service auth-worker"),
    without("delivery_user", "protocol lmtp", also=("sieve",), release="13"),
    without("sieve", "protocol lmtp", release="12"),
    without("quota", "plugin", release="12"),
    setting("quota", "mail_plugins", release="12"),
    without("quota", "mail_plugins", release="13"),
    setting("quota", "quota_status_toolarge", release="13"),
    setting("mail_location", "mail_location", release="12"),
    setting("mail_location", "mail_path", release="13"),
    setting("mail_location", "mail_inbox_path", release="13"),
    setting("login_characters", "auth_username_chars"),
    without("lmtp_socket", "service lmtp"),
    without("sasl_socket", "service auth"),
    without("quota_socket", "service quota-status"),
    # it is read after our file, and is not ours to change
    Fault("recipient_delimiter", "echo 'recipient_delimiter = -' "
          ">>/etc/dovecot/local.conf",
          mend="rm /etc/dovecot/local.conf; doveadm reload"),
    Fault("dovecot_running", "doveadm stop", mend="service dovecot start",
          reload=False),
)

RELOAD = "postfix reload; doveadm reload; true"

# what faults change, but the database itself
PLACES = "etc/postfix etc/dovecot etc/aliases etc/aliases.db etc/group " \
         "etc/gshadow"
OWNERS = f"/var/vmail /var/lib/maildb {DB} {DB}-wal {DB}-shm"
SAVED = "/run/sound"
KEEP = f"""
mkdir {SAVED}
tar -C / -cpf {SAVED}/files.tar {PLACES}
stat -c "chown %u:%g %n; chmod %a %n" {OWNERS} >{SAVED}/owners.sh
"""
RESTORE = f"""
cd /; rm -rf etc/postfix etc/dovecot; tar -xpf {SAVED}/files.tar
sh {SAVED}/owners.sh
"""


class Refused(Failure):
    """check --live printed something that cannot be read."""


def findings(server):
    """What check --live says: its exit status; severities, codes and what
    they are about."""
    done = server.ask("mailcfg", "--json", "check", "--live")
    try:
        found = json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        raise Refused(f"check --live: exit {done.returncode}\n"
                      f"{done.stdout}{done.stderr}") from None
    return done.returncode, [
        (row["severity"], row["code"], f"{row['object']}: {row['message']}")
        for row in found]


def named(found):
    """The codes of errors and warnings."""
    return {code for severity, code, _ in found if severity != "note"}


def is_gone(server, fault):
    return fault.code not in {code for _, code, _ in findings(server)[1]}


def mend(server, fault):
    """Whether it is not found any more, and what was printed.  setup asks the
    daemons itself after a restart.  Without one a reload is enough, unless a
    daemon has failed: Postfix does not start it again for a minute."""
    done = server.ask("/bin/sh", "-c", fault.mend)
    gone = done.returncode == 0
    if fault.mend == SETUP:
        gone = gone and f"[{fault.code}]" not in done.stdout
    elif gone and fault.mend != QUIETLY:
        gone = is_gone(server, fault)
    elif gone:
        server.ask("/bin/sh", "-c", RELOAD)
        if findings(server)[0] != 0:
            server.reboot()
            gone = is_gone(server, fault)
    return gone, done.stdout + done.stderr


def restore(server):
    """The machine as it was before all faults."""
    server.shell(RESTORE)
    server.reboot()


def plant(server, report, fault):
    """One fault: broken, named, mended."""
    what = f"{fault.code}: {' '.join(fault.script.split())[:90]}"
    planted = server.ask("/bin/sh", "-c", fault.script)
    if fault.reload:
        server.ask("/bin/sh", "-c", RELOAD)
    status, found = findings(server)
    codes = {code for _, code, _ in found}
    report.check(f"{what} is named", fault.code in codes
                 and named(found) <= {fault.code, *fault.also},
                 f"found {found}\n{planted.stdout}{planted.stderr}")
    error = any(severity == "error" for severity, _, _ in found)
    report.same(f"{what}: exit status", status, 1 if error else 0)
    mended, printed = mend(server, fault)
    report.check(f"{what} is mended", mended, printed)
    return mended


def sound(server, report, what):
    """check --live finds nothing: 0 false alarms."""
    status, found = findings(server)
    report.check(f"{what}: nothing is found",
                 status == 0 and not named(found), f"exit {status}: {found}")


def plant_all(server, report, faults):
    """Faults one after another, each on a sound machine: what one of them
    leaves behind is no matter of the next."""
    server.shell(KEEP)
    for fault in faults:
        mended = False
        try:
            mended = plant(server, report, fault)
        except Failure as failure:
            report.check(f"{fault.code}: {fault.script} can be tried", False,
                         failure)
        if not mended:
            restore(server)
    sound(server, report, "after all faults")
