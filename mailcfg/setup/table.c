/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * table.c - THE table of requirements
 *
 * Rows of one daemon stand in the order in which they are written.  Their
 * sentences are comments in configuration snippets and messages of "check".
 */
#include "setup.h"

#define ERROR   .severity = SEVERITY_ERROR
#define WARNING .severity = SEVERITY_WARNING
#define NOTE    .severity = SEVERITY_NOTE

#define SYSTEM(id, where) .code = id, .daemon = DAEMON_SYSTEM, .place = where
#define MAIN(id, how, parameter) .code = id, .daemon = DAEMON_POSTFIX, \
	.place = PLACE_MAIN, .join = how, .name = parameter
#define POSTFIX(id, where) .code = id, .daemon = DAEMON_POSTFIX, .place = where
#define DOVECOT(id, where) .code = id, .daemon = DAEMON_DOVECOT, .place = where
#define PROBE(id, who, asked) .code = id, .daemon = who, \
	.place = PLACE_RUNNING, .probe = probe_##asked

/*
 * One -o of a service for users: all belong to one requirement.  "postconf
 * -P" takes no white space in a value.
 */
#define OPTION(service, how, parameter, value) \
	{ POSTFIX("submission", PLACE_OPTION), ERROR, .join = how, \
	  .name = service "/inet/" parameter, .wanted = value, \
	  .why = "Users send mail after login, by TLS, and as themselves " \
	    "only; disabled recipients are refused first." }

#define USERS_SERVICE(service) \
	OPTION(service, JOIN_MISSING, "syslog_name", "postfix/" service), \
	OPTION(service, JOIN_SET, "smtpd_tls_auth_only", "yes"), \
	OPTION(service, JOIN_SET, "smtpd_sasl_auth_enable", "yes"), \
	OPTION(service, JOIN_MISSING, "smtpd_client_restrictions", \
	    "permit_sasl_authenticated,reject"), \
	OPTION(service, JOIN_AHEAD, "smtpd_sender_restrictions", \
	    "reject_sender_login_mismatch"), \
	OPTION(service, JOIN_MISSING, "smtpd_relay_restrictions", \
	    "permit_sasl_authenticated,reject"), \
	OPTION(service, JOIN_AHEAD, "smtpd_recipient_restrictions", \
	    "check_recipient_access,@T@/recipient_access.cf," \
	    "permit_sasl_authenticated,reject")

/* A socket of Dovecot that Postfix uses. */
#define LISTENER(id, service, socket, sentence) \
	{ DOVECOT(id, PLACE_BLOCK), ERROR, \
	  .name = "service " service "|unix_listener @queue@/private/" socket, \
	  .wanted = "mode = 0600\nuser = postfix", .why = sentence }

#define MAILBOX_FULL "\"552 5.2.2 Mailbox is full\""

