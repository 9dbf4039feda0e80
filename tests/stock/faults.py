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

# code: what check --live names.  also: codes that may come with it.  release:
# where it can be, if not on both.  reload: how the daemons learn of it.
Fault = collections.namedtuple("Fault", "code script also release mend reload",
                               defaults=((), None, "mailcfg setup", True))


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
    Fault("mail_root", "chmod 0700 /var/vmail; chgrp root /var/vmail"),
    Fault("database_modes", "chmod 0755 /var/lib/maildb"),
    Fault("database_modes", "chmod 0700 /var/lib/maildb"),
    Fault("database_modes", f"chmod 0644 {DB}"),
    Fault("database_modes", f"chgrp root {DB}"),
    Fault("database_modes", f"chmod 0600 {DB}-shm"),
    Fault("postfix_in_readers",
          "gpasswd -d postfix maildb; service postfix restart"),
    # /etc/group is right, but the running daemon is older than it
    Fault("postfix_in_readers",
          "gpasswd -d postfix maildb; service postfix restart; "
          "sendmail -bv nobody@example.org; gpasswd -a postfix maildb",
          reload=False),

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
    main("proxy_read_maps", "proxy_read_maps = proxy:unix:passwd.byname"),
    # of two lines for one parameter Postfix takes the last
    Fault("smtputf8", "echo 'smtputf8_enable = yes' >>/etc/postfix/main.cf"),

    # ---- master.cf --------------------------------------------------------
    Fault("submission", "postconf -MX submission/inet"),
    Fault("submission", "postconf -MX submissions/inet"),
    option("submission", "smtpd_tls_security_level", "may"),
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
    Fault("passdb", f"rm {OURS}", also=(
        "database", "userdb", "auth_worker_group", "mail_location", "quota",
        "sieve", "lmtp_socket", "sasl_socket", "quota_socket",
        "delivery_user", "login_mechanisms", "login_format",
        "recipient_delimiter", "virtual_transport", "sasl", "submission",
        "same_answers")),
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
    without("lmtp_socket", "service lmtp", also=("virtual_transport",)),
    without("sasl_socket", "service auth", also=("sasl", "submission")),
    without("quota_socket", "service quota-status", also=("quota_policy",)),
    Fault("later_settings", "echo 'recipient_delimiter = -' "
          ">>/etc/dovecot/local.conf", also=("recipient_delimiter",),
          mend="rm /etc/dovecot/local.conf; doveadm reload"),
    Fault("dovecot_running", "doveadm stop", mend="service dovecot start",
          also=("virtual_transport", "sasl", "submission", "quota_policy"),
          reload=False),
)

RELOAD = "postfix reload; doveadm reload; true"


class Refused(Failure):
    """check --live printed something that cannot be read."""


def findings(server):
    """What check --live names: its exit status, and codes by severity."""
    done = server.ask("mailcfg", "--json", "check", "--live", seconds=180)
    try:
        found = json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        raise Refused(f"check --live: exit {done.returncode}\n"
                      f"{done.stdout}{done.stderr}") from None
    return done.returncode, [(row["severity"], row["code"]) for row in found]


def named(found):
    """The codes of errors and warnings."""
    return {code for severity, code in found if severity != "note"}


def plant(server, report, fault):
    """One fault: broken, named, mended."""
    what = f"{fault.code}: {' '.join(fault.script.split())[:90]}"
    server.ask("/bin/sh", "-c", fault.script)
    if fault.reload:
        server.ask("/bin/sh", "-c", RELOAD)
    status, found = findings(server)
    codes = {code for _, code in found}
    report.check(f"{what} is named", fault.code in codes
                 and named(found) <= {fault.code, *fault.also},
                 f"found {found}")
    error = any(severity == "error" for severity, _ in found)
    report.same(f"{what}: exit status", status, 1 if error else 0)
    done = server.ask("/bin/sh", "-c", fault.mend)
    report.check(f"{what} is mended", done.returncode == 0,
                 done.stdout + done.stderr)


def sound(server, report, what):
    """check --live finds nothing: 0 false alarms."""
    status, found = findings(server)
    report.same(f"{what}: nothing is found", (status, named(found)),
                (0, set()))


def plant_all(server, report, faults):
    """Faults one after another: each is planted where the last was mended."""
    for fault in faults:
        try:
            plant(server, report, fault)
        except Failure as failure:
            report.check(f"{fault.code}: {fault.script} can be tried", False,
                         failure)
    sound(server, report, "after all faults")
