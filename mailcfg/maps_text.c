/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maps_text.c - the configuration excerpts that "maps" fills in
 *
 * Each stands where it is appended to a configuration: of two lines for one
 * parameter both daemons obey the last.
 */
#include "maps_text.h"

/* As root, the default, auth-worker would open SQLite's index for writing, and
 * PostgreSQL would not know it by its user. */
#define WORKER \
"recipient_delimiter = @recipient_delimiter@\n" \
"# auth-worker reads the database, as a user who may not write.  Where a\n" \
"# passdb of system users remains, leave its user as it was (root).\n" \
"service auth-worker {\n" \
"  user = dovecot\n" \
"@G@" \
"}\n"

const char text_main_cf[] =
"# For main.cf: who has mail here, asked of the database at each mail.\n"
"# Changes need no reload.  Let the mailbox server get the mail by, say,\n"
"#   virtual_transport = lmtp:unix:private/dovecot-lmtp\n"
"\n"
"# Domains that are switched off and alias domains are among these, so that\n"
"# their mail is refused here instead of sent elsewhere.\n"
"virtual_mailbox_domains = @T@/virtual_mailbox_domains.cf\n"
"virtual_alias_domains =\n"
"# This one must not be empty: it is what refuses unknown users.\n"
"virtual_mailbox_maps = @T@/virtual_mailbox_maps.cf\n"
"# The order is the rule: own address, alias domain and wildcard, catch-all.\n"
"virtual_alias_maps = @T@/virtual_alias_maps.cf,\n"
"    @T@/virtual_alias_far.cf,\n"
"    @T@/virtual_alias_catchall.cf\n"
"virtual_alias_expansion_limit = @expansion_limit@\n"
"virtual_alias_recursion_limit = @recursion_limit@\n"
"recipient_delimiter = @recipient_delimiter@\n"
"\n"
"relay_domains = @T@/relay_domains.cf\n"
"relay_recipient_maps = @T@/relay_recipient_maps.cf,\n"
"    @T@/relay_recipient_any.cf\n"
"# By default a map's entry for a domain also speaks for its subdomains.\n"
"parent_domain_matches_subdomains =\n"
"\n"
"# Mail for a switched-off address that was taken all the same (from\n"
"# sendmail(1), or deep in a chain of aliases) is sent back.  Add this to\n"
"# transport_maps if you have one already.\n"
"transport_maps = inline:{{off.invalid = error:5.2.1 Mailbox disabled}}\n"
"\n"
"# Switched off: 550 5.2.1.  For local users only: the class.  This table\n"
"# stands before every permit; policy services that should see the mail of\n"
"# logged-in users stand before it.\n"
"smtpd_restriction_classes = maildb_internal\n"
"maildb_internal = permit_sasl_authenticated, permit_mynetworks,\n"
"    check_recipient_access static:{550 5.7.1 For local users only}\n"
"smtpd_recipient_restrictions = check_recipient_access @T@/recipient_access.cf,\n"
"    reject_unlisted_recipient\n"
"\n"
"# Who may send as whom, and that strangers may not send as us.  If users log\n"
"# in here, too (smtpd_sasl_auth_enable = yes), the restrictions must begin\n"
"# with reject_authenticated_sender_login_mismatch.\n"
"smtpd_sender_login_maps = @T@/smtpd_sender_login_maps.cf,\n"
"    @T@/sender_login_any.cf\n"
"smtpd_sender_restrictions = permit_mynetworks, permit_sasl_authenticated,\n"
"    check_sender_access @T@/sender_access.cf\n";

const char text_master_cf[] =
"# For master.cf: mail from our users.  The recipient table comes first here\n"
"# as well, or switched-off addresses are taken and then sent back.\n"
"submission inet n - n - - smtpd\n"
"  -o syslog_name=postfix/submission\n"
"  -o smtpd_tls_security_level=encrypt\n"
"  -o smtpd_tls_auth_only=yes\n"
"  -o smtpd_sasl_auth_enable=yes\n"
"  -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n"
"  -o smtpd_sender_restrictions=reject_sender_login_mismatch\n"
"  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
"  -o { smtpd_recipient_restrictions = check_recipient_access @T@/recipient_access.cf, permit_sasl_authenticated, reject }\n";

const char text_dovecot_23[] =
"# For dovecot.conf or conf.d, Dovecot 2.3: logins and mailboxes from the\n"
"# database.  Comment out other passdbs and userdbs.  With auth_cache_size\n"
"# set, a change counts at once only after \"doveadm auth cache flush\".\n"
"passdb {\n"
"  driver = sql\n"
"  args = @D@/dovecot-sql.conf.ext\n"
"}\n"
"# A login has its mailbox from passdb already; deliveries ask the next one.\n"
"userdb {\n"
"  driver = prefetch\n"
"}\n"
"userdb {\n"
"  driver = sql\n"
"  args = @D@/dovecot-sql.conf.ext\n"
"}\n"
WORKER;

const char text_dovecot_sql_23[] =
"# Named by passdb and userdb in dovecot.conf.\n"
"@DB@"
"default_pass_scheme = CRYPT\n"
"password_query = @P@\n"
"user_query = @U@\n"
"iterate_query = @I@\n";

const char text_dovecot_24[] =
"# For dovecot.conf or conf.d, Dovecot 2.4: logins and mailboxes from the\n"
"# database.  Written after its documentation and not tried on a server yet.\n"
"# Remove other passdbs and userdbs.  With auth_cache_size set, a change\n"
"# counts at once only after \"doveadm auth cache flush\".\n"
"@DB@"
"passdb sql {\n"
"  default_password_scheme = CRYPT\n"
"  query = @P@\n"
"}\n"
"# A login has its mailbox from passdb already; deliveries ask the next one.\n"
"userdb prefetch {\n"
"}\n"
"userdb sql {\n"
"  query = @U@\n"
"  iterate_query = @I@\n"
"}\n"
WORKER;

/* Dovecot gives a service only the groups that are named here. */
const char text_dovecot_group[] = "  extra_groups = maildb\n";