const struct requirement requirements[] = {
	/* ---- the system ---------------------------------------------- */

	{ SYSTEM("readers_group", PLACE_GROUP), ERROR, .when = ON_SQLITE,
	  .name = "maildb", .wanted = "",
	  .why = "Members of group maildb may read the database." },
	{ SYSTEM("mail_owner", PLACE_GROUP), ERROR,
	  .name = "vmail", .wanted = "@mail_gid@",
	  .why = "One user owns the mail of all mailboxes." },
	{ SYSTEM("mail_owner", PLACE_USER), ERROR,
	  .name = "vmail", .wanted = "@mail_uid@:@mail_gid@:@mail_root@",
	  .why = "One user owns the mail of all mailboxes." },
	{ SYSTEM("mail_root", PLACE_DIRECTORY), ERROR, .join = JOIN_MISSING,
	  .name = "@mail_root@", .wanted = "0750 @mail_uid@:@mail_gid@",
	  .why = "Dovecot creates mailboxes below mail_root as their owner.",
	  .hint = "give the directory to the user of mail_uid and mail_gid",
	  .probe = probe_mail_root },
	{ SYSTEM("database_modes", PLACE_DIRECTORY), ERROR,
	  .when = ON_SQLITE, .name = "@dbdir@", .wanted = "2750 root:maildb",
	  .why = "The daemons read the database and cannot change it." },
	{ SYSTEM("database_modes", PLACE_FILE), ERROR,
	  .when = ON_SQLITE, .name = "@db@", .wanted = "0640 root:maildb",
	  .why = "The daemons read the database and cannot change it.",
	  .probe = probe_database_open },
	{ SYSTEM("database_modes", PLACE_FILE), ERROR,
	  .when = ON_SQLITE, .name = "@db@-wal",
	  .wanted = "0640 root:maildb",
	  .why = "The daemons read the database and cannot change it." },
	{ SYSTEM("database_modes", PLACE_FILE), ERROR,
	  .when = ON_SQLITE, .name = "@db@-shm",
	  .wanted = "0640 root:maildb",
	  .why = "The daemons read the database and cannot change it." },
	{ SYSTEM("postfix_in_readers", PLACE_MEMBER), ERROR,
	  .when = ON_SQLITE, .name = "postfix", .wanted = "maildb",
	  .why = "Postfix can read the database as a member of its group.",
	  .hint = "restart Postfix: postfix stop; postfix start",
	  .probe = probe_proxymap_groups },

	/* ---- PostgreSQL ---------------------------------------------- */

	{ SYSTEM("database_peer", PLACE_LINES), ERROR, .join = JOIN_FIRST,
	  .when = ON_PGSQL | ON_LOCAL, .name = "@hba@",
	  .wanted = "local @database@ maildb_postfix,maildb_dovecot peer "
	    "map=maildb",
	  .why = "PostgreSQL knows the daemons by their system users.",
	  .probe = probe_peer },
	{ SYSTEM("database_peer", PLACE_LINES), ERROR, .join = JOIN_ADD,
	  .when = ON_PGSQL | ON_LOCAL, .name = "@ident@",
	  .wanted = "maildb postfix maildb_postfix\n"
	    "maildb dovecot maildb_dovecot",
	  .why = "PostgreSQL knows the daemons by their system users." },
	{ SYSTEM("database_url", PLACE_LINES), WARNING, .join = JOIN_MISSING,
	  .when = ON_PGSQL, .name = "/etc/mailcfg.conf",
	  .wanted = "db = @url@",
	  .why = "mailcfg uses this database without --db." },
	{ PROBE("database_admin", DAEMON_SYSTEM, admin_role), ERROR,
	  .when = ON_PGSQL | ON_LOCAL,
	  .why = "root can change the database.", .hint = "mailcfg setup" },
	{ PROBE("database_passfiles", DAEMON_SYSTEM, passfiles), ERROR,
	  .when = ON_PGSQL | ON_REMOTE,
	  .why = "Each daemon logs in over the network with a password in "
	    "a file of its own.",
	  .hint = "create the file as its owner, with mode 0600" },
	{ PROBE("database_connections", DAEMON_SYSTEM, connections), WARNING,
	  .when = ON_PGSQL,
	  .why = "PostgreSQL accepts all connections of the daemons.",
	  .hint = "raise max_connections" },
	{ PROBE("database_started_first", DAEMON_SYSTEM, after_database),
	  WARNING, .when = ON_PGSQL | ON_LOCAL | ON_SYSTEMD,
	  .why = "Postfix and Dovecot start after PostgreSQL.",
	  .hint = "add After=postgresql.service to both units" },

	/* ---- main.cf: who has mail here ------------------------------- */

	{ PROBE("map_files", DAEMON_POSTFIX, maps_current), ERROR,
	  .why = "The map files are what mailcfg writes, for Postfix alone.",
	  .hint = "mailcfg setup postfix" },
	{ MAIN("virtual_mailbox_domains", JOIN_FIRST,
	    "virtual_mailbox_domains"), ERROR,
	  .wanted = "@T@/virtual_mailbox_domains.cf",
	  .why = "Disabled domains and alias domains are among these, so "
	    "that their mail is refused here instead of sent elsewhere.",
	  .probe = probe_map_lookup },
	{ MAIN("virtual_alias_domains", JOIN_DEFAULT,
	    "virtual_alias_domains"), NOTE, .wanted = "@his_alias_maps@",
	  .basis = "$virtual_alias_maps",
	  .why = "Alias domains are in virtual_mailbox_domains." },
	{ MAIN("virtual_mailbox_maps", JOIN_FIRST, "virtual_mailbox_maps"),
	  ERROR, .wanted = "@T@/virtual_mailbox_maps.cf",
	  .why = "This table must not be empty: it refuses unknown users." },
	{ MAIN("virtual_alias_maps", JOIN_FIRST, "virtual_alias_maps"),
	  ERROR, .wanted = "@T@/virtual_alias_maps.cf, "
	    "@T@/virtual_alias_far.cf, @T@/virtual_alias_catchall.cf",
	  .why = "The order is the rule: the address itself, alias domain "
	    "and wildcard alias, catch-all." },
	{ MAIN("alias_limits", JOIN_SET, "virtual_alias_expansion_limit"),
	  WARNING, .wanted = "@expansion_limit@", .basis = "1000",
	  .why = "mailcfg and Postfix have the same limits for aliases." },
	{ MAIN("alias_limits", JOIN_SET, "virtual_alias_recursion_limit"),
	  WARNING, .wanted = "@recursion_limit@", .basis = "1000",
	  .why = "mailcfg and Postfix have the same limits for aliases." },
	{ MAIN("recipient_delimiter", JOIN_SET, "recipient_delimiter"),
	  ERROR, .wanted = "@recipient_delimiter@",
	  .why = "Postfix, Dovecot and mailcfg split addresses at the same "
	    "delimiter." },
	{ MAIN("relay_domains", JOIN_FIRST, "relay_domains"), ERROR,
	  .wanted = "@T@/relay_domains.cf",
	  .why = "Mail for relay domains is accepted from everywhere." },
	{ MAIN("relay_recipient_maps", JOIN_FIRST, "relay_recipient_maps"),
	  ERROR, .wanted = "@T@/relay_recipient_maps.cf, "
	    "@T@/relay_recipient_any.cf@his_relay_domains@",
	  .why = "Unknown recipients of relay domains are refused." },
	{ MAIN("relay_subdomains", JOIN_WITHOUT,
	    "parent_domain_matches_subdomains"), WARNING,
	  .wanted = "relay_domains",
	  .basis = "debug_peer_list, fast_flush_domains, mynetworks, "
	    "permit_mx_backup_networks, qmqpd_authorized_clients, "
	    "relay_domains, smtpd_access_maps",
	  .why = "A relay domain does not stand for its subdomains." },
	{ MAIN("mydestination", JOIN_WITHOUT, "mydestination"), ERROR,
	  .wanted = "@hosted@",
	  .why = "A domain of the database in mydestination is delivered to "
	    "system users: mail for its mailboxes bounces.",
	  .hint = "mailcfg setup postfix" },
	{ PROBE("host_name", DAEMON_POSTFIX, host_name), ERROR,
	  .why = "The host's own name is not a domain of the database.",
	  .hint = "give the host another name: myhostname in main.cf" },

	/* ---- main.cf: what happens to mail ---------------------------- */

	{ MAIN("virtual_transport", JOIN_DEFAULT, "virtual_transport"),
	  ERROR, .wanted = "lmtp:unix:private/dovecot-lmtp",
	  .basis = "virtual",
	  .why = "Dovecot delivers the mail by LMTP.", .probe = probe_lmtp },
	{ MAIN("smtputf8", JOIN_SET, "smtputf8_enable"), ERROR,
	  .wanted = "no",
	  .why = "Dovecot's LMTP has no SMTPUTF8: accepted mail with UTF-8 "
	    "headers bounces.", .probe = probe_smtputf8 },
	{ MAIN("fast_flush", JOIN_WITHOUT, "fast_flush_domains"), ERROR,
	  .wanted = "$relay_domains, @T@/relay_domains.cf",
	  .basis = "$relay_domains",
	  .why = "Delivery agents look up fast_flush_domains at each "
	    "deferral, and must not need the database for it." },
	{ MAIN("transport_disabled", JOIN_ADD, "transport_maps"), ERROR,
	  .wanted = "inline:{{off.invalid = error:5.2.1 Mailbox disabled}}",
	  .why = "Mail for a disabled address that was accepted (from "
	    "sendmail(1), or through an alias) is returned." },
	{ MAIN("restriction_class", JOIN_ADD, "smtpd_restriction_classes"),
	  ERROR, .wanted = "maildb_internal",
	  .why = "The recipient table uses this class for addresses that "
	    "only local users may write to." },
	{ MAIN("restriction_class", JOIN_SET, "maildb_internal"), ERROR,
	  .wanted = "permit_sasl_authenticated, permit_mynetworks, "
	    "check_recipient_access static:{550 5.7.1 For local users only}",
	  .why = "The recipient table uses this class for addresses that "
	    "only local users may write to." },
	{ MAIN("quota_policy", JOIN_AHEAD, "smtpd_recipient_restrictions"),
	  WARNING, .when = ON_QUOTA,
	  .wanted = "check_policy_service { unix:private/quota-status, "
	    "default_action=DUNNO, timeout=10s }",
	  .why = "Dovecot refuses mail for full mailboxes before it is "
	    "accepted.", .probe = probe_policy },
	{ MAIN("recipient_restrictions", JOIN_AHEAD,
	    "smtpd_recipient_restrictions"), ERROR,
	  .wanted = "check_recipient_access @T@/recipient_access.cf, "
	    "reject_unlisted_recipient",
	  .why = "Disabled addresses get 550 5.2.1.  This table stands "
	    "before every permit." },
	{ MAIN("sender_login", JOIN_FIRST, "smtpd_sender_login_maps"), ERROR,
	  .wanted = "@T@/smtpd_sender_login_maps.cf, @T@/sender_login_any.cf",
	  .why = "Users send as addresses of their own only." },
	{ MAIN("sender_restrictions", JOIN_LAST,
	    "smtpd_sender_restrictions"), ERROR,
	  .wanted = "permit_mynetworks, permit_sasl_authenticated, "
	    "check_sender_access @T@/sender_access.cf",
	  .why = "Strangers cannot send as our addresses.  If users log in "
	    "here too (smtpd_sasl_auth_enable = yes), the restrictions must "
	    "begin with reject_authenticated_sender_login_mismatch.",
	  .probe = probe_forged_sender },
	{ MAIN("sasl", JOIN_DEFAULT, "smtpd_sasl_type"), ERROR,
	  .wanted = "dovecot", .basis = "cyrus",
	  .why = "Postfix asks Dovecot about logins." },
	{ MAIN("sasl", JOIN_DEFAULT, "smtpd_sasl_path"), ERROR,
	  .wanted = "private/auth", .basis = "smtpd",
	  .why = "Postfix asks Dovecot about logins.", .probe = probe_sasl },
	{ MAIN("proxy_read_maps", JOIN_ADD, "proxy_read_maps"), ERROR,
	  .when = ON_PROXY, .wanted = "@unlisted@",
	  .why = "proxymap serves only tables that proxy_read_maps names." },

	/* ---- master.cf ------------------------------------------------ */

	{ POSTFIX("chroot", PLACE_FIELD), ERROR, .when = ON_DIRECT,
	  .name = "smtpd,cleanup,trivial-rewrite/chroot", .wanted = "n",
	  .why = "The database is outside the chroot." },
	{ POSTFIX("submission", PLACE_SERVICE), ERROR, .join = JOIN_MISSING,
	  .name = "submission/inet", .wanted = "inet n - @chroot@ - - smtpd",
	  .why = "Users send mail on port 587.",
	  .probe = probe_submission },
	OPTION("submission", JOIN_MISSING, "smtpd_tls_security_level",
	    "encrypt"),
	USERS_SERVICE("submission"),
	{ POSTFIX("submission", PLACE_SERVICE), ERROR, .join = JOIN_MISSING,
	  .name = "submissions/inet", .wanted = "inet n - @chroot@ - - smtpd",
	  .why = "Users send mail on port 465.",
	  .probe = probe_submission },
	OPTION("submissions", JOIN_SET, "smtpd_tls_wrappermode", "yes"),
	USERS_SERVICE("submissions"),

	{ PROBE("certificate", DAEMON_POSTFIX, tls), WARNING,
	  .why = "The certificate is valid and names this host.",
	  .hint = "set smtpd_tls_cert_file and smtpd_tls_key_file" },
	{ PROBE("system_aliases", DAEMON_POSTFIX, aliases), NOTE,
	  .why = "Mail for local system users is delivered.",
	  .hint = "newaliases" },
	{ PROBE("postfix_configuration", DAEMON_POSTFIX, postfix_readable),
	  ERROR, .why = "Postfix accepts its configuration.",
	  .hint = "postfix check" },
	{ PROBE("postfix_doubled", DAEMON_POSTFIX, main_once), WARNING,
	  .why = "main.cf sets each parameter once.",
	  .hint = "mailcfg setup postfix" },
	{ PROBE("postfix_running", DAEMON_POSTFIX, postfix_running), ERROR,
	  .why = "Postfix is running.", .hint = "postfix start" },

	/* ---- Dovecot: logins and mailboxes from the database ----------- */

	{ DOVECOT("database", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_24,
	  .name = "", .wanted = "@DB@",
	  .why = "Dovecot reads the database and cannot change it." },
	{ DOVECOT("passdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_23,
	  .name = "passdb",
	  .wanted = "driver = sql\nargs = @dovecot@/dovecot-sql.conf.ext",
	  .why = "Logins are those of the database.  With auth_cache_size "
	    "set, a change counts at once only after \"doveadm auth cache "
	    "flush\".", .probe = probe_authentication },
	{ DOVECOT("userdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_23,
	  .name = "userdb", .wanted = "driver = prefetch",
	  .why = "A login has its mailbox from passdb already; deliveries "
	    "use the next userdb." },
	{ DOVECOT("userdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_23,
	  .name = "userdb",
	  .wanted = "driver = sql\nargs = @dovecot@/dovecot-sql.conf.ext",
	  .why = "A login has its mailbox from passdb already; deliveries "
	    "use the next userdb.", .probe = probe_user_list },
	{ DOVECOT("passdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_24,
	  .name = "passdb sql",
	  .wanted = "default_password_scheme = CRYPT\nquery = @P@",
	  .why = "Logins are those of the database.  With auth_cache_size "
	    "set, a change counts at once only after \"doveadm auth cache "
	    "flush\".", .probe = probe_authentication },
	{ DOVECOT("userdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_24,
	  .name = "userdb prefetch", .wanted = "",
	  .why = "A login has its mailbox from passdb already; deliveries "
	    "use the next userdb." },
	{ DOVECOT("userdb", PLACE_BLOCK), ERROR, .when = ON_DOVECOT_24,
	  .name = "userdb sql", .wanted = "query = @U@\niterate_query = @I@",
	  .why = "A login has its mailbox from passdb already; deliveries "
	    "use the next userdb.", .probe = probe_user_list },
	{ DOVECOT("system_logins", PLACE_COMMENTED), ERROR,
	  .name = "/etc/dovecot/conf.d/10-auth.conf",
	  .wanted = "!include auth-system.conf.ext",
	  .why = "Passwords of system users do not open mailboxes, and "
	    "logins do not wait for PAM." },
	{ DOVECOT("auth_worker_group", PLACE_BLOCK), ERROR,
	  .when = ON_SQLITE, .name = "service auth-worker",
	  .wanted = "user = dovecot\nextra_groups = maildb",
	  .why = "The process that reads the database is a member of its "
	    "group and cannot write to it.", .probe = probe_worker_groups },
	{ DOVECOT("auth_worker_user", PLACE_BLOCK), ERROR,
	  .when = ON_PGSQL, .name = "service auth-worker",
	  .wanted = "user = dovecot",
	  .why = "PostgreSQL knows the process that lists users as dovecot.",
	  .probe = probe_worker_groups },
	{ DOVECOT("login_format", PLACE_SETTING), WARNING,
	  .when = ON_DOVECOT_23, .join = JOIN_DEFAULT,
	  .name = "auth_username_format", .wanted = "%Lu", .basis = "%Lu",
	  .why = "Logins are whole addresses in lower case." },
	/* By default they are ASCII letters and digits, and ".-_@". */
	{ DOVECOT("login_characters", PLACE_SETTING), WARNING,
	  .join = JOIN_DEFAULT, .name = "auth_username_chars", .wanted = "",
	  .basis = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "01234567890.-_@",
	  .why = "Users log in with every address that they can have." },
	{ DOVECOT("login_mechanisms", PLACE_SETTING), NOTE,
	  .when = ON_DOVECOT_23, .join = JOIN_ADD,
	  .name = "auth_mechanisms", .wanted = "login",
	  .basis = "plain",
	  .why = "Outlook logs in by the mechanism LOGIN." },
	{ DOVECOT("login_mechanisms", PLACE_BLOCK), NOTE,
	  .when = ON_DOVECOT_24, .name = "auth_mechanisms",
	  .wanted = "plain = yes\nlogin = yes",
	  .why = "Outlook logs in by the mechanism LOGIN." },

	/* ---- Dovecot: mailboxes ---------------------------------------- */

	{ DOVECOT("mail_location", PLACE_SETTING), ERROR,
	  .when = ON_DOVECOT_23, .join = JOIN_DEFAULT,
	  .name = "mail_location", .wanted = "maildir:~/Maildir",
	  .basis = "mbox:~/mail:INBOX=/var/mail/%u",
	  .why = "Mail is stored below the user's home.",
	  .probe = probe_inbox },
	{ DOVECOT("mail_location", PLACE_SETTING), ERROR,
	  .when = ON_DOVECOT_24, .join = JOIN_DEFAULT,
	  .name = "mail_driver", .wanted = "maildir", .basis = "mbox",
	  .why = "Mail is stored below the user's home." },
	{ DOVECOT("mail_location", PLACE_SETTING), ERROR,
	  .when = ON_DOVECOT_24, .join = JOIN_DEFAULT,
	  .name = "mail_path", .wanted = "~/Maildir",
	  .basis = "%{home}/mail",
	  .why = "Mail is stored below the user's home." },
	{ DOVECOT("mail_location", PLACE_SETTING), ERROR,
	  .when = ON_DOVECOT_24, .join = JOIN_DEFAULT,
	  .name = "mail_inbox_path", .wanted = "~/Maildir",
	  .basis = "/var/mail/%{user}",
	  .why = "Mail is stored below the user's home.",
	  .probe = probe_inbox },
	{ DOVECOT("mail_owner_uid", PLACE_SETTING), ERROR,
	  .when = ON_LOW_UID, .join = JOIN_LIMIT,
	  .name = "first_valid_uid", .wanted = "@mail_uid@", .basis = "500",
	  .why = "Dovecot accepts the user who owns the mail." },
	{ DOVECOT("recipient_delimiter", PLACE_SETTING), ERROR,
	  .name = "recipient_delimiter", .wanted = "@recipient_delimiter@",
	  .basis = "+",
	  .why = "Postfix, Dovecot and mailcfg split addresses at the same "
	    "delimiter." },

	/* ---- Dovecot: delivery, Sieve and quota ------------------------ */

	{ DOVECOT("delivery_user", PLACE_BLOCK), ERROR,
	  .when = ON_DOVECOT_24, .name = "protocol lmtp",
	  .wanted = "auth_username_format = %{user | lower}",
	  .why = "Recipients are whole addresses: without their domain all "
	    "mail bounces.", .probe = probe_lmtp },
	{ DOVECOT("quota", PLACE_SETTING), WARNING, .join = JOIN_ADD,
	  .when = ON_DOVECOT_23 | ON_QUOTA, .name = "mail_plugins",
	  .wanted = "quota",
	  .why = "Dovecot enforces quotas.", .probe = probe_quota },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_23 | ON_QUOTA, .name = "plugin",
	  .wanted = "quota = count:User quota\nquota_vsizes = yes\n"
	    "quota_status_success = DUNNO\nquota_status_nouser = DUNNO\n"
	    "quota_status_overquota = " MAILBOX_FULL "\n"
	    "quota_status_toolarge = " MAILBOX_FULL,
	  .why = "Dovecot enforces quotas." },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING, .join = JOIN_ADD,
	  .when = ON_DOVECOT_23 | ON_QUOTA, .name = "protocol imap",
	  .wanted = "mail_plugins = $mail_plugins imap_quota",
	  .why = "Mail programs show quotas." },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_24 | ON_QUOTA, .name = "mail_plugins",
	  .wanted = "quota = yes",
	  .why = "Dovecot enforces quotas.", .probe = probe_quota },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_24 | ON_QUOTA, .name = "quota \"User quota\"",
	  .wanted = "driver = count", .why = "Dovecot enforces quotas." },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_24 | ON_QUOTA, .name = "",
	  .wanted = "quota_storage_grace = 0\n"
	    "quota_status_success = DUNNO\nquota_status_nouser = DUNNO\n"
	    "quota_status_overquota = " MAILBOX_FULL "\n"
	    "quota_status_toolarge = " MAILBOX_FULL,
	  .why = "Dovecot enforces quotas." },
	{ DOVECOT("quota", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_24 | ON_QUOTA,
	  .name = "protocol imap|mail_plugins", .wanted = "imap_quota = yes",
	  .why = "Mail programs show quotas." },
	{ DOVECOT("sieve", PLACE_BLOCK), WARNING, .join = JOIN_ADD,
	  .when = ON_DOVECOT_23 | ON_SIEVE, .name = "protocol lmtp",
	  .wanted = "mail_plugins = $mail_plugins sieve",
	  .why = "Deliveries obey the user's Sieve rules." },
	{ DOVECOT("sieve", PLACE_BLOCK), WARNING,
	  .when = ON_DOVECOT_24 | ON_SIEVE,
	  .name = "protocol lmtp|mail_plugins", .wanted = "sieve = yes",
	  .why = "Deliveries obey the user's Sieve rules." },
	LISTENER("lmtp_socket", "lmtp", "dovecot-lmtp",
	    "Postfix hands mail to Dovecot by this socket."),
	LISTENER("sasl_socket", "auth", "auth",
	    "Postfix asks Dovecot about logins by this socket."),
	{ DOVECOT("quota_socket", PLACE_BLOCK), WARNING, .when = ON_QUOTA,
	  .name = "service quota-status",
	  .wanted = "executable = quota-status -p postfix\n"
	    "client_limit = 1",
	  .why = "Postfix asks Dovecot about full mailboxes." },
	{ DOVECOT("quota_socket", PLACE_BLOCK), WARNING, .when = ON_QUOTA,
	  .name = "service quota-status|unix_listener "
	    "@queue@/private/quota-status",
	  .wanted = "mode = 0600\nuser = postfix",
	  .why = "Postfix asks Dovecot about full mailboxes." },
	{ PROBE("dovecot_configuration", DAEMON_DOVECOT, dovecot_readable),
	  ERROR, .why = "Dovecot accepts its configuration.",
	  .hint = "mailcfg setup dovecot" },
	{ PROBE("later_settings", DAEMON_DOVECOT, local_overrides), WARNING,
	  .why = "Nothing read later overrides these settings.",
	  .hint = "remove the setting from /etc/dovecot/local.conf" },
	{ PROBE("dovecot_running", DAEMON_DOVECOT, dovecot_running), ERROR,
	  .why = "Dovecot is running.", .hint = "start Dovecot" },
	{ PROBE("same_answers", DAEMON_SYSTEM, sample), ERROR,
	  .why = "The daemons find what the database holds.",
	  .hint = "mailcfg setup" },
};

const size_t nrequirements = COUNT(requirements);
