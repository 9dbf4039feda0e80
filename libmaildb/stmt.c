/* Generated from sql/ by genstmt.awk: edit there. */
#include "stmt.h"

static const struct maildb__column in_target_add[] = { { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column out_target_add[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_target_set[] = { { "id", MAILDB_INT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column in_target_find[] = { { "id", MAILDB_INT }, };
static const struct maildb__column out_target_find[] = { { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "source", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_target_find_dest[] = { { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, };
static const struct maildb__column out_target_find_dest[] = { { "id", MAILDB_INT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column in_target_delete[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_target_delete_all[] = { { "address_id", MAILDB_INT }, };
static const struct maildb__column in_target_count[] = { { "address_id", MAILDB_INT }, };
static const struct maildb__column out_target_count[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column in_address_alive[] = { { "id", MAILDB_INT }, };
static const struct maildb__column out_address_alive[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_target_to[] = { { "dest_id", MAILDB_INT }, };
static const struct maildb__column out_target_to[] = { { "id", MAILDB_INT }, { "address_id", MAILDB_INT }, { "source", MAILDB_TEXT }, { "dest", MAILDB_TEXT }, };
static const struct maildb__column in_target_sources[] = { { "dest_id", MAILDB_INT }, };
static const struct maildb__column out_target_sources[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column in_target_akin[] = { { "domain", MAILDB_TEXT }, { "low", MAILDB_TEXT }, { "high", MAILDB_TEXT }, };
static const struct maildb__column out_target_akin[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column in_target_dangling[] = { { "dest", MAILDB_TEXT }, };
static const struct maildb__column out_target_dangling[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column out_target_all_sources[] = { { "address_id", MAILDB_INT }, };
static const struct maildb__column out_target_all_again[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column in_target_list[] = { { "address_id", MAILDB_INT }, };
static const struct maildb__column out_target_list[] = { { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, };
static const struct maildb__column in_dead_sources[] = { { "dest_id", MAILDB_INT }, };
static const struct maildb__column out_dead_sources[] = { { "address", MAILDB_TEXT }, };
static const struct maildb__column out_alias_list[] = { { "id", MAILDB_INT }, { "source", MAILDB_TEXT }, { "destination", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "may_send", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_alias_list_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_alias_list_domain[] = { { "id", MAILDB_INT }, { "source", MAILDB_TEXT }, { "destination", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "may_send", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_alias_get[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_alias_get[] = { { "id", MAILDB_INT }, { "source", MAILDB_TEXT }, { "destination", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "may_send", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_check_pages[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_references[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_schema[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, { "named", MAILDB_TEXT }, };
static const struct maildb__column out_check_wal[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_final[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_link[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_spelling[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_domain[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_dest[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_dest_case[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_setting[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_dead[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_off[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_catchall[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_role[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_admin[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_admin_gone[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_hash[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_password[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_split[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_home[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_quota[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_users[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_check_aliases[] = { { "object", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column in_complete_domain[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_domain[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_address[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_address[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_user[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_user[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_alias[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_alias[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_local_address[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_complete_local_address[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_local_user[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_complete_local_user[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_local_alias[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_complete_local_alias[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_sender[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_sender[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_local_sender[] = { { "first", MAILDB_TEXT }, { "past", MAILDB_TEXT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_complete_local_sender[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_complete_id[] = { { "first", MAILDB_INT }, { "last", MAILDB_INT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_complete_id[] = { { "name", MAILDB_TEXT }, { "what", MAILDB_TEXT }, };
static const struct maildb__column out_copy_is_empty[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column out_copy_read_journal[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_INT }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_TEXT }, { "new", MAILDB_TEXT }, };
static const struct maildb__column in_copy_write_journal[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_INT }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_TEXT }, { "new", MAILDB_TEXT }, };
static const struct maildb__column out_copy_read_setting[] = { { "name", MAILDB_TEXT }, { "value", MAILDB_TEXT }, };
static const struct maildb__column in_copy_write_setting[] = { { "name", MAILDB_TEXT }, { "value", MAILDB_TEXT }, };
static const struct maildb__column out_copy_read_domain[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_INT }, { "is_primary", MAILDB_INT }, { "quota", MAILDB_INT }, { "messages", MAILDB_INT }, { "max_users", MAILDB_INT }, { "max_aliases", MAILDB_INT }, { "max_quota", MAILDB_INT }, { "outside_senders", MAILDB_INT }, { "any_recipient", MAILDB_INT }, { "autoconfig", MAILDB_INT }, { "dkim", MAILDB_INT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_copy_write_domain[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_INT }, { "is_primary", MAILDB_INT }, { "quota", MAILDB_INT }, { "messages", MAILDB_INT }, { "max_users", MAILDB_INT }, { "max_aliases", MAILDB_INT }, { "max_quota", MAILDB_INT }, { "outside_senders", MAILDB_INT }, { "any_recipient", MAILDB_INT }, { "autoconfig", MAILDB_INT }, { "dkim", MAILDB_INT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_copy_read_address[] = { { "id", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_INT }, { "receive", MAILDB_INT }, { "final", MAILDB_INT }, { "internal", MAILDB_INT }, { "valid_from", MAILDB_INT }, { "valid_until", MAILDB_INT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_copy_write_address[] = { { "id", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_INT }, { "receive", MAILDB_INT }, { "final", MAILDB_INT }, { "internal", MAILDB_INT }, { "valid_from", MAILDB_INT }, { "valid_until", MAILDB_INT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_copy_read_mailbox[] = { { "address_id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "quota", MAILDB_INT }, { "messages", MAILDB_INT }, { "send", MAILDB_INT }, { "imap", MAILDB_INT }, { "pop3", MAILDB_INT }, { "sieve", MAILDB_INT }, { "must_change", MAILDB_INT }, { "spam_days", MAILDB_INT }, { "name", MAILDB_TEXT }, { "home", MAILDB_TEXT }, };
static const struct maildb__column in_copy_write_mailbox[] = { { "address_id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "quota", MAILDB_INT }, { "messages", MAILDB_INT }, { "send", MAILDB_INT }, { "imap", MAILDB_INT }, { "pop3", MAILDB_INT }, { "sieve", MAILDB_INT }, { "must_change", MAILDB_INT }, { "spam_days", MAILDB_INT }, { "name", MAILDB_TEXT }, { "home", MAILDB_TEXT }, };
static const struct maildb__column out_copy_read_target[] = { { "id", MAILDB_INT }, { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_INT }, };
static const struct maildb__column in_copy_write_target[] = { { "id", MAILDB_INT }, { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_INT }, };
static const struct maildb__column out_copy_read_sender[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login_id", MAILDB_INT }, };
static const struct maildb__column in_copy_write_sender[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login_id", MAILDB_INT }, };
static const struct maildb__column out_copy_read_last[] = { { "name", MAILDB_TEXT }, { "last", MAILDB_INT }, };
static const struct maildb__column in_copy_write_last[] = { { "name", MAILDB_TEXT }, { "last", MAILDB_INT }, };
static const struct maildb__column out_copy_write_last[] = { { "n", MAILDB_INT }, };
static const struct maildb__column in_domain_find[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_find[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_domain_list[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_domain_list_class[] = { { "class", MAILDB_TEXT }, };
static const struct maildb__column out_domain_list_class[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_domain_add[] = { { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_domain_update[] = { { "id", MAILDB_INT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_domain_unprimary[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_longest[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_longest[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column in_domain_rename[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, };
static const struct maildb__column in_domain_rename_targets[] = { { "old", MAILDB_TEXT }, { "new", MAILDB_TEXT }, };
static const struct maildb__column in_domain_rename_merge[] = { { "old", MAILDB_TEXT }, { "new", MAILDB_TEXT }, };
static const struct maildb__column in_domain_delete[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_delete_targets[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_delete_mailboxes[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_delete_addresses[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_fold[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_dependent[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_dependent[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_domain_alias_domain[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_alias_domain[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_count[] = { { "name", MAILDB_TEXT }, { "final", MAILDB_BOOL }, };
static const struct maildb__column out_domain_count[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column in_domain_quota_sum[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_quota_sum[] = { { "total", MAILDB_SIZE }, { "unlimited", MAILDB_COUNT }, };
static const struct maildb__column out_domain_quota_limited[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_domain_sources[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_domain_sources[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column in_journal_list[] = { { "who", MAILDB_TEXT }, { "since", MAILDB_MSEC }, { "until", MAILDB_MSEC }, { "txn", MAILDB_INT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_journal_list[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_MSEC }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_JSON }, { "new", MAILDB_JSON }, };
static const struct maildb__column in_journal_list_key[] = { { "who", MAILDB_TEXT }, { "since", MAILDB_MSEC }, { "until", MAILDB_MSEC }, { "txn", MAILDB_INT }, { "most", MAILDB_INT }, { "key", MAILDB_TEXT }, };
static const struct maildb__column out_journal_list_key[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_MSEC }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_JSON }, { "new", MAILDB_JSON }, };
static const struct maildb__column in_journal_list_domain[] = { { "who", MAILDB_TEXT }, { "since", MAILDB_MSEC }, { "until", MAILDB_MSEC }, { "txn", MAILDB_INT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_journal_list_domain[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_MSEC }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_JSON }, { "new", MAILDB_JSON }, };
static const struct maildb__column out_journal_pending[] = { { "id", MAILDB_INT }, { "txn", MAILDB_INT }, { "at", MAILDB_MSEC }, { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, { "object", MAILDB_TEXT }, { "key", MAILDB_TEXT }, { "op", MAILDB_TEXT }, { "old", MAILDB_JSON }, { "new", MAILDB_JSON }, };
static const struct maildb__column in_map_virtual_mailbox_domains[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_map_virtual_mailbox_domains[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column in_map_virtual_mailbox_maps[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_virtual_mailbox_maps[] = { { "address", MAILDB_TEXT }, };
static const struct maildb__column in_map_virtual_alias_maps[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_virtual_alias_maps[] = { { "destination", MAILDB_TEXT }, };
static const struct maildb__column in_map_virtual_alias_far[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_virtual_alias_far[] = { { "destination", MAILDB_TEXT }, };
static const struct maildb__column in_map_virtual_alias_catchall[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_map_virtual_alias_catchall[] = { { "destination", MAILDB_TEXT }, };
static const struct maildb__column in_map_relay_domains[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_map_relay_domains[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column in_map_relay_recipient_maps[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_relay_recipient_maps[] = { { "address", MAILDB_TEXT }, };
static const struct maildb__column in_map_relay_recipient_any[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_map_relay_recipient_any[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column in_map_recipient_access[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_recipient_access[] = { { "action", MAILDB_TEXT }, };
static const struct maildb__column in_map_sender_access[] = { { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_sender_access[] = { { "action", MAILDB_TEXT }, };
static const struct maildb__column in_map_smtpd_sender_login_maps[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_map_smtpd_sender_login_maps[] = { { "login", MAILDB_TEXT }, };
static const struct maildb__column in_map_sender_login_any[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_map_sender_login_any[] = { { "login", MAILDB_TEXT }, };
static const struct maildb__column in_map_passdb[] = { { "n", MAILDB_TEXT }, { "d", MAILDB_TEXT }, { "service", MAILDB_TEXT }, };
static const struct maildb__column out_map_passdb[] = { { "user", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "userdb_uid", MAILDB_INT }, { "userdb_gid", MAILDB_INT }, { "userdb_home", MAILDB_TEXT }, { "userdb_quota_rule", MAILDB_TEXT }, };
static const struct maildb__column in_map_userdb[] = { { "n", MAILDB_TEXT }, { "d", MAILDB_TEXT }, { "service", MAILDB_TEXT }, };
static const struct maildb__column out_map_userdb[] = { { "uid", MAILDB_INT }, { "gid", MAILDB_INT }, { "home", MAILDB_TEXT }, { "quota_rule", MAILDB_TEXT }, };
static const struct maildb__column out_map_iterate[] = { { "user", MAILDB_TEXT }, };
static const struct maildb__column in_map_passdb24[] = { { "n", MAILDB_TEXT }, { "d", MAILDB_TEXT }, { "service", MAILDB_TEXT }, };
static const struct maildb__column out_map_passdb24[] = { { "user", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "userdb_uid", MAILDB_INT }, { "userdb_gid", MAILDB_INT }, { "userdb_home", MAILDB_TEXT }, { "userdb_quota_storage_size", MAILDB_TEXT }, { "userdb_quota_message_count", MAILDB_COUNT }, };
static const struct maildb__column in_map_userdb24[] = { { "n", MAILDB_TEXT }, { "d", MAILDB_TEXT }, { "service", MAILDB_TEXT }, };
static const struct maildb__column out_map_userdb24[] = { { "uid", MAILDB_INT }, { "gid", MAILDB_INT }, { "home", MAILDB_TEXT }, { "quota_storage_size", MAILDB_TEXT }, { "quota_message_count", MAILDB_COUNT }, };
static const struct maildb__column in_trace_alias[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_trace_alias[] = { { "destination", MAILDB_TEXT }, { "id", MAILDB_INT }, };
static const struct maildb__column in_trace_alias_far[] = { { "u", MAILDB_TEXT }, { "d", MAILDB_TEXT }, };
static const struct maildb__column out_trace_alias_far[] = { { "destination", MAILDB_TEXT }, { "id", MAILDB_INT }, { "found", MAILDB_TEXT }, };
static const struct maildb__column in_trace_catchall[] = { { "s", MAILDB_TEXT }, };
static const struct maildb__column out_trace_catchall[] = { { "destination", MAILDB_TEXT }, { "id", MAILDB_INT }, };
static const struct maildb__column out_perl_file[] = { { "application", MAILDB_INT }, { "known", MAILDB_BOOL }, { "other", MAILDB_TEXT }, { "counted", MAILDB_BOOL }, };
static const struct maildb__column out_perl_domains[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, };
static const struct maildb__column out_perl_users[] = { { "id", MAILDB_INT }, { "email", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "active", MAILDB_BOOL }, };
static const struct maildb__column out_perl_aliases[] = { { "id", MAILDB_INT }, { "src", MAILDB_TEXT }, { "dst", MAILDB_TEXT }, };
static const struct maildb__column in_perl_last_id[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_perl_last_id[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_perl_keep_id[] = { { "name", MAILDB_TEXT }, { "id", MAILDB_INT }, };
static const struct maildb__column in_perl_add_domain[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "uname", MAILDB_TEXT }, };
static const struct maildb__column in_perl_add_address[] = { { "id", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, };
static const struct maildb__column out_perl_add_address[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_perl_add_mailbox[] = { { "id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "home", MAILDB_TEXT }, };
static const struct maildb__column in_perl_add_target[] = { { "id", MAILDB_INT }, { "address_id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column out_roles_state[] = { { "state", MAILDB_TEXT }, };
static const struct maildb__column out_roles_missing[] = { { "role", MAILDB_TEXT }, };
static const struct maildb__column in_sender_add[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login_id", MAILDB_INT }, };
static const struct maildb__column in_sender_delete[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login_id", MAILDB_INT }, };
static const struct maildb__column in_sender_delete_all[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_sender_ending[] = { { "id", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_sender_ending[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login_id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "login", MAILDB_TEXT }, };
static const struct maildb__column out_sender_list[] = { { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login", MAILDB_TEXT }, };
static const struct maildb__column in_sender_list_address[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_sender_list_address[] = { { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login", MAILDB_TEXT }, };
static const struct maildb__column in_address_kinds[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_address_kinds[] = { { "user", MAILDB_BOOL }, { "recipient", MAILDB_BOOL }, { "alias", MAILDB_BOOL }, { "sender", MAILDB_BOOL }, };
static const struct maildb__column in_setting_get[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_setting_get[] = { { "value", MAILDB_TEXT }, };
static const struct maildb__column in_setting_put[] = { { "name", MAILDB_TEXT }, { "value", MAILDB_TEXT }, };
static const struct maildb__column in_setting_delete[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_stage_setting[] = { { "name", MAILDB_TEXT }, { "value", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_setting_get[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_stage_setting_get[] = { { "value", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_domain[] = { { "name", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, { "n", MAILDB_INT }, { "rank", MAILDB_INT }, };
static const struct maildb__column in_stage_user[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "replaces", MAILDB_BOOL }, { "pending", MAILDB_BOOL }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, { "n", MAILDB_INT }, { "rank", MAILDB_INT }, };
static const struct maildb__column in_stage_hash[] = { { "n", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "password", MAILDB_TEXT }, };
static const struct maildb__column in_stage_alias[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, { "recipient", MAILDB_BOOL }, { "exact", MAILDB_BOOL }, { "has_fields", MAILDB_BOOL }, { "of_user", MAILDB_BOOL }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_target[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, { "wide", MAILDB_BOOL }, { "seq", MAILDB_INT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, { "n", MAILDB_INT }, { "rank", MAILDB_INT }, };
static const struct maildb__column in_stage_sender[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_scope[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_stage_find_address[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_stage_find_address[] = { { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_find_sender[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_stage_find_sender[] = { { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column in_stage_find_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_stage_find_domain[] = { { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "col", MAILDB_INT }, };
static const struct maildb__column out_stage_twice_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, };
static const struct maildb__column out_stage_twice_user[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, };
static const struct maildb__column out_stage_twice_alias[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, };
static const struct maildb__column out_stage_twice_sender[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, };
static const struct maildb__column out_stage_bad_class[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_primary[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_user[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_recipient[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_login[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_fields[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_no_target[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_to_itself[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_bad_dest[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_stage_utf8_dest[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_todo_bad_window[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_todo_unhashed[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_todo_still_wanted[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_todo_login_gone[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "detail", MAILDB_TEXT }, };
static const struct maildb__column out_todo_sender_bare[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_todo_domain_get[] = { { "n", MAILDB_INT }, };
static const struct maildb__column out_todo_domain_get[] = { { "id", MAILDB_INT }, { "name", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_todo_users[] = { { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "must_change", MAILDB_BOOL }, };
static const struct maildb__column in_todo_aliases[] = { { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, };
static const struct maildb__column in_todo_removals[] = { { "aliases", MAILDB_BOOL }, { "users", MAILDB_BOOL }, { "domains", MAILDB_BOOL }, };
static const struct maildb__column in_todo_user_with[] = { { "octet", MAILDB_TEXT }, };
static const struct maildb__column out_todo_user_with[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_todo_removal_get[] = { { "n", MAILDB_INT }, };
static const struct maildb__column out_todo_removal_get[] = { { "kind", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_todo_census[] = { { "domains", MAILDB_COUNT }, { "users", MAILDB_COUNT }, { "aliases", MAILDB_COUNT }, { "recipients", MAILDB_COUNT }, { "senders", MAILDB_COUNT }, };
static const struct maildb__column out_todo_census_scope[] = { { "domains", MAILDB_COUNT }, { "users", MAILDB_COUNT }, { "aliases", MAILDB_COUNT }, { "recipients", MAILDB_COUNT }, { "senders", MAILDB_COUNT }, };
static const struct maildb__column in_todo_remove_senders[] = { { "gone", MAILDB_INT }, };
static const struct maildb__column out_todo_suspects[] = { { "address_id", MAILDB_INT }, };
static const struct maildb__column out_todo_outside[] = { { "domain", MAILDB_TEXT }, { "dest", MAILDB_TEXT }, };
static const struct maildb__column out_todo_limited[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column out_todo_count_users[] = { { "added", MAILDB_COUNT }, { "changed", MAILDB_COUNT }, };
static const struct maildb__column out_todo_newest[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_todo_count_aliases[] = { { "newest", MAILDB_INT }, };
static const struct maildb__column out_todo_count_aliases[] = { { "added", MAILDB_COUNT }, { "changed", MAILDB_COUNT }, { "recipients", MAILDB_COUNT }, };
static const struct maildb__column out_export_users[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column in_export_users_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_export_users_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column out_export_aliases[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column in_export_aliases_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_export_aliases_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column out_export_recipients[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column in_export_recipients_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_export_recipients_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, };
static const struct maildb__column out_export_senders[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login", MAILDB_TEXT }, };
static const struct maildb__column in_export_senders_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_export_senders_domain[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "login", MAILDB_TEXT }, };
static const struct maildb__column in_late_refuse[] = { { "rank", MAILDB_INT }, { "n", MAILDB_INT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "message", MAILDB_TEXT }, { "hint", MAILDB_TEXT }, };
static const struct maildb__column in_late_users[] = { { "create", MAILDB_BOOL }, };
static const struct maildb__column in_late_lists[] = { { "create", MAILDB_BOOL }, };
static const struct maildb__column in_late_aliases[] = { { "create", MAILDB_BOOL }, };
static const struct maildb__column out_late_count[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column out_late_added[] = { { "n", MAILDB_COUNT }, };
static const struct maildb__column in_late_next[] = { { "rank", MAILDB_INT }, { "n", MAILDB_INT }, };
static const struct maildb__column out_late_next[] = { { "n", MAILDB_INT }, { "file", MAILDB_INT }, { "line", MAILDB_INT }, { "message", MAILDB_TEXT }, { "hint", MAILDB_TEXT }, };
static const struct maildb__column in_late_done[] = { { "n", MAILDB_INT }, };
static const struct maildb__column in_late_domain_get[] = { { "n", MAILDB_INT }, };
static const struct maildb__column out_late_domain_get[] = { { "name", MAILDB_TEXT }, { "class", MAILDB_TEXT }, { "target", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "primary", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "max_users", MAILDB_COUNT }, { "max_aliases", MAILDB_COUNT }, { "max_quota", MAILDB_SIZE }, { "outside_senders", MAILDB_BOOL }, { "any_recipient", MAILDB_BOOL }, { "autoconfig", MAILDB_BOOL }, { "dkim", MAILDB_BOOL }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_late_user_get[] = { { "n", MAILDB_INT }, };
static const struct maildb__column out_late_user_get[] = { { "address", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, { "password", MAILDB_TEXT }, { "pending", MAILDB_BOOL }, };
static const struct maildb__column in_late_target_get[] = { { "n", MAILDB_INT }, { "seq", MAILDB_INT }, };
static const struct maildb__column out_late_target_get[] = { { "source", MAILDB_TEXT }, { "dest", MAILDB_TEXT }, { "may_send", MAILDB_BOOL }, { "seq", MAILDB_INT }, };
static const struct maildb__column in_suggest_domain[] = { { "name", MAILDB_TEXT }, { "most", MAILDB_INT }, };
static const struct maildb__column out_suggest_domain[] = { { "name", MAILDB_TEXT }, };
static const struct maildb__column in_suggest_address[] = { { "localpart", MAILDB_TEXT }, { "most", MAILDB_INT }, { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_suggest_address[] = { { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_session_fill[] = { { "who", MAILDB_TEXT }, { "via", MAILDB_TEXT }, };
static const struct maildb__column in_address_find[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_address_find[] = { { "id", MAILDB_INT }, { "final", MAILDB_BOOL }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_address_text[] = { { "id", MAILDB_INT }, };
static const struct maildb__column out_address_text[] = { { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "final", MAILDB_BOOL }, };
static const struct maildb__column in_address_heirs[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "plain", MAILDB_TEXT }, };
static const struct maildb__column out_address_heirs[] = { { "address_id", MAILDB_INT }, { "target_id", MAILDB_INT }, };
static const struct maildb__column in_address_add[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_address_add[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_address_update[] = { { "id", MAILDB_INT }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_address_rename_merge[] = { { "id", MAILDB_INT }, { "dest", MAILDB_TEXT }, };
static const struct maildb__column in_address_rename[] = { { "id", MAILDB_INT }, { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column in_address_delete[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_user_add[] = { { "id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "name", MAILDB_TEXT }, { "home", MAILDB_TEXT }, };
static const struct maildb__column in_user_update[] = { { "id", MAILDB_INT }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "name", MAILDB_TEXT }, { "home", MAILDB_TEXT }, };
static const struct maildb__column in_user_delete[] = { { "id", MAILDB_INT }, };
static const struct maildb__column in_user_password[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_user_password[] = { { "id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "active", MAILDB_BOOL }, };
static const struct maildb__column out_user_kinds[] = { { "password", MAILDB_TEXT }, { "n", MAILDB_INT }, };
static const struct maildb__column in_user_set_password[] = { { "id", MAILDB_INT }, { "password", MAILDB_TEXT }, };
static const struct maildb__column in_user_change_password[] = { { "id", MAILDB_INT }, { "password", MAILDB_TEXT }, { "old", MAILDB_TEXT }, };
static const struct maildb__column in_user_get[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_user_get[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "active", MAILDB_BOOL }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "scheme", MAILDB_TEXT }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_user_list[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "active", MAILDB_BOOL }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "scheme", MAILDB_TEXT }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_user_list_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_user_list_domain[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "name", MAILDB_TEXT }, { "active", MAILDB_BOOL }, { "enabled", MAILDB_BOOL }, { "receive", MAILDB_BOOL }, { "send", MAILDB_BOOL }, { "imap", MAILDB_BOOL }, { "pop3", MAILDB_BOOL }, { "sieve", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "quota", MAILDB_SIZE }, { "messages", MAILDB_COUNT }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "scheme", MAILDB_TEXT }, { "must_change", MAILDB_BOOL }, { "spam_days", MAILDB_COUNT }, { "home", MAILDB_TEXT }, { "note", MAILDB_TEXT }, };
static const struct maildb__column out_quota_list[] = { { "address", MAILDB_TEXT }, { "quota", MAILDB_SIZE }, { "quota_from", MAILDB_TEXT }, { "messages", MAILDB_COUNT }, { "messages_from", MAILDB_TEXT }, };
static const struct maildb__column in_quota_list_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_quota_list_domain[] = { { "address", MAILDB_TEXT }, { "quota", MAILDB_SIZE }, { "quota_from", MAILDB_TEXT }, { "messages", MAILDB_COUNT }, { "messages_from", MAILDB_TEXT }, };
static const struct maildb__column in_user_with[] = { { "octet", MAILDB_TEXT }, };
static const struct maildb__column out_user_with[] = { { "address", MAILDB_TEXT }, };
static const struct maildb__column in_recipient_add[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_recipient_list[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_recipient_list_domain[] = { { "domain", MAILDB_TEXT }, };
static const struct maildb__column out_recipient_list_domain[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };
static const struct maildb__column in_recipient_get[] = { { "domain", MAILDB_TEXT }, { "localpart", MAILDB_TEXT }, };
static const struct maildb__column out_recipient_get[] = { { "id", MAILDB_INT }, { "address", MAILDB_TEXT }, { "domain", MAILDB_TEXT }, { "enabled", MAILDB_BOOL }, { "internal", MAILDB_BOOL }, { "valid_from", MAILDB_TIME }, { "valid_until", MAILDB_TIME }, { "note", MAILDB_TEXT }, };

const struct maildb__stmt maildb__stmts[MAILDB__STMTS] = {
	[STMT_TARGET_ADD] = {
		.name = "target_add",
		.in = in_target_add, .nin = 3,
		.out = out_target_add, .nout = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO target (address_id, dest, may_send) VALUES ($1, $2, $3)\n"
	    "RETURNING id",
		    [MAILDB__PGSQL] = "INSERT INTO target (address_id, dest, may_send) VALUES ($1, $2, $3)\n"
	    "RETURNING id",
		},
	},
	[STMT_TARGET_SET] = {
		.name = "target_set",
		.in = in_target_set, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE target SET may_send = $2 WHERE id = $1",
		    [MAILDB__PGSQL] = "UPDATE target SET may_send = $2 WHERE id = $1",
		},
	},
	[STMT_TARGET_FIND] = {
		.name = "target_find",
		.in = in_target_find, .nin = 1,
		.out = out_target_find, .nout = 5,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id, t.dest, a.localpart || '@' || a.domain AS source, a.domain,\n"
	    "  a.localpart\n"
	    "FROM target t JOIN address a ON a.id = t.address_id WHERE t.id = $1",
		    [MAILDB__PGSQL] = "SELECT t.address_id, t.dest, a.localpart || '@' || a.domain AS source, a.domain,\n"
	    "  a.localpart\n"
	    "FROM target t JOIN address a ON a.id = t.address_id WHERE t.id = $1",
		},
	},
	[STMT_TARGET_FIND_DEST] = {
		.name = "target_find_dest",
		.in = in_target_find_dest, .nin = 2,
		.out = out_target_find_dest, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, may_send FROM target\n"
	    "WHERE address_id = $1 AND lower(dest) = lower($2)",
		    [MAILDB__PGSQL] = "SELECT id, may_send FROM target\n"
	    "WHERE address_id = $1 AND lower(dest) = lower($2)",
		},
	},
	[STMT_TARGET_DELETE] = {
		.name = "target_delete",
		.in = in_target_delete, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target WHERE id = $1",
		    [MAILDB__PGSQL] = "DELETE FROM target WHERE id = $1",
		},
	},
	[STMT_TARGET_DELETE_ALL] = {
		.name = "target_delete_all",
		.in = in_target_delete_all, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target WHERE address_id = $1",
		    [MAILDB__PGSQL] = "DELETE FROM target WHERE address_id = $1",
		},
	},
	[STMT_TARGET_COUNT] = {
		.name = "target_count",
		.in = in_target_count, .nin = 1,
		.out = out_target_count, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT count(*) AS n FROM target WHERE address_id = $1",
		    [MAILDB__PGSQL] = "SELECT count(*) AS n FROM target WHERE address_id = $1",
		},
	},
	[STMT_ADDRESS_ALIVE] = {
		.name = "address_alive",
		.in = in_address_alive, .nin = 1,
		.out = out_address_alive, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id FROM address a WHERE a.id = $1 AND (a.final = 1\n"
	    "  OR EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id))",
		    [MAILDB__PGSQL] = "SELECT a.id FROM address a WHERE a.id = $1 AND (a.final = 1\n"
	    "  OR EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id))",
		},
	},
	[STMT_TARGET_TO] = {
		.name = "target_to",
		.in = in_target_to, .nin = 1,
		.out = out_target_to, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.id, t.address_id, a.localpart || '@' || a.domain AS source, t.dest\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.dest_id = $1 AND t.address_id <> $1 ORDER BY t.id LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.id, t.address_id, a.localpart || '@' || a.domain AS source, t.dest\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.dest_id = $1 AND t.address_id <> $1 ORDER BY t.id LIMIT 1",
		},
	},
	[STMT_TARGET_SOURCES] = {
		.name = "target_sources",
		.in = in_target_sources, .nin = 1,
		.out = out_target_sources, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id, -1 AS target_id FROM target t\n"
	    "WHERE t.dest_id = $1 AND t.address_id <> $1",
		    [MAILDB__PGSQL] = "SELECT t.address_id, -1 AS target_id FROM target t\n"
	    "WHERE t.dest_id = $1 AND t.address_id <> $1",
		},
	},
	[STMT_TARGET_AKIN] = {
		.name = "target_akin",
		.in = in_target_akin, .nin = 3,
		.out = out_target_akin, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id, -1 AS target_id FROM address p\n"
	    "  JOIN target t ON t.dest_id = p.id\n"
	    "WHERE p.localpart || '@' || p.domain >= $2\n"
	    "  AND p.localpart || '@' || p.domain < $3\n"
	    "  AND ($1 IN (p.domain, '*') OR EXISTS (SELECT 1 FROM domain d\n"
	    "    WHERE d.name = p.domain AND d.target = $1))\n"
	    "UNION ALL SELECT t.address_id, -1 FROM target t\n"
	    "WHERE t.dest_id IS NULL AND t.dest >= $2 AND t.dest < $3\n"
	    "  AND EXISTS (SELECT 1 FROM domain d\n"
	    "    WHERE d.name = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND $1 IN (d.name, d.target, '*'))",
		    [MAILDB__PGSQL] = "SELECT t.address_id, -1 AS target_id FROM address p\n"
	    "  JOIN target t ON t.dest_id = p.id\n"
	    "WHERE p.localpart || '@' || p.domain >= $2\n"
	    "  AND p.localpart || '@' || p.domain < $3\n"
	    "  AND ($1 IN (p.domain, '*') OR EXISTS (SELECT 1 FROM domain d\n"
	    "    WHERE d.name = p.domain AND d.target = $1))\n"
	    "UNION ALL SELECT t.address_id, -1 FROM target t\n"
	    "WHERE t.dest_id IS NULL AND t.dest >= $2 AND t.dest < $3\n"
	    "  AND EXISTS (SELECT 1 FROM domain d\n"
	    "    WHERE d.name = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND $1 IN (d.name, d.target, '*'))",
		},
	},
	[STMT_TARGET_DANGLING] = {
		.name = "target_dangling",
		.in = in_target_dangling, .nin = 1,
		.out = out_target_dangling, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id, t.id AS target_id FROM target t\n"
	    "WHERE t.dest = $1 AND t.dest_id IS NULL",
		    [MAILDB__PGSQL] = "SELECT t.address_id, t.id AS target_id FROM target t\n"
	    "WHERE t.dest = $1 AND t.dest_id IS NULL",
		},
	},
	[STMT_TARGET_ALL_SOURCES] = {
		.name = "target_all_sources",
		.out = out_target_all_sources, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT DISTINCT address_id FROM target ORDER BY address_id",
		    [MAILDB__PGSQL] = "SELECT DISTINCT address_id FROM target ORDER BY address_id",
		},
	},
	[STMT_TARGET_ALL_AGAIN] = {
		.name = "target_all_again",
		.out = out_target_all_again, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT DISTINCT address_id, -1 AS target_id FROM target\n"
	    "ORDER BY address_id",
		    [MAILDB__PGSQL] = "SELECT DISTINCT address_id, -1 AS target_id FROM target\n"
	    "ORDER BY address_id",
		},
	},
	[STMT_TARGET_LIST] = {
		.name = "target_list",
		.in = in_target_list, .nin = 1,
		.out = out_target_list, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, dest FROM target WHERE address_id = $1 ORDER BY lower(dest)",
		    [MAILDB__PGSQL] = "SELECT id, dest FROM target WHERE address_id = $1 ORDER BY lower(dest)",
		},
	},
	[STMT_DEAD_SOURCES] = {
		.name = "dead_sources",
		.in = in_dead_sources, .nin = 1,
		.out = out_dead_sources, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS address\n"
	    "FROM target s JOIN address a ON a.id = s.address_id\n"
	    "WHERE s.dest_id = $1 AND a.final = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id\n"
	    "    AND NOT EXISTS (SELECT 1 FROM address o\n"
	    "      JOIN domain od ON od.name = o.domain WHERE o.id = t.dest_id\n"
	    "      AND NOT (od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "        AND unixepoch() BETWEEN o.valid_from AND o.valid_until)))",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS address\n"
	    "FROM target s JOIN address a ON a.id = s.address_id\n"
	    "WHERE s.dest_id = $1 AND a.final = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id\n"
	    "    AND NOT EXISTS (SELECT 1 FROM address o\n"
	    "      JOIN domain od ON od.name = o.domain WHERE o.id = t.dest_id\n"
	    "      AND NOT (od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "        AND unixepoch() BETWEEN o.valid_from AND o.valid_until)))",
		},
	},
	[STMT_ALIAS_LIST] = {
		.name = "alias_list",
		.out = out_alias_list, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_ALIAS_LIST_DOMAIN] = {
		.name = "alias_list_domain",
		.in = in_alias_list_domain, .nin = 1,
		.out = out_alias_list_domain, .nout = 10,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_ALIAS_GET] = {
		.name = "alias_get",
		.in = in_alias_get, .nin = 2,
		.out = out_alias_get, .nout = 10,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 AND a.localpart = $2 ORDER BY lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT t.id, a.localpart || '@' || a.domain AS source, t.dest AS destination,\n"
	    "  a.domain, a.enabled, t.may_send, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 AND a.localpart = $2 ORDER BY lower(t.dest)",
		},
	},
	[STMT_CHECK_PAGES] = {
		.name = "check_pages",
		.out = out_check_pages, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT 'database' AS object, quick_check AS detail FROM pragma_quick_check\n"
	    "WHERE quick_check <> 'ok'",
		},
	},
	[STMT_CHECK_REFERENCES] = {
		.name = "check_references",
		.out = out_check_references, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT \"table\" || ' ' || coalesce(rowid, '') AS object, parent AS detail\n"
	    "FROM pragma_foreign_key_check",
		},
	},
	[STMT_CHECK_SCHEMA] = {
		.name = "check_schema",
		.out = out_check_schema, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT type || ' ' || name AS object, sql AS detail,\n"
	    "  CASE type WHEN 'view' THEN 'CREATE VIEW ' || name || ' ' END AS named\n"
	    "FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY 1",
		    [MAILDB__PGSQL] = "SELECT 'trigger ' || t.tgname || ' on ' || c.relname AS object,\n"
	    "  CASE WHEN t.tgenabled = 'O' AND f.pronamespace = c.relnamespace\n"
	    "    THEN 'CREATE TRIGGER ' || t.tgname ELSE 'none of ours' END AS detail,\n"
	    "  NULL AS named\n"
	    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid\n"
	    "  JOIN pg_proc f ON f.oid = t.tgfoid\n"
	    "WHERE c.relnamespace = 'maildb'::regnamespace AND NOT t.tgisinternal\n"
	    "UNION ALL\n"
	    "SELECT 'function ' || proname, prosrc, NULL FROM pg_proc\n"
	    "WHERE pronamespace = 'maildb'::regnamespace\n"
	    "UNION ALL\n"
	    "SELECT 'rule ' || r.rulename || ' on ' || c.relname, 'none of ours', NULL\n"
	    "FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class\n"
	    "WHERE c.relnamespace = 'maildb'::regnamespace AND r.rulename <> '_RETURN'\n"
	    "ORDER BY 1",
		},
	},
	[STMT_CHECK_WAL] = {
		.name = "check_wal",
		.out = out_check_wal, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT 'database' AS object, journal_mode AS detail FROM pragma_journal_mode\n"
	    "WHERE journal_mode <> 'wal'",
		},
	},
	[STMT_CHECK_FINAL] = {
		.name = "check_final",
		.out = out_check_final, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object,\n"
	    "  CASE WHEN m.address_id IS NULL THEN 'no' ELSE 'a' END AS detail\n"
	    "FROM address a JOIN domain d ON d.name = a.domain\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1 AND d.class <> 'relay'\n"
	    "  OR m.address_id IS NOT NULL AND (a.final = 0 OR d.class <> 'mailbox')",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object,\n"
	    "  CASE WHEN m.address_id IS NULL THEN 'no' ELSE 'a' END AS detail\n"
	    "FROM address a JOIN domain d ON d.name = a.domain\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1 AND d.class <> 'relay'\n"
	    "  OR m.address_id IS NOT NULL AND (a.final = 0 OR d.class <> 'mailbox')",
		},
	},
	[STMT_CHECK_LINK] = {
		.name = "check_link",
		.out = out_check_link, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "  LEFT JOIN address o ON o.id = t.dest_id\n"
	    "WHERE o.localpart || '@' || o.domain <> t.dest\n"
	    "  OR t.dest_id IS NULL AND EXISTS (SELECT 1 FROM address b\n"
	    "    WHERE b.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND b.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "  LEFT JOIN address o ON o.id = t.dest_id\n"
	    "WHERE o.localpart || '@' || o.domain <> t.dest\n"
	    "  OR t.dest_id IS NULL AND EXISTS (SELECT 1 FROM address b\n"
	    "    WHERE b.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND b.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))",
		},
	},
	[STMT_CHECK_SPELLING] = {
		.name = "check_spelling",
		.out = out_check_spelling, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT n.domain AS object, n.name AS detail\n"
	    "FROM domain_name n JOIN domain d ON d.name = n.domain\n"
	    "WHERE n.name <> d.name AND n.name <> coalesce(d.uname, d.name)\n"
	    "UNION ALL SELECT s.name AS object, s.spelling AS detail\n"
	    "FROM (SELECT name, name AS spelling FROM domain\n"
	    "  UNION ALL SELECT name, uname FROM domain WHERE uname IS NOT NULL) AS s\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "  WHERE n.name = s.spelling AND n.domain = s.name)",
		    [MAILDB__PGSQL] = "SELECT n.domain AS object, n.name AS detail\n"
	    "FROM domain_name n JOIN domain d ON d.name = n.domain\n"
	    "WHERE n.name <> d.name AND n.name <> coalesce(d.uname, d.name)\n"
	    "UNION ALL SELECT s.name AS object, s.spelling AS detail\n"
	    "FROM (SELECT name, name AS spelling FROM domain\n"
	    "  UNION ALL SELECT name, uname FROM domain WHERE uname IS NOT NULL) AS s\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "  WHERE n.name = s.spelling AND n.domain = s.name)",
		},
	},
	[STMT_CHECK_DOMAIN] = {
		.name = "check_domain",
		.out = out_check_domain, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name AS object, coalesce(uname, name) AS detail FROM domain\n"
	    "WHERE class <> 'wildcard'",
		    [MAILDB__PGSQL] = "SELECT name AS object, coalesce(uname, name) AS detail FROM domain\n"
	    "WHERE class <> 'wildcard'",
		},
	},
	[STMT_CHECK_DEST] = {
		.name = "check_dest",
		.out = out_check_dest, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id",
		},
	},
	[STMT_CHECK_DEST_CASE] = {
		.name = "check_dest_case",
		.out = out_check_dest_case, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.dest <> lower(t.dest) AND EXISTS (SELECT 1 FROM domain_name n\n"
	    "  WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.dest <> lower(t.dest) AND EXISTS (SELECT 1 FROM domain_name n\n"
	    "  WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))",
		},
	},
	[STMT_CHECK_SETTING] = {
		.name = "check_setting",
		.out = out_check_setting, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name AS object, value AS detail FROM setting\n"
	    "UNION ALL SELECT n.name, NULL FROM (SELECT 'mail_root' AS name\n"
	    "    UNION ALL SELECT 'mail_uid' UNION ALL SELECT 'mail_gid'\n"
	    "    UNION ALL SELECT 'quota' UNION ALL SELECT 'messages') n\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM setting s WHERE s.name = n.name)",
		    [MAILDB__PGSQL] = "SELECT name AS object, value AS detail FROM setting\n"
	    "UNION ALL SELECT n.name, NULL FROM (SELECT 'mail_root' AS name\n"
	    "    UNION ALL SELECT 'mail_uid' UNION ALL SELECT 'mail_gid'\n"
	    "    UNION ALL SELECT 'quota' UNION ALL SELECT 'messages') n\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM setting s WHERE s.name = n.name)",
		},
	},
	[STMT_CHECK_DEAD] = {
		.name = "check_dead",
		.out = out_check_dead, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, NULL AS detail\n"
	    "FROM address a JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.final = 0 AND a.localpart <> '' AND\n"
	    "(d.enabled = 1 AND a.enabled = 1 AND a.receive = 1\n"
	    "  AND unixepoch() BETWEEN a.valid_from AND a.valid_until)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM target t\n"
	    "    WHERE t.address_id = a.id\n"
	    "      AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain\n"
	    "        WHERE o.id = t.dest_id AND NOT\n"
	    "(od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "  AND unixepoch() BETWEEN o.valid_from AND o.valid_until)\n"
	    "    ))",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, NULL AS detail\n"
	    "FROM address a JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.final = 0 AND a.localpart <> '' AND\n"
	    "(d.enabled = 1 AND a.enabled = 1 AND a.receive = 1\n"
	    "  AND unixepoch() BETWEEN a.valid_from AND a.valid_until)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM target t\n"
	    "    WHERE t.address_id = a.id\n"
	    "      AND NOT EXISTS (SELECT 1 FROM address o JOIN domain od ON od.name = o.domain\n"
	    "        WHERE o.id = t.dest_id AND NOT\n"
	    "(od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "  AND unixepoch() BETWEEN o.valid_from AND o.valid_until)\n"
	    "    ))",
		},
	},
	[STMT_CHECK_OFF] = {
		.name = "check_off",
		.out = out_check_off, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "  JOIN address o ON o.id = t.dest_id JOIN domain od ON od.name = o.domain\n"
	    "WHERE o.id <> a.id AND\n"
	    "(d.enabled = 1 AND a.enabled = 1 AND a.receive = 1\n"
	    "  AND unixepoch() BETWEEN a.valid_from AND a.valid_until)\n"
	    "  AND NOT\n"
	    "(od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "  AND unixepoch() BETWEEN o.valid_from AND o.valid_until)",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "  JOIN address o ON o.id = t.dest_id JOIN domain od ON od.name = o.domain\n"
	    "WHERE o.id <> a.id AND\n"
	    "(d.enabled = 1 AND a.enabled = 1 AND a.receive = 1\n"
	    "  AND unixepoch() BETWEEN a.valid_from AND a.valid_until)\n"
	    "  AND NOT\n"
	    "(od.enabled = 1 AND o.enabled = 1 AND o.receive = 1\n"
	    "  AND unixepoch() BETWEEN o.valid_from AND o.valid_until)",
		},
	},
	[STMT_CHECK_CATCHALL] = {
		.name = "check_catchall",
		.out = out_check_catchall, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.localpart = '' AND t.dest_id IS NULL\n"
	    "  AND NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))",
		    [MAILDB__PGSQL] = "SELECT '@' || a.domain AS object, t.dest AS detail\n"
	    "FROM address a JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.localpart = '' AND t.dest_id IS NULL\n"
	    "  AND NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))",
		},
	},
	[STMT_CHECK_ROLE] = {
		.name = "check_role",
		.out = out_check_role, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT r.role || '@' || d.name AS object, r.role AS detail\n"
	    "FROM domain d\n"
	    "  CROSS JOIN (SELECT 'postmaster' AS role UNION ALL SELECT 'abuse') AS r\n"
	    "WHERE d.class = 'mailbox' AND NOT EXISTS (SELECT 1 FROM address a\n"
	    "  WHERE a.domain IN (d.name, '*') AND a.localpart = r.role)",
		    [MAILDB__PGSQL] = "SELECT r.role || '@' || d.name AS object, r.role AS detail\n"
	    "FROM domain d\n"
	    "  CROSS JOIN (SELECT 'postmaster' AS role UNION ALL SELECT 'abuse') AS r\n"
	    "WHERE d.class = 'mailbox' AND NOT EXISTS (SELECT 1 FROM address a\n"
	    "  WHERE a.domain IN (d.name, '*') AND a.localpart = r.role)",
		},
	},
	[STMT_CHECK_ADMIN] = {
		.name = "check_admin",
		.out = out_check_admin, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT 'admin' AS object, NULL AS detail\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'admin')",
		    [MAILDB__PGSQL] = "SELECT 'admin' AS object, NULL AS detail\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'admin')",
		},
	},
	[STMT_CHECK_ADMIN_GONE] = {
		.name = "check_admin_gone",
		.out = out_check_admin_gone, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT 'admin' AS object, s.value AS detail\n"
	    "FROM setting s WHERE s.name = 'admin'\n"
	    "  AND EXISTS (SELECT 1 FROM domain_name n WHERE s.value LIKE '%@' || n.name)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM address a\n"
	    "    WHERE a.localpart || '@' || a.domain = s.value)",
		    [MAILDB__PGSQL] = "SELECT 'admin' AS object, s.value AS detail\n"
	    "FROM setting s WHERE s.name = 'admin'\n"
	    "  AND EXISTS (SELECT 1 FROM domain_name n WHERE s.value LIKE '%@' || n.name)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM address a\n"
	    "    WHERE a.localpart || '@' || a.domain = s.value)",
		},
	},
	[STMT_CHECK_HASH] = {
		.name = "check_hash",
		.out = out_check_hash, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, m.password AS detail\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE m.password IS NOT NULL",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, m.password AS detail\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE m.password IS NOT NULL",
		},
	},
	[STMT_CHECK_PASSWORD] = {
		.name = "check_password",
		.out = out_check_password, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, NULL AS detail\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE m.password IS NULL",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, NULL AS detail\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE m.password IS NULL",
		},
	},
	[STMT_CHECK_SPLIT] = {
		.name = "check_split",
		.out = out_check_split, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS object, s.value AS detail\n"
	    "FROM setting s, mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE s.name = 'recipient_delimiter'",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS object, s.value AS detail\n"
	    "FROM setting s, mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE s.name = 'recipient_delimiter'",
		},
	},
	[STMT_CHECK_HOME] = {
		.name = "check_home",
		.out = out_check_home, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT min(u.address) || ' and ' || max(u.address) AS object, u.home AS detail\n"
	    "FROM (SELECT a.localpart || '@' || a.domain AS address,\n"
	    "    coalesce(m.home, CAST(a.id AS TEXT)) AS home\n"
	    "  FROM mailbox m JOIN address a ON a.id = m.address_id) AS u\n"
	    "GROUP BY u.home HAVING count(*) > 1",
		    [MAILDB__PGSQL] = "SELECT min(u.address) || ' and ' || max(u.address) AS object, u.home AS detail\n"
	    "FROM (SELECT a.localpart || '@' || a.domain AS address,\n"
	    "    coalesce(m.home, CAST(a.id AS TEXT)) AS home\n"
	    "  FROM mailbox m JOIN address a ON a.id = m.address_id) AS u\n"
	    "GROUP BY u.home HAVING count(*) > 1",
		},
	},
	[STMT_CHECK_QUOTA] = {
		.name = "check_quota",
		.out = out_check_quota, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT u.domain AS object, CASE WHEN min(u.quota) = 0 THEN 'no end'\n"
	    "  ELSE CAST(sum(u.quota / 1024) AS TEXT) END AS detail\n"
	    "FROM (SELECT a.domain, d.max_quota, coalesce(m.quota, d.quota,\n"
	    "    (SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'quota')) AS quota\n"
	    "  FROM domain d JOIN address a ON a.domain = d.name\n"
	    "    JOIN mailbox m ON m.address_id = a.id\n"
	    "  WHERE d.max_quota > 0) AS u\n"
	    "GROUP BY u.domain, u.max_quota\n"
	    "HAVING min(u.quota) = 0 OR sum(u.quota / 1024) > u.max_quota / 1024",
		    [MAILDB__PGSQL] = "SELECT u.domain AS object, CASE WHEN min(u.quota) = 0 THEN 'no end'\n"
	    "  ELSE CAST(sum(u.quota / 1024) AS TEXT) END AS detail\n"
	    "FROM (SELECT a.domain, d.max_quota, coalesce(m.quota, d.quota,\n"
	    "    (SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'quota')) AS quota\n"
	    "  FROM domain d JOIN address a ON a.domain = d.name\n"
	    "    JOIN mailbox m ON m.address_id = a.id\n"
	    "  WHERE d.max_quota > 0) AS u\n"
	    "GROUP BY u.domain, u.max_quota\n"
	    "HAVING min(u.quota) = 0 OR sum(u.quota / 1024) > u.max_quota / 1024",
		},
	},
	[STMT_CHECK_USERS] = {
		.name = "check_users",
		.out = out_check_users, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.name AS object, count(*) || ' users, but may have '\n"
	    "  || d.max_users AS detail\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.max_users > 0 AND a.final = 1\n"
	    "GROUP BY d.name, d.max_users HAVING count(*) > d.max_users",
		    [MAILDB__PGSQL] = "SELECT d.name AS object, count(*) || ' users, but may have '\n"
	    "  || d.max_users AS detail\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.max_users > 0 AND a.final = 1\n"
	    "GROUP BY d.name, d.max_users HAVING count(*) > d.max_users",
		},
	},
	[STMT_CHECK_ALIASES] = {
		.name = "check_aliases",
		.out = out_check_aliases, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.name AS object, count(*) || ' aliases, but may have '\n"
	    "  || d.max_aliases AS detail\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.max_aliases > 0 AND a.final = 0\n"
	    "GROUP BY d.name, d.max_aliases HAVING count(*) > d.max_aliases",
		    [MAILDB__PGSQL] = "SELECT d.name AS object, count(*) || ' aliases, but may have '\n"
	    "  || d.max_aliases AS detail\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.max_aliases > 0 AND a.final = 0\n"
	    "GROUP BY d.name, d.max_aliases HAVING count(*) > d.max_aliases",
		},
	},
	[STMT_COMPLETE_DOMAIN] = {
		.name = "complete_domain",
		.in = in_complete_domain, .nin = 3,
		.out = out_complete_domain, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name FROM domain_name\n"
	    "WHERE name >= $1 AND name < $2 AND name <> '*' ORDER BY name LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT name FROM domain_name\n"
	    "WHERE name >= $1 AND name < $2 AND name <> '*' ORDER BY name LIMIT $3",
		},
	},
	[STMT_COMPLETE_ADDRESS] = {
		.name = "complete_address",
		.in = in_complete_address, .nin = 3,
		.out = out_complete_address, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE a.localpart <> '' LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE a.localpart <> '' LIMIT $3",
		},
	},
	[STMT_COMPLETE_USER] = {
		.name = "complete_user",
		.in = in_complete_user, .nin = 3,
		.out = out_complete_user, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE a.final = 1 LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE a.final = 1 LIMIT $3",
		},
	},
	[STMT_COMPLETE_ALIAS] = {
		.name = "complete_alias",
		.in = in_complete_alias, .nin = 3,
		.out = out_complete_alias, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart, localpart || '@' || domain AS name\n"
	    "  FROM address WHERE localpart || '@' || domain >= $1\n"
	    "    AND localpart || '@' || domain < $2\n"
	    "  ORDER BY localpart || '@' || domain LIMIT 5000) AS a\n"
	    "WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3",
		},
	},
	[STMT_COMPLETE_LOCAL_ADDRESS] = {
		.name = "complete_local_address",
		.in = in_complete_local_address, .nin = 4,
		.out = out_complete_local_address, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "LIMIT $3",
		},
	},
	[STMT_COMPLETE_LOCAL_USER] = {
		.name = "complete_local_user",
		.in = in_complete_local_user, .nin = 4,
		.out = out_complete_local_user, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "WHERE a.final = 1 LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "WHERE a.final = 1 LIMIT $3",
		},
	},
	[STMT_COMPLETE_LOCAL_ALIAS] = {
		.name = "complete_local_alias",
		.in = in_complete_local_alias, .nin = 4,
		.out = out_complete_local_alias, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT a.name FROM (SELECT id, final, localpart AS name FROM address\n"
	    "  WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT 5000) AS a\n"
	    "WHERE EXISTS (SELECT 1 FROM target t WHERE t.address_id = a.id) LIMIT $3",
		},
	},
	[STMT_COMPLETE_SENDER] = {
		.name = "complete_sender",
		.in = in_complete_sender, .nin = 3,
		.out = out_complete_sender, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT DISTINCT localpart || '@' || domain AS name FROM sender\n"
	    "WHERE localpart || '@' || domain >= $1 AND localpart || '@' || domain < $2\n"
	    "ORDER BY localpart || '@' || domain LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT DISTINCT localpart || '@' || domain AS name FROM sender\n"
	    "WHERE localpart || '@' || domain >= $1 AND localpart || '@' || domain < $2\n"
	    "ORDER BY localpart || '@' || domain LIMIT $3",
		},
	},
	[STMT_COMPLETE_LOCAL_SENDER] = {
		.name = "complete_local_sender",
		.in = in_complete_local_sender, .nin = 4,
		.out = out_complete_local_sender, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT DISTINCT localpart AS name FROM sender\n"
	    "WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "ORDER BY localpart LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT DISTINCT localpart AS name FROM sender\n"
	    "WHERE domain = $4 AND localpart >= $1 AND localpart < $2 AND localpart <> ''\n"
	    "ORDER BY localpart LIMIT $3",
		},
	},
	[STMT_COMPLETE_ID] = {
		.name = "complete_id",
		.in = in_complete_id, .nin = 3,
		.out = out_complete_id, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT CAST(t.id AS TEXT) AS name,\n"
	    "  a.localpart || '@' || a.domain || ' -> ' || t.dest AS what\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id LIMIT $3",
		    [MAILDB__PGSQL] = "SELECT CAST(t.id AS TEXT) AS name,\n"
	    "  a.localpart || '@' || a.domain || ' -> ' || t.dest AS what\n"
	    "FROM target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE t.id BETWEEN $1 AND $2 ORDER BY t.id LIMIT $3",
		},
	},
	[STMT_COPY_IS_EMPTY] = {
		.name = "copy_is_empty",
		.out = out_copy_is_empty, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT CASE WHEN EXISTS (SELECT 1 FROM domain WHERE id > 0)\n"
	    "  OR EXISTS (SELECT 1 FROM address) OR EXISTS (SELECT 1 FROM journal)\n"
	    "  THEN 0 ELSE 1 END AS n",
		    [MAILDB__PGSQL] = "SELECT CASE WHEN EXISTS (SELECT 1 FROM domain WHERE id > 0)\n"
	    "  OR EXISTS (SELECT 1 FROM address) OR EXISTS (SELECT 1 FROM journal)\n"
	    "  THEN 0 ELSE 1 END AS n",
		},
	},
	[STMT_COPY_READ_JOURNAL] = {
		.name = "copy_read_journal",
		.out = out_copy_read_journal, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal ORDER BY id",
		    [MAILDB__PGSQL] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal ORDER BY id",
		},
	},
	[STMT_COPY_WRITE_JOURNAL] = {
		.name = "copy_write_journal",
		.in = in_copy_write_journal, .nin = 10,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO journal (id, txn, at, who, via, object, key, op, old, new)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		    [MAILDB__PGSQL] = "INSERT INTO journal (id, txn, at, who, via, object, key, op, old, new)\n"
	    "OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		},
	},
	[STMT_COPY_TXN] = {
		.name = "copy_txn",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE session SET txn = coalesce((SELECT max(txn) FROM journal), 0) + 1",
		    [MAILDB__PGSQL] = "SELECT 1",
		},
	},
	[STMT_COPY_READ_SETTING] = {
		.name = "copy_read_setting",
		.out = out_copy_read_setting, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name, value FROM setting ORDER BY name",
		    [MAILDB__PGSQL] = "SELECT name, value FROM setting ORDER BY name",
		},
	},
	[STMT_COPY_WRITE_SETTING] = {
		.name = "copy_write_setting",
		.in = in_copy_write_setting, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO setting (name, value) VALUES ($1, $2)\n"
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value\n"
	    "WHERE setting.value <> excluded.value",
		    [MAILDB__PGSQL] = "INSERT INTO setting (name, value) VALUES ($1, $2)\n"
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value\n"
	    "WHERE setting.value <> excluded.value",
		},
	},
	[STMT_COPY_READ_DOMAIN] = {
		.name = "copy_read_domain",
		.out = out_copy_read_domain, .nout = 17,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, name, uname, class, target, enabled, is_primary, quota, messages,\n"
	    "  max_users, max_aliases, max_quota, outside_senders, any_recipient, autoconfig,\n"
	    "  dkim, note\n"
	    "FROM domain WHERE id > 0 ORDER BY CASE class WHEN 'alias' THEN 1 ELSE 0 END, id",
		    [MAILDB__PGSQL] = "SELECT id, name, uname, class, target, enabled, is_primary, quota, messages,\n"
	    "  max_users, max_aliases, max_quota, outside_senders, any_recipient, autoconfig,\n"
	    "  dkim, note\n"
	    "FROM domain WHERE id > 0 ORDER BY CASE class WHEN 'alias' THEN 1 ELSE 0 END, id",
		},
	},
	[STMT_COPY_WRITE_DOMAIN] = {
		.name = "copy_write_domain",
		.in = in_copy_write_domain, .nin = 17,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO domain (id, name, uname, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17)",
		    [MAILDB__PGSQL] = "INSERT INTO domain (id, name, uname, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17)",
		},
	},
	[STMT_COPY_READ_ADDRESS] = {
		.name = "copy_read_address",
		.out = out_copy_read_address, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, domain, localpart, enabled, receive, final, internal, valid_from,\n"
	    "  valid_until, note\n"
	    "FROM address ORDER BY id",
		    [MAILDB__PGSQL] = "SELECT id, domain, localpart, enabled, receive, final, internal, valid_from,\n"
	    "  valid_until, note\n"
	    "FROM address ORDER BY id",
		},
	},
	[STMT_COPY_WRITE_ADDRESS] = {
		.name = "copy_write_address",
		.in = in_copy_write_address, .nin = 10,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (id, domain, localpart, enabled, receive, final, internal,\n"
	    "  valid_from, valid_until, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		    [MAILDB__PGSQL] = "INSERT INTO address (id, domain, localpart, enabled, receive, final, internal,\n"
	    "  valid_from, valid_until, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		},
	},
	[STMT_COPY_READ_MAILBOX] = {
		.name = "copy_read_mailbox",
		.out = out_copy_read_mailbox, .nout = 12,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address_id, password, quota, messages, send, imap, pop3, sieve,\n"
	    "  must_change, spam_days, name, home\n"
	    "FROM mailbox ORDER BY address_id",
		    [MAILDB__PGSQL] = "SELECT address_id, password, quota, messages, send, imap, pop3, sieve,\n"
	    "  must_change, spam_days, name, home\n"
	    "FROM mailbox ORDER BY address_id",
		},
	},
	[STMT_COPY_WRITE_MAILBOX] = {
		.name = "copy_write_mailbox",
		.in = in_copy_write_mailbox, .nin = 12,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		    [MAILDB__PGSQL] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		},
	},
	[STMT_COPY_READ_TARGET] = {
		.name = "copy_read_target",
		.out = out_copy_read_target, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, address_id, dest, may_send FROM target ORDER BY id",
		    [MAILDB__PGSQL] = "SELECT id, address_id, dest, may_send FROM target ORDER BY id",
		},
	},
	[STMT_COPY_WRITE_TARGET] = {
		.name = "copy_write_target",
		.in = in_copy_write_target, .nin = 4,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO target (id, address_id, dest, may_send)\n"
	    "VALUES ($1, $2, $3, $4)",
		    [MAILDB__PGSQL] = "INSERT INTO target (id, address_id, dest, may_send)\n"
	    "VALUES ($1, $2, $3, $4)",
		},
	},
	[STMT_COPY_READ_SENDER] = {
		.name = "copy_read_sender",
		.out = out_copy_read_sender, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart, login_id FROM sender\n"
	    "ORDER BY domain, localpart, login_id",
		    [MAILDB__PGSQL] = "SELECT domain, localpart, login_id FROM sender\n"
	    "ORDER BY domain, localpart, login_id",
		},
	},
	[STMT_COPY_WRITE_SENDER] = {
		.name = "copy_write_sender",
		.in = in_copy_write_sender, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3)",
		    [MAILDB__PGSQL] = "INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3)",
		},
	},
	[STMT_COPY_READ_LAST] = {
		.name = "copy_read_last",
		.out = out_copy_read_last, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name, seq AS last FROM sqlite_sequence\n"
	    "WHERE name IN ('domain', 'address', 'target', 'journal') ORDER BY name",
		    [MAILDB__PGSQL] = "SELECT s.name, coalesce(pg_sequence_last_value(\n"
	    "  pg_get_serial_sequence('maildb.' || s.name, 'id')::regclass), 0) AS last\n"
	    "FROM (VALUES ('address'), ('domain'), ('journal'), ('target')) AS s (name)",
		},
	},
	[STMT_COPY_WRITE_LAST] = {
		.name = "copy_write_last",
		.in = in_copy_write_last, .nin = 2,
		.out = out_copy_write_last, .nout = 1,
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE sqlite_sequence SET seq = max(seq, $2) WHERE name = $1 RETURNING seq AS n",
		    [MAILDB__PGSQL] = "SELECT setval(s.id::regclass,\n"
	    "    greatest($2, coalesce(pg_sequence_last_value(s.id::regclass), 1))) AS n\n"
	    "FROM (SELECT pg_get_serial_sequence('maildb.' || $1, 'id') AS id) s\n"
	    "WHERE $2 > 0",
		},
	},
	[STMT_DOMAIN_FIND] = {
		.name = "domain_find",
		.in = in_domain_find, .nin = 1,
		.out = out_domain_find, .nout = 17,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain_name n JOIN domain d ON d.name = n.domain\n"
	    "WHERE n.name = $1",
		    [MAILDB__PGSQL] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain_name n JOIN domain d ON d.name = n.domain\n"
	    "WHERE n.name = $1",
		},
	},
	[STMT_DOMAIN_LIST] = {
		.name = "domain_list",
		.out = out_domain_list, .nout = 17,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE d.id > 0 ORDER BY d.name",
		    [MAILDB__PGSQL] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE d.id > 0 ORDER BY d.name",
		},
	},
	[STMT_DOMAIN_LIST_CLASS] = {
		.name = "domain_list_class",
		.in = in_domain_list_class, .nin = 1,
		.out = out_domain_list_class, .nout = 17,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE d.class = $1 ORDER BY d.name",
		    [MAILDB__PGSQL] = "SELECT d.id, d.name, coalesce(d.uname, d.name) AS uname, d.class, d.target,\n"
	    "  d.enabled, d.is_primary AS \"primary\", d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE d.class = $1 ORDER BY d.name",
		},
	},
	[STMT_DOMAIN_ADD] = {
		.name = "domain_add",
		.in = in_domain_add, .nin = 16,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO domain (name, uname, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "VALUES ($1, nullif($2, $1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,\n"
	    "  $14, $15, $16)",
		    [MAILDB__PGSQL] = "INSERT INTO domain (name, uname, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "VALUES ($1, nullif($2, $1), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,\n"
	    "  $14, $15, $16)",
		},
	},
	[STMT_DOMAIN_UPDATE] = {
		.name = "domain_update",
		.in = in_domain_update, .nin = 13,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE domain SET enabled = $2, is_primary = $3, quota = $4, messages = $5,\n"
	    "  max_users = $6, max_aliases = $7, max_quota = $8, outside_senders = $9,\n"
	    "  any_recipient = $10, autoconfig = $11, dkim = $12, note = $13\n"
	    "WHERE id = $1",
		    [MAILDB__PGSQL] = "UPDATE domain SET enabled = $2, is_primary = $3, quota = $4, messages = $5,\n"
	    "  max_users = $6, max_aliases = $7, max_quota = $8, outside_senders = $9,\n"
	    "  any_recipient = $10, autoconfig = $11, dkim = $12, note = $13\n"
	    "WHERE id = $1",
		},
	},
	[STMT_DOMAIN_UNPRIMARY] = {
		.name = "domain_unprimary",
		.in = in_domain_unprimary, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE domain SET is_primary = 0 WHERE is_primary = 1 AND name <> $1",
		    [MAILDB__PGSQL] = "UPDATE domain SET is_primary = 0 WHERE is_primary = 1 AND name <> $1",
		},
	},
	[STMT_DOMAIN_LONGEST] = {
		.name = "domain_longest",
		.in = in_domain_longest, .nin = 1,
		.out = out_domain_longest, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT coalesce(max(length(localpart)), 0) AS n FROM address WHERE domain = $1",
		    [MAILDB__PGSQL] = "SELECT coalesce(max(length(localpart)), 0) AS n FROM address WHERE domain = $1",
		},
	},
	[STMT_DOMAIN_RENAME] = {
		.name = "domain_rename",
		.in = in_domain_rename, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE domain SET name = $2, uname = nullif($3, $2) WHERE id = $1",
		    [MAILDB__PGSQL] = "UPDATE domain SET name = $2, uname = nullif($3, $2) WHERE id = $1",
		},
	},
	[STMT_DOMAIN_RENAME_TARGETS] = {
		.name = "domain_rename_targets",
		.in = in_domain_rename_targets, .nin = 2,
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE target SET dest = substr(dest, 1, length(dest) - length($1)) || $2\n"
	    "WHERE dest_id IS NULL\n"
	    "  AND substr(dest, length(dest) - length($1)) = '@' || $1",
		    [MAILDB__PGSQL] = "UPDATE target SET dest = substr(dest, 1, length(dest) - length($1)) || $2\n"
	    "WHERE dest_id IS NULL\n"
	    "  AND substr(dest, length(dest) - length($1)) = '@' || $1",
		},
	},
	[STMT_DOMAIN_RENAME_MERGE] = {
		.name = "domain_rename_merge",
		.in = in_domain_rename_merge, .nin = 2,
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target WHERE dest_id IS NULL\n"
	    "  AND substr(dest, length(dest) - length($2)) = '@' || $2\n"
	    "  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id\n"
	    "    AND o.dest = substr(target.dest, 1, length(target.dest) - length($2)) || $1)",
		    [MAILDB__PGSQL] = "DELETE FROM target WHERE dest_id IS NULL\n"
	    "  AND substr(dest, length(dest) - length($2)) = '@' || $2\n"
	    "  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id\n"
	    "    AND o.dest = substr(target.dest, 1, length(target.dest) - length($2)) || $1)",
		},
	},
	[STMT_DOMAIN_DELETE] = {
		.name = "domain_delete",
		.in = in_domain_delete, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM domain WHERE name = $1",
		    [MAILDB__PGSQL] = "DELETE FROM domain WHERE name = $1",
		},
	},
	[STMT_DOMAIN_DELETE_TARGETS] = {
		.name = "domain_delete_targets",
		.in = in_domain_delete_targets, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target WHERE address_id IN (SELECT id FROM address WHERE domain = $1)",
		    [MAILDB__PGSQL] = "DELETE FROM target WHERE address_id IN (SELECT id FROM address WHERE domain = $1)",
		},
	},
	[STMT_DOMAIN_DELETE_MAILBOXES] = {
		.name = "domain_delete_mailboxes",
		.in = in_domain_delete_mailboxes, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM mailbox WHERE address_id IN (SELECT id FROM address WHERE domain = $1)",
		    [MAILDB__PGSQL] = "DELETE FROM mailbox WHERE address_id IN (SELECT id FROM address WHERE domain = $1)",
		},
	},
	[STMT_DOMAIN_DELETE_ADDRESSES] = {
		.name = "domain_delete_addresses",
		.in = in_domain_delete_addresses, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM address WHERE domain = $1",
		    [MAILDB__PGSQL] = "DELETE FROM address WHERE domain = $1",
		},
	},
	[STMT_DOMAIN_FOLD] = {
		.name = "domain_fold",
		.in = in_domain_fold, .nin = 1,
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE target SET dest = lower(dest)\n"
	    "WHERE dest_id IS NULL AND dest <> lower(dest)\n"
	    "  AND substr(dest, length(dest) - length($1)) = '@' || $1",
		    [MAILDB__PGSQL] = "UPDATE target SET dest = lower(dest)\n"
	    "WHERE dest_id IS NULL AND dest <> lower(dest)\n"
	    "  AND substr(dest, length(dest) - length($1)) = '@' || $1",
		},
	},
	[STMT_DOMAIN_DEPENDENT] = {
		.name = "domain_dependent",
		.in = in_domain_dependent, .nin = 1,
		.out = out_domain_dependent, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id FROM address a JOIN target t ON t.dest_id = a.id\n"
	    "  JOIN address s ON s.id = t.address_id\n"
	    "WHERE a.domain = $1 AND s.domain <> $1 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT a.id FROM address a JOIN target t ON t.dest_id = a.id\n"
	    "  JOIN address s ON s.id = t.address_id\n"
	    "WHERE a.domain = $1 AND s.domain <> $1 LIMIT 1",
		},
	},
	[STMT_DOMAIN_ALIAS_DOMAIN] = {
		.name = "domain_alias_domain",
		.in = in_domain_alias_domain, .nin = 1,
		.out = out_domain_alias_domain, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name FROM domain WHERE target = $1 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT name FROM domain WHERE target = $1 LIMIT 1",
		},
	},
	[STMT_DOMAIN_COUNT] = {
		.name = "domain_count",
		.in = in_domain_count, .nin = 2,
		.out = out_domain_count, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT count(*) AS n FROM address WHERE domain = $1 AND final = $2",
		    [MAILDB__PGSQL] = "SELECT count(*) AS n FROM address WHERE domain = $1 AND final = $2",
		},
	},
	[STMT_DOMAIN_QUOTA_SUM] = {
		.name = "domain_quota_sum",
		.in = in_domain_quota_sum, .nin = 1,
		.out = out_domain_quota_sum, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT coalesce(sum(q.quota), 0) AS total,\n"
	    "  coalesce(sum(CASE WHEN q.quota = 0 THEN 1 ELSE 0 END), 0) AS unlimited\n"
	    "FROM (SELECT coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT)\n"
	    "    FROM setting WHERE name = 'quota')) AS quota\n"
	    "  FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    JOIN domain d ON d.name = a.domain\n"
	    "  WHERE a.domain = $1) q",
		    [MAILDB__PGSQL] = "SELECT coalesce(sum(q.quota), 0) AS total,\n"
	    "  coalesce(sum(CASE WHEN q.quota = 0 THEN 1 ELSE 0 END), 0) AS unlimited\n"
	    "FROM (SELECT coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT)\n"
	    "    FROM setting WHERE name = 'quota')) AS quota\n"
	    "  FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    JOIN domain d ON d.name = a.domain\n"
	    "  WHERE a.domain = $1) q",
		},
	},
	[STMT_DOMAIN_QUOTA_LIMITED] = {
		.name = "domain_quota_limited",
		.out = out_domain_quota_limited, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name FROM domain WHERE max_quota > 0 ORDER BY name",
		    [MAILDB__PGSQL] = "SELECT name FROM domain WHERE max_quota > 0 ORDER BY name",
		},
	},
	[STMT_DOMAIN_SOURCES] = {
		.name = "domain_sources",
		.in = in_domain_sources, .nin = 1,
		.out = out_domain_sources, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id, t.id AS target_id FROM target t\n"
	    "WHERE t.dest_id IS NULL\n"
	    "  AND substr(t.dest, length(t.dest) - length($1)) = '@' || $1\n"
	    "UNION ALL SELECT t.address_id, t.id FROM address a\n"
	    "  JOIN target t ON t.dest_id = a.id\n"
	    "WHERE a.domain = $1",
		    [MAILDB__PGSQL] = "SELECT t.address_id, t.id AS target_id FROM target t\n"
	    "WHERE t.dest_id IS NULL\n"
	    "  AND substr(t.dest, length(t.dest) - length($1)) = '@' || $1\n"
	    "UNION ALL SELECT t.address_id, t.id FROM address a\n"
	    "  JOIN target t ON t.dest_id = a.id\n"
	    "WHERE a.domain = $1",
		},
	},
	[STMT_JOURNAL_LIST] = {
		.name = "journal_list",
		.in = in_journal_list, .nin = 5,
		.out = out_journal_list, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		    [MAILDB__PGSQL] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		},
	},
	[STMT_JOURNAL_LIST_KEY] = {
		.name = "journal_list_key",
		.in = in_journal_list_key, .nin = 6,
		.out = out_journal_list_key, .nout = 10,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE key = $6 AND\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		    [MAILDB__PGSQL] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE key = $6 AND\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		},
	},
	[STMT_JOURNAL_LIST_DOMAIN] = {
		.name = "journal_list_domain",
		.in = in_journal_list_domain, .nin = 6,
		.out = out_journal_list_domain, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE (key = $6 OR substr(key, length(key) - length($6)) = '@' || $6) AND\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		    [MAILDB__PGSQL] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE (key = $6 OR substr(key, length(key) - length($6)) = '@' || $6) AND\n"
	    "($1 IS NULL OR who = $1 OR substr(who, 1, length($1) + 2) = $1 || ' (')\n"
	    "  AND at BETWEEN $2 AND $3 AND ($4 = 0 OR txn = $4)\n"
	    "ORDER BY id DESC LIMIT $5",
		},
	},
	[STMT_JOURNAL_PENDING] = {
		.name = "journal_pending",
		.out = out_journal_pending, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE id > coalesce((SELECT id FROM journal\n"
	    "    WHERE txn IS NOT (SELECT txn FROM session) ORDER BY id DESC LIMIT 1), 0)\n"
	    "  AND (SELECT who FROM session) IS NOT NULL\n"
	    "ORDER BY id",
		    [MAILDB__PGSQL] = "SELECT id, txn, at, who, via, object, key, op, old, new FROM journal\n"
	    "WHERE txn = txid_current_if_assigned() ORDER BY id",
		},
	},
	[STMT_MAP_VIRTUAL_MAILBOX_DOMAINS] = {
		.name = "map_virtual_mailbox_domains",
		.in = in_map_virtual_mailbox_domains, .nin = 1,
		.out = out_map_virtual_mailbox_domains, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain FROM postfix_domain WHERE domain = $1",
		    [MAILDB__PGSQL] = "SELECT domain FROM maildb.virtual_mailbox_domains($1)",
		},
	},
	[STMT_MAP_VIRTUAL_MAILBOX_MAPS] = {
		.name = "map_virtual_mailbox_maps",
		.in = in_map_virtual_mailbox_maps, .nin = 2,
		.out = out_map_virtual_mailbox_maps, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address FROM postfix_mailbox WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT address FROM maildb.virtual_mailbox_maps($1, $2)",
		},
	},
	[STMT_MAP_VIRTUAL_ALIAS_MAPS] = {
		.name = "map_virtual_alias_maps",
		.in = in_map_virtual_alias_maps, .nin = 2,
		.out = out_map_virtual_alias_maps, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination FROM postfix_alias WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT destination FROM maildb.virtual_alias_maps($1, $2)",
		},
	},
	[STMT_MAP_VIRTUAL_ALIAS_FAR] = {
		.name = "map_virtual_alias_far",
		.in = in_map_virtual_alias_far, .nin = 2,
		.out = out_map_virtual_alias_far, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination FROM postfix_alias_far WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT destination FROM maildb.virtual_alias_far($1, $2)",
		},
	},
	[STMT_MAP_VIRTUAL_ALIAS_CATCHALL] = {
		.name = "map_virtual_alias_catchall",
		.in = in_map_virtual_alias_catchall, .nin = 1,
		.out = out_map_virtual_alias_catchall, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination FROM postfix_catchall\n"
	    "WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@'",
		    [MAILDB__PGSQL] = "SELECT destination FROM maildb.virtual_alias_catchall($1)",
		},
	},
	[STMT_MAP_RELAY_DOMAINS] = {
		.name = "map_relay_domains",
		.in = in_map_relay_domains, .nin = 1,
		.out = out_map_relay_domains, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain FROM postfix_relay_domain WHERE domain = $1",
		    [MAILDB__PGSQL] = "SELECT domain FROM maildb.relay_domains($1)",
		},
	},
	[STMT_MAP_RELAY_RECIPIENT_MAPS] = {
		.name = "map_relay_recipient_maps",
		.in = in_map_relay_recipient_maps, .nin = 2,
		.out = out_map_relay_recipient_maps, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address FROM postfix_relay_recipient\n"
	    "WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT address FROM maildb.relay_recipient_maps($1, $2)",
		},
	},
	[STMT_MAP_RELAY_RECIPIENT_ANY] = {
		.name = "map_relay_recipient_any",
		.in = in_map_relay_recipient_any, .nin = 1,
		.out = out_map_relay_recipient_any, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain FROM postfix_relay_any\n"
	    "WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@'",
		    [MAILDB__PGSQL] = "SELECT domain FROM maildb.relay_recipient_any($1)",
		},
	},
	[STMT_MAP_RECIPIENT_ACCESS] = {
		.name = "map_recipient_access",
		.in = in_map_recipient_access, .nin = 2,
		.out = out_map_recipient_access, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT action FROM postfix_access WHERE domain = $2 AND localpart = $1\n"
	    "UNION ALL SELECT action FROM postfix_relay_off WHERE domain = $2",
		    [MAILDB__PGSQL] = "SELECT action FROM maildb.recipient_access($1, $2)",
		},
	},
	[STMT_MAP_SENDER_ACCESS] = {
		.name = "map_sender_access",
		.in = in_map_sender_access, .nin = 1,
		.out = out_map_sender_access, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT action FROM postfix_sender_access WHERE domain = $1",
		    [MAILDB__PGSQL] = "SELECT action FROM maildb.sender_access($1)",
		},
	},
	[STMT_MAP_SMTPD_SENDER_LOGIN_MAPS] = {
		.name = "map_smtpd_sender_login_maps",
		.in = in_map_smtpd_sender_login_maps, .nin = 2,
		.out = out_map_smtpd_sender_login_maps, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT login FROM postfix_sender WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT login FROM maildb.smtpd_sender_login_maps($1, $2)",
		},
	},
	[STMT_MAP_SENDER_LOGIN_ANY] = {
		.name = "map_sender_login_any",
		.in = in_map_sender_login_any, .nin = 1,
		.out = out_map_sender_login_any, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT login FROM postfix_sender_any\n"
	    "WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@'",
		    [MAILDB__PGSQL] = "SELECT login FROM maildb.sender_login_any($1)",
		},
	},
	[STMT_MAP_PASSDB] = {
		.name = "map_passdb",
		.in = in_map_passdb, .nin = 3,
		.out = out_map_passdb, .nout = 6,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address AS \"user\", password, uid AS userdb_uid, gid AS userdb_gid,\n"
	    "  home AS userdb_home, '*:bytes=' || coalesce(quota, 0) || ':messages='\n"
	    "    || coalesce(messages, 0) AS userdb_quota_rule\n"
	    "FROM dovecot_user\n"
	    "WHERE domain = $2 AND localpart = $1 AND CASE $3\n"
	    "  WHEN 'smtp' THEN send WHEN 'submission' THEN send WHEN 'imap' THEN imap\n"
	    "  WHEN 'pop3' THEN pop3 WHEN 'sieve' THEN sieve ELSE 1 END = 1",
		    [MAILDB__PGSQL] = "SELECT address AS \"user\", password, uid AS userdb_uid, gid AS userdb_gid,\n"
	    "  home AS userdb_home, '*:bytes=' || coalesce(quota, 0) || ':messages='\n"
	    "    || coalesce(messages, 0) AS userdb_quota_rule\n"
	    "FROM maildb.passdb($1, $2, $3)",
		},
	},
	[STMT_MAP_USERDB] = {
		.name = "map_userdb",
		.in = in_map_userdb, .nin = 3,
		.out = out_map_userdb, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT uid, gid, home, '*:bytes=' || coalesce(quota, 0) || ':messages='\n"
	    "    || coalesce(messages, 0) AS quota_rule\n"
	    "FROM dovecot_user\n"
	    "WHERE domain = $2 AND localpart = $1\n"
	    "  AND ($3 NOT IN ('lmtp', 'lda') OR receive = 1)",
		    [MAILDB__PGSQL] = "SELECT uid, gid, home, '*:bytes=' || coalesce(quota, 0) || ':messages='\n"
	    "    || coalesce(messages, 0) AS quota_rule\n"
	    "FROM maildb.userdb($1, $2, $3)",
		},
	},
	[STMT_MAP_ITERATE] = {
		.name = "map_iterate",
		.out = out_map_iterate, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address AS \"user\" FROM dovecot_user\n"
	    "WHERE domain = substr(address, instr(address, '@') + 1)",
		    [MAILDB__PGSQL] = "SELECT address AS \"user\" FROM maildb.dovecot_user\n"
	    "WHERE domain = split_part(address, '@', 2)",
		},
	},
	[STMT_MAP_PASSDB24] = {
		.name = "map_passdb24",
		.in = in_map_passdb24, .nin = 3,
		.out = out_map_passdb24, .nout = 7,
		.text = {
		    [MAILDB__SQLITE] = "SELECT address AS \"user\", password, uid AS userdb_uid, gid AS userdb_gid,\n"
	    "  home AS userdb_home, coalesce(quota, 0) || 'B' AS userdb_quota_storage_size,\n"
	    "  coalesce(messages, 0) AS userdb_quota_message_count\n"
	    "FROM dovecot_user\n"
	    "WHERE domain = $2 AND localpart = $1 AND CASE $3\n"
	    "  WHEN 'smtp' THEN send WHEN 'submission' THEN send WHEN 'imap' THEN imap\n"
	    "  WHEN 'pop3' THEN pop3 WHEN 'sieve' THEN sieve ELSE 1 END = 1",
		    [MAILDB__PGSQL] = "SELECT address AS \"user\", password, uid AS userdb_uid, gid AS userdb_gid,\n"
	    "  home AS userdb_home, coalesce(quota, 0) || 'B' AS userdb_quota_storage_size,\n"
	    "  coalesce(messages, 0) AS userdb_quota_message_count\n"
	    "FROM maildb.passdb($1, $2, $3)",
		},
	},
	[STMT_MAP_USERDB24] = {
		.name = "map_userdb24",
		.in = in_map_userdb24, .nin = 3,
		.out = out_map_userdb24, .nout = 5,
		.text = {
		    [MAILDB__SQLITE] = "SELECT uid, gid, home, coalesce(quota, 0) || 'B' AS quota_storage_size,\n"
	    "  coalesce(messages, 0) AS quota_message_count\n"
	    "FROM dovecot_user\n"
	    "WHERE domain = $2 AND localpart = $1\n"
	    "  AND ($3 NOT IN ('lmtp', 'lda') OR receive = 1)",
		    [MAILDB__PGSQL] = "SELECT uid, gid, home, coalesce(quota, 0) || 'B' AS quota_storage_size,\n"
	    "  coalesce(messages, 0) AS quota_message_count\n"
	    "FROM maildb.userdb($1, $2, $3)",
		},
	},
	[STMT_TRACE_ALIAS] = {
		.name = "trace_alias",
		.in = in_trace_alias, .nin = 2,
		.out = out_trace_alias, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination, target_id FROM postfix_alias\n"
	    "WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT destination, target_id FROM postfix_alias\n"
	    "WHERE domain = $2 AND localpart = $1",
		},
	},
	[STMT_TRACE_ALIAS_FAR] = {
		.name = "trace_alias_far",
		.in = in_trace_alias_far, .nin = 2,
		.out = out_trace_alias_far, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination, target_id, found FROM postfix_alias_far\n"
	    "WHERE domain = $2 AND localpart = $1",
		    [MAILDB__PGSQL] = "SELECT destination, target_id, found FROM postfix_alias_far\n"
	    "WHERE domain = $2 AND localpart = $1",
		},
	},
	[STMT_TRACE_CATCHALL] = {
		.name = "trace_catchall",
		.in = in_trace_catchall, .nin = 1,
		.out = out_trace_catchall, .nout = 2,
		.text = {
		    [MAILDB__SQLITE] = "SELECT destination, target_id FROM postfix_catchall\n"
	    "WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@'",
		    [MAILDB__PGSQL] = "SELECT destination, target_id FROM postfix_catchall\n"
	    "WHERE domain = substr($1, 2) AND substr($1, 1, 1) = '@'",
		},
	},
	[STMT_PERL_FILE] = {
		.name = "perl_file",
		.out = out_perl_file, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT (SELECT application_id FROM pragma_application_id) AS application,\n"
	    "  (SELECT count(*) FROM pragma_table_info('domains')\n"
	    "    WHERE name IN ('id', 'name')) = 2\n"
	    "  AND (SELECT count(*) FROM pragma_table_info('users')\n"
	    "    WHERE name IN ('id', 'email', 'password', 'active')) = 4\n"
	    "  AND (SELECT count(*) FROM pragma_table_info('aliases')\n"
	    "    WHERE name IN ('id', 'src', 'dst')) = 3 AS known,\n"
	    "  (SELECT min(type || ' ' || name) FROM sqlite_schema\n"
	    "    WHERE type IN ('view', 'trigger')) AS other,\n"
	    "  EXISTS (SELECT 1 FROM sqlite_schema\n"
	    "    WHERE name = 'sqlite_sequence') AS counted",
		},
	},
	[STMT_PERL_DOMAINS] = {
		.name = "perl_domains",
		.out = out_perl_domains, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, CAST(name AS TEXT) AS name FROM domains ORDER BY id",
		},
	},
	[STMT_PERL_USERS] = {
		.name = "perl_users",
		.out = out_perl_users, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, CAST(email AS TEXT) AS email, CAST(password AS TEXT) AS password,\n"
	    "  coalesce(CAST(active AS INTEGER), 0) <> 0 AS active\n"
	    "FROM users ORDER BY id",
		},
	},
	[STMT_PERL_ALIASES] = {
		.name = "perl_aliases",
		.out = out_perl_aliases, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, CAST(src AS TEXT) AS src, CAST(dst AS TEXT) AS dst\n"
	    "FROM aliases ORDER BY id",
		},
	},
	[STMT_PERL_LAST_ID] = {
		.name = "perl_last_id",
		.in = in_perl_last_id, .nin = 1,
		.out = out_perl_last_id, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT seq AS id FROM sqlite_sequence WHERE name = $1",
		},
	},
	[STMT_PERL_FORGET_IDS] = {
		.name = "perl_forget_ids",
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM sqlite_sequence",
		},
	},
	[STMT_PERL_KEEP_ID] = {
		.name = "perl_keep_id",
		.in = in_perl_keep_id, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
		},
	},
	[STMT_PERL_ADD_DOMAIN] = {
		.name = "perl_add_domain",
		.in = in_perl_add_domain, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO domain (id, name, uname) VALUES ($1, $2, nullif($3, $2))",
		},
	},
	[STMT_PERL_ADD_ADDRESS] = {
		.name = "perl_add_address",
		.in = in_perl_add_address, .nin = 4,
		.out = out_perl_add_address, .nout = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (id, domain, localpart, enabled) VALUES ($1, $2, $3, $4)\n"
	    "RETURNING id",
		},
	},
	[STMT_PERL_ADD_MAILBOX] = {
		.name = "perl_add_mailbox",
		.in = in_perl_add_mailbox, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO mailbox (address_id, password, home) VALUES ($1, $2, $3)",
		},
	},
	[STMT_PERL_ADD_TARGET] = {
		.name = "perl_add_target",
		.in = in_perl_add_target, .nin = 4,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO target (id, address_id, dest, may_send) VALUES ($1, $2, $3, $4)\n"
	    "ON CONFLICT (address_id, lower(dest)) DO NOTHING",
		},
	},
	[STMT_ROLES_STATE] = {
		.name = "roles_state",
		.out = out_roles_state, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__PGSQL] = "SELECT md5(string_agg(concat_ws(' ', o.owner, o.name, item), ','\n"
	    "    ORDER BY o.name, item::text)) AS state\n"
	    "FROM (SELECT nspowner AS owner, nspname::text AS name, nspacl AS acl\n"
	    "    FROM pg_namespace WHERE nspname IN ('maildb', 'public')\n"
	    "  UNION ALL SELECT relowner, relname, relacl FROM pg_class\n"
	    "    WHERE relnamespace = 'maildb'::regnamespace\n"
	    "  UNION ALL SELECT 0, c.relname || '.' || a.attname, a.attacl\n"
	    "    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid\n"
	    "    WHERE c.relnamespace = 'maildb'::regnamespace\n"
	    "  UNION ALL SELECT proowner, oid::regprocedure::text, proacl FROM pg_proc\n"
	    "    WHERE pronamespace = 'maildb'::regnamespace\n"
	    "  UNION ALL SELECT datdba, datname, datacl FROM pg_database\n"
	    "    WHERE datname = current_database()\n"
	    "  UNION ALL SELECT oid, rolname, NULL FROM pg_roles\n"
	    "    WHERE rolname LIKE 'maildb\\_%') o\n"
	    "  LEFT JOIN LATERAL unnest(o.acl) item ON true",
		},
	},
	[STMT_ROLES_MISSING] = {
		.name = "roles_missing",
		.out = out_roles_missing, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__PGSQL] = "SELECT needed.role\n"
	    "FROM (VALUES ('maildb_owner', NULL), ('maildb_admin', 'maildb.target'),\n"
	    "    ('maildb_postfix', 'maildb.postfix_sender_any'),\n"
	    "    ('maildb_dovecot', 'maildb.dovecot_user'),\n"
	    "    ('maildb_audit', 'maildb.journal')) needed (role, relation)\n"
	    "  LEFT JOIN pg_roles r ON r.rolname = needed.role\n"
	    "WHERE r.oid IS NULL\n"
	    "  OR NOT coalesce(has_table_privilege(r.oid,\n"
	    "    to_regclass(needed.relation)::oid, 'SELECT'), true)\n"
	    "UNION ALL\n"
	    "SELECT 'maildb_owner' FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner\n"
	    "WHERE c.relnamespace = 'maildb'::regnamespace AND c.relkind IN ('r', 'v')\n"
	    "  AND r.rolname <> 'maildb_owner'\n"
	    "LIMIT 1",
		},
	},
	[STMT_SENDER_ADD] = {
		.name = "sender_add",
		.in = in_sender_add, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3)\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO sender (domain, localpart, login_id) VALUES ($1, $2, $3)\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_SENDER_DELETE] = {
		.name = "sender_delete",
		.in = in_sender_delete, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM sender WHERE domain = $1 AND localpart = $2 AND login_id = $3",
		    [MAILDB__PGSQL] = "DELETE FROM sender WHERE domain = $1 AND localpart = $2 AND login_id = $3",
		},
	},
	[STMT_SENDER_DELETE_ALL] = {
		.name = "sender_delete_all",
		.in = in_sender_delete_all, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM sender WHERE domain = $1 AND localpart = $2",
		    [MAILDB__PGSQL] = "DELETE FROM sender WHERE domain = $1 AND localpart = $2",
		},
	},
	[STMT_SENDER_ENDING] = {
		.name = "sender_ending",
		.in = in_sender_ending, .nin = 3,
		.out = out_sender_ending, .nout = 5,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, s.login_id, s.localpart || '@' || s.domain AS address,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.login_id = $1\n"
	    "UNION ALL SELECT s.domain, s.localpart, s.login_id,\n"
	    "  s.localpart || '@' || s.domain, a.localpart || '@' || a.domain\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $2 AND s.localpart = $3 AND $3 <> ''\n"
	    "LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, s.login_id, s.localpart || '@' || s.domain AS address,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.login_id = $1\n"
	    "UNION ALL SELECT s.domain, s.localpart, s.login_id,\n"
	    "  s.localpart || '@' || s.domain, a.localpart || '@' || a.domain\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $2 AND s.localpart = $3 AND $3 <> ''\n"
	    "LIMIT 1",
		},
	},
	[STMT_SENDER_LIST] = {
		.name = "sender_list",
		.out = out_sender_list, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.localpart || '@' || s.domain AS address, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT s.localpart || '@' || s.domain AS address, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		},
	},
	[STMT_SENDER_LIST_ADDRESS] = {
		.name = "sender_list_address",
		.in = in_sender_list_address, .nin = 2,
		.out = out_sender_list_address, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.localpart || '@' || s.domain AS address, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $1 AND s.localpart = $2\n"
	    "UNION ALL SELECT s.localpart || '@' || s.domain, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain\n"
	    "FROM address a JOIN sender s ON s.login_id = a.id\n"
	    "WHERE a.domain = $1 AND a.localpart = $2\n"
	    "  AND NOT (s.domain = $1 AND s.localpart = $2)\n"
	    "ORDER BY 2, 3, 4",
		    [MAILDB__PGSQL] = "SELECT s.localpart || '@' || s.domain AS address, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $1 AND s.localpart = $2\n"
	    "UNION ALL SELECT s.localpart || '@' || s.domain, s.domain, s.localpart,\n"
	    "  a.localpart || '@' || a.domain\n"
	    "FROM address a JOIN sender s ON s.login_id = a.id\n"
	    "WHERE a.domain = $1 AND a.localpart = $2\n"
	    "  AND NOT (s.domain = $1 AND s.localpart = $2)\n"
	    "ORDER BY 2, 3, 4",
		},
	},
	[STMT_ADDRESS_KINDS] = {
		.name = "address_kinds",
		.in = in_address_kinds, .nin = 2,
		.out = out_address_kinds, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.domain = $1 AND a.localpart = $2) AS \"user\",\n"
	    "  EXISTS (SELECT 1 FROM address a WHERE a.domain = $1 AND a.localpart = $2\n"
	    "    AND a.final = 1 AND NOT EXISTS (SELECT 1 FROM mailbox m\n"
	    "      WHERE m.address_id = a.id)) AS recipient,\n"
	    "  EXISTS (SELECT 1 FROM address a JOIN target t ON t.address_id = a.id\n"
	    "    WHERE a.domain = $1 AND a.localpart = $2) AS alias,\n"
	    "  EXISTS (SELECT 1 FROM sender s\n"
	    "    WHERE s.domain = $1 AND s.localpart = $2) AS sender",
		    [MAILDB__PGSQL] = "SELECT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.domain = $1 AND a.localpart = $2) AS \"user\",\n"
	    "  EXISTS (SELECT 1 FROM address a WHERE a.domain = $1 AND a.localpart = $2\n"
	    "    AND a.final = 1 AND NOT EXISTS (SELECT 1 FROM mailbox m\n"
	    "      WHERE m.address_id = a.id)) AS recipient,\n"
	    "  EXISTS (SELECT 1 FROM address a JOIN target t ON t.address_id = a.id\n"
	    "    WHERE a.domain = $1 AND a.localpart = $2) AS alias,\n"
	    "  EXISTS (SELECT 1 FROM sender s\n"
	    "    WHERE s.domain = $1 AND s.localpart = $2) AS sender",
		},
	},
	[STMT_SETTING_GET] = {
		.name = "setting_get",
		.in = in_setting_get, .nin = 1,
		.out = out_setting_get, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT value FROM setting WHERE name = $1",
		    [MAILDB__PGSQL] = "SELECT value FROM setting WHERE name = $1",
		},
	},
	[STMT_SETTING_PUT] = {
		.name = "setting_put",
		.in = in_setting_put, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO setting (name, value) VALUES ($1, $2)\n"
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		    [MAILDB__PGSQL] = "INSERT INTO setting (name, value) VALUES ($1, $2)\n"
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		},
	},
	[STMT_SETTING_DELETE] = {
		.name = "setting_delete",
		.in = in_setting_delete, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM setting WHERE name = $1",
		    [MAILDB__PGSQL] = "DELETE FROM setting WHERE name = $1",
		},
	},
	[STMT_STAGE_MAKE_SETTING] = {
		.name = "stage_make_setting",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_setting AS SELECT s.name, s.value,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM setting s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_setting AS SELECT s.name, s.value,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM setting s WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_DOMAIN] = {
		.name = "stage_make_domain",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_domain AS SELECT d.name, d.class, d.target, d.enabled,\n"
	    "  d.is_primary, d.quota, d.messages, d.max_users, d.max_aliases, d.max_quota,\n"
	    "  d.outside_senders, d.any_recipient, d.autoconfig, d.dkim, d.note,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM domain d WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_domain AS SELECT d.name, d.class, d.target, d.enabled,\n"
	    "  d.is_primary, d.quota, d.messages, d.max_users, d.max_aliases, d.max_quota,\n"
	    "  d.outside_senders, d.any_recipient, d.autoconfig, d.dkim, d.note,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM domain d WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_USER] = {
		.name = "stage_make_user",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_user AS SELECT a.domain, a.localpart, m.name, a.enabled,\n"
	    "  a.receive, m.send, m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  a.valid_from, a.valid_until, m.must_change, m.spam_days, m.home, a.note,\n"
	    "  m.password, a.enabled AS replaces, a.enabled AS pending,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_user AS SELECT a.domain, a.localpart, m.name, a.enabled,\n"
	    "  a.receive, m.send, m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  a.valid_from, a.valid_until, m.must_change, m.spam_days, m.home, a.note,\n"
	    "  m.password, a.enabled AS replaces, a.enabled AS pending,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_HASH] = {
		.name = "stage_make_hash",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_hash AS SELECT a.id AS n, a.domain, a.localpart,\n"
	    "  m.password\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_hash AS SELECT a.id AS n, a.domain, a.localpart,\n"
	    "  m.password\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_ALIAS] = {
		.name = "stage_make_alias",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_alias AS SELECT a.domain, a.localpart, a.enabled,\n"
	    "  a.internal, a.valid_from, a.valid_until, a.note, a.final AS recipient,\n"
	    "  a.enabled AS exact, a.enabled AS has_fields, a.enabled AS of_user,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_alias AS SELECT a.domain, a.localpart, a.enabled,\n"
	    "  a.internal, a.valid_from, a.valid_until, a.note, a.final AS recipient,\n"
	    "  a.enabled AS exact, a.enabled AS has_fields, a.enabled AS of_user,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_TARGET] = {
		.name = "stage_make_target",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_target AS SELECT a.domain, a.localpart, t.dest,\n"
	    "  t.may_send, t.may_send AS wide, t.id AS seq,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN target t WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_target AS SELECT a.domain, a.localpart, t.dest,\n"
	    "  t.may_send, t.may_send AS wide, t.id AS seq,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN target t WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_SENDER] = {
		.name = "stage_make_sender",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_sender AS SELECT a.domain, a.localpart, t.dest AS login,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN target t WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_sender AS SELECT a.domain, a.localpart, t.dest AS login,\n"
	    "  CAST(0 AS BIGINT) AS file, CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS col,\n"
	    "  CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS rank\n"
	    "FROM address a CROSS JOIN target t WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_SCOPE] = {
		.name = "stage_make_scope",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_scope AS SELECT d.name FROM domain d WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_scope AS SELECT d.name FROM domain d WHERE 1 = 0",
		},
	},
	[STMT_STAGE_MAKE_USED] = {
		.name = "stage_make_used",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE stage_used AS SELECT d.note AS kind, d.name AS domain,\n"
	    "  d.note AS localpart, d.class\n"
	    "FROM domain d WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE stage_used AS SELECT d.note AS kind, d.name AS domain,\n"
	    "  d.note AS localpart, d.class\n"
	    "FROM domain d WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_DOMAIN] = {
		.name = "todo_make_domain",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_domain AS SELECT d.id AS n, d.id, d.name, d.class,\n"
	    "  d.target, d.enabled, d.is_primary, d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_domain AS SELECT d.id AS n, d.id, d.name, d.class,\n"
	    "  d.target, d.enabled, d.is_primary, d.quota, d.messages, d.max_users,\n"
	    "  d.max_aliases, d.max_quota, d.outside_senders, d.any_recipient, d.autoconfig,\n"
	    "  d.dkim, d.note\n"
	    "FROM domain d WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_USER] = {
		.name = "todo_make_user",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_user AS SELECT a.id AS address_id, m.address_id AS\n"
	    "  mailbox_id, a.domain, a.localpart, m.name, a.enabled, a.receive, m.send,\n"
	    "  m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages, a.valid_from,\n"
	    "  a.valid_until, m.must_change, m.spam_days, m.home, a.note, m.password,\n"
	    "  a.enabled AS pending\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_user AS SELECT a.id AS address_id, m.address_id AS\n"
	    "  mailbox_id, a.domain, a.localpart, m.name, a.enabled, a.receive, m.send,\n"
	    "  m.imap, m.pop3, m.sieve, a.internal, m.quota, m.messages, a.valid_from,\n"
	    "  a.valid_until, m.must_change, m.spam_days, m.home, a.note, m.password,\n"
	    "  a.enabled AS pending\n"
	    "FROM address a CROSS JOIN mailbox m WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_ALIAS] = {
		.name = "todo_make_alias",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_alias AS SELECT a.id AS address_id, a.domain,\n"
	    "  a.localpart, a.enabled, a.internal, a.valid_from, a.valid_until, a.note,\n"
	    "  a.final\n"
	    "FROM address a WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_alias AS SELECT a.id AS address_id, a.domain,\n"
	    "  a.localpart, a.enabled, a.internal, a.valid_from, a.valid_until, a.note,\n"
	    "  a.final\n"
	    "FROM address a WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_TARGET] = {
		.name = "todo_make_target",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_target AS SELECT t.id AS target_id, t.address_id, t.dest,\n"
	    "  t.may_send, t.may_send AS gone, t.id AS n, t.id AS rank\n"
	    "FROM target t WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_target AS SELECT t.id AS target_id, t.address_id, t.dest,\n"
	    "  t.may_send, t.may_send AS gone, t.id AS n, t.id AS rank\n"
	    "FROM target t WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_SENDER] = {
		.name = "todo_make_sender",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_sender AS SELECT s.domain, s.localpart, s.login_id,\n"
	    "  s.login_id AS gone\n"
	    "FROM sender s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_sender AS SELECT s.domain, s.localpart, s.login_id,\n"
	    "  s.login_id AS gone\n"
	    "FROM sender s WHERE 1 = 0",
		},
	},
	[STMT_TODO_MAKE_REMOVAL] = {
		.name = "todo_make_removal",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE todo_removal AS SELECT a.id AS n, a.note AS kind, a.domain,\n"
	    "  a.localpart\n"
	    "FROM address a WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE todo_removal AS SELECT a.id AS n, a.note AS kind, a.domain,\n"
	    "  a.localpart\n"
	    "FROM address a WHERE 1 = 0",
		},
	},
	[STMT_STAGE_INDEX_DOMAIN] = {
		.name = "stage_index_domain",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX stage_domain_key ON stage_domain (name)",
		    [MAILDB__PGSQL] = "CREATE INDEX stage_domain_key ON stage_domain (name)",
		},
	},
	[STMT_STAGE_INDEX_USER] = {
		.name = "stage_index_user",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX stage_user_key ON stage_user (domain, localpart, n)",
		    [MAILDB__PGSQL] = "CREATE INDEX stage_user_key ON stage_user (domain, localpart, n)",
		},
	},
	[STMT_STAGE_INDEX_ALIAS] = {
		.name = "stage_index_alias",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX stage_alias_key ON stage_alias (domain, localpart)",
		    [MAILDB__PGSQL] = "CREATE INDEX stage_alias_key ON stage_alias (domain, localpart)",
		},
	},
	[STMT_STAGE_INDEX_TARGET] = {
		.name = "stage_index_target",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX stage_target_key ON stage_target (domain, localpart, dest, n)",
		    [MAILDB__PGSQL] = "CREATE INDEX stage_target_key ON stage_target (domain, localpart, dest, n)",
		},
	},
	[STMT_STAGE_INDEX_SENDER] = {
		.name = "stage_index_sender",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX stage_sender_key ON stage_sender (domain, localpart, login)",
		    [MAILDB__PGSQL] = "CREATE INDEX stage_sender_key ON stage_sender (domain, localpart, login)",
		},
	},
	[STMT_STAGE_INDEX_REMOVAL] = {
		.name = "stage_index_removal",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX todo_removal_key ON todo_removal (n)",
		    [MAILDB__PGSQL] = "CREATE INDEX todo_removal_key ON todo_removal (n)",
		},
	},
	[STMT_STAGE_INDEX_TODO] = {
		.name = "stage_index_todo",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX todo_domain_key ON todo_domain (n)",
		    [MAILDB__PGSQL] = "CREATE INDEX todo_domain_key ON todo_domain (n)",
		},
	},
	[STMT_STAGE_ANALYZE] = {
		.name = "stage_analyze",
		.temp = true,
		.text = {
		    [MAILDB__PGSQL] = "ANALYZE stage_user, stage_alias, stage_target, stage_sender",
		},
	},
	[STMT_STAGE_CACHE] = {
		.name = "stage_cache",
		.text = {
		    [MAILDB__SQLITE] = "PRAGMA temp.cache_size = -500",
		},
	},
	[STMT_STAGE_DROP_SETTING] = {
		.name = "stage_drop_setting",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_setting",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_setting",
		},
	},
	[STMT_STAGE_DROP_DOMAIN] = {
		.name = "stage_drop_domain",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_domain",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_domain",
		},
	},
	[STMT_STAGE_DROP_USER] = {
		.name = "stage_drop_user",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_user",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_user",
		},
	},
	[STMT_STAGE_DROP_HASH] = {
		.name = "stage_drop_hash",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_hash",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_hash",
		},
	},
	[STMT_STAGE_DROP_ALIAS] = {
		.name = "stage_drop_alias",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_alias",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_alias",
		},
	},
	[STMT_STAGE_DROP_TARGET] = {
		.name = "stage_drop_target",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_target",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_target",
		},
	},
	[STMT_STAGE_DROP_SENDER] = {
		.name = "stage_drop_sender",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_sender",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_sender",
		},
	},
	[STMT_STAGE_DROP_SCOPE] = {
		.name = "stage_drop_scope",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_scope",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_scope",
		},
	},
	[STMT_STAGE_DROP_USED] = {
		.name = "stage_drop_used",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS stage_used",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS stage_used",
		},
	},
	[STMT_TODO_DROP_DOMAIN] = {
		.name = "todo_drop_domain",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_domain",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_domain",
		},
	},
	[STMT_TODO_DROP_USER] = {
		.name = "todo_drop_user",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_user",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_user",
		},
	},
	[STMT_TODO_DROP_ALIAS] = {
		.name = "todo_drop_alias",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_alias",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_alias",
		},
	},
	[STMT_TODO_DROP_TARGET] = {
		.name = "todo_drop_target",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_target",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_target",
		},
	},
	[STMT_TODO_DROP_SENDER] = {
		.name = "todo_drop_sender",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_sender",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_sender",
		},
	},
	[STMT_TODO_DROP_REMOVAL] = {
		.name = "todo_drop_removal",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS todo_removal",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS todo_removal",
		},
	},
	[STMT_STAGE_SETTING] = {
		.name = "stage_setting",
		.in = in_stage_setting, .nin = 5,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_setting (name, value, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_setting (name, value, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5)",
		},
	},
	[STMT_STAGE_SETTING_GET] = {
		.name = "stage_setting_get",
		.in = in_stage_setting_get, .nin = 1,
		.out = out_stage_setting_get, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT value, file, line, col FROM stage_setting WHERE name = $1",
		    [MAILDB__PGSQL] = "SELECT value, file, line, col FROM stage_setting WHERE name = $1",
		},
	},
	[STMT_STAGE_DOMAIN] = {
		.name = "stage_domain",
		.in = in_stage_domain, .nin = 20,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_domain (name, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note, file, line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17, $18, $19, $20)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_domain (name, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note, file, line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17, $18, $19, $20)",
		},
	},
	[STMT_STAGE_USER] = {
		.name = "stage_user",
		.in = in_stage_user, .nin = 26,
		.temp = true,
		.copy = "COPY stage_user (domain, localpart, name, enabled, receive, send, imap, pop3, sieve, internal, quota, messages, valid_from, valid_until, must_change, spam_days, home, note, password, replaces, pending, file, line, col, n, rank) FROM STDIN",
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_user (domain, localpart, name, enabled, receive, send, imap,\n"
	    "  pop3, sieve, internal, quota, messages, valid_from, valid_until, must_change,\n"
	    "  spam_days, home, note, password, replaces, pending, file, line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_user (domain, localpart, name, enabled, receive, send, imap,\n"
	    "  pop3, sieve, internal, quota, messages, valid_from, valid_until, must_change,\n"
	    "  spam_days, home, note, password, replaces, pending, file, line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,\n"
	    "  $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
		},
	},
	[STMT_STAGE_HASH] = {
		.name = "stage_hash",
		.in = in_stage_hash, .nin = 4,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_hash (n, domain, localpart, password)\n"
	    "VALUES ($1, $2, $3, $4)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_hash (n, domain, localpart, password)\n"
	    "VALUES ($1, $2, $3, $4)",
		},
	},
	[STMT_STAGE_HASHED] = {
		.name = "stage_hashed",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE stage_user SET password = h.password FROM stage_hash h\n"
	    "WHERE stage_user.domain = h.domain AND stage_user.localpart = h.localpart\n"
	    "  AND stage_user.n = h.n",
		    [MAILDB__PGSQL] = "UPDATE stage_user SET password = h.password FROM stage_hash h\n"
	    "WHERE stage_user.domain = h.domain AND stage_user.localpart = h.localpart\n"
	    "  AND stage_user.n = h.n",
		},
	},
	[STMT_STAGE_ALIAS] = {
		.name = "stage_alias",
		.in = in_stage_alias, .nin = 14,
		.temp = true,
		.copy = "COPY stage_alias (domain, localpart, enabled, internal, valid_from, valid_until, note, recipient, exact, has_fields, of_user, file, line, col) FROM STDIN",
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_alias (domain, localpart, enabled, internal, valid_from,\n"
	    "  valid_until, note, recipient, exact, has_fields, of_user, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_alias (domain, localpart, enabled, internal, valid_from,\n"
	    "  valid_until, note, recipient, exact, has_fields, of_user, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		},
	},
	[STMT_STAGE_TARGET] = {
		.name = "stage_target",
		.in = in_stage_target, .nin = 11,
		.temp = true,
		.copy = "COPY stage_target (domain, localpart, dest, may_send, wide, seq, file, line, col, n, rank) FROM STDIN",
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_target (domain, localpart, dest, may_send, wide, seq, file,\n"
	    "  line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_target (domain, localpart, dest, may_send, wide, seq, file,\n"
	    "  line, col, n, rank)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		},
	},
	[STMT_STAGE_SENDER] = {
		.name = "stage_sender",
		.in = in_stage_sender, .nin = 6,
		.temp = true,
		.copy = "COPY stage_sender (domain, localpart, login, file, line, col) FROM STDIN",
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_sender (domain, localpart, login, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_sender (domain, localpart, login, file, line, col)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6)",
		},
	},
	[STMT_STAGE_MISSING_DOMAINS] = {
		.name = "stage_missing_domains",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_domain (name, file, line, col)\n"
	    "SELECT k.domain, 0, 0, 0 FROM (SELECT domain FROM stage_user\n"
	    "    UNION SELECT domain FROM stage_alias UNION SELECT domain FROM stage_target\n"
	    "    UNION SELECT domain FROM stage_sender) k\n"
	    "  LEFT JOIN domain d ON d.name = k.domain\n"
	    "  LEFT JOIN stage_domain s ON s.name = k.domain\n"
	    "WHERE d.name IS NULL AND s.name IS NULL",
		    [MAILDB__PGSQL] = "INSERT INTO stage_domain (name, file, line, col)\n"
	    "SELECT k.domain, 0, 0, 0 FROM (SELECT domain FROM stage_user\n"
	    "    UNION SELECT domain FROM stage_alias UNION SELECT domain FROM stage_target\n"
	    "    UNION SELECT domain FROM stage_sender) k\n"
	    "  LEFT JOIN domain d ON d.name = k.domain\n"
	    "  LEFT JOIN stage_domain s ON s.name = k.domain\n"
	    "WHERE d.name IS NULL AND s.name IS NULL",
		},
	},
	[STMT_STAGE_SCOPE] = {
		.name = "stage_scope",
		.in = in_stage_scope, .nin = 1,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_scope (name) VALUES ($1)",
		    [MAILDB__PGSQL] = "INSERT INTO stage_scope (name) VALUES ($1)",
		},
	},
	[STMT_STAGE_SCOPE_NAMED] = {
		.name = "stage_scope_named",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_scope (name) SELECT name FROM stage_domain",
		    [MAILDB__PGSQL] = "INSERT INTO stage_scope (name) SELECT name FROM stage_domain",
		},
	},
	[STMT_STAGE_FIND_ADDRESS] = {
		.name = "stage_find_address",
		.in = in_stage_find_address, .nin = 2,
		.out = out_stage_find_address, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT file, line, col FROM (\n"
	    "  SELECT file, line, col FROM stage_user WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_alias\n"
	    "    WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_target\n"
	    "    WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_sender\n"
	    "    WHERE domain = $1 AND localpart = $2) p LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT file, line, col FROM (\n"
	    "  SELECT file, line, col FROM stage_user WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_alias\n"
	    "    WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_target\n"
	    "    WHERE domain = $1 AND localpart = $2\n"
	    "  UNION ALL SELECT file, line, col FROM stage_sender\n"
	    "    WHERE domain = $1 AND localpart = $2) p LIMIT 1",
		},
	},
	[STMT_STAGE_FIND_SENDER] = {
		.name = "stage_find_sender",
		.in = in_stage_find_sender, .nin = 2,
		.out = out_stage_find_sender, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT file, line, col FROM stage_sender\n"
	    "WHERE domain = $1 AND localpart = $2 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT file, line, col FROM stage_sender\n"
	    "WHERE domain = $1 AND localpart = $2 LIMIT 1",
		},
	},
	[STMT_STAGE_FIND_DOMAIN] = {
		.name = "stage_find_domain",
		.in = in_stage_find_domain, .nin = 1,
		.out = out_stage_find_domain, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT file, line, col FROM stage_domain WHERE name = $1 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT file, line, col FROM stage_domain WHERE name = $1 LIMIT 1",
		},
	},
	[STMT_STAGE_TWICE_DOMAIN] = {
		.name = "stage_twice_domain",
		.out = out_stage_twice_domain, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.name AS domain, NULL AS localpart, max(s.file) AS file,\n"
	    "  max(s.line) AS line\n"
	    "FROM stage_domain s GROUP BY s.name HAVING count(*) > 1 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.name AS domain, NULL AS localpart, max(s.file) AS file,\n"
	    "  max(s.line) AS line\n"
	    "FROM stage_domain s GROUP BY s.name HAVING count(*) > 1 LIMIT 1",
		},
	},
	[STMT_STAGE_TWICE_USER] = {
		.name = "stage_twice_user",
		.out = out_stage_twice_user, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM (SELECT domain, localpart FROM stage_user GROUP BY domain, localpart\n"
	    "    HAVING count(*) > 1 LIMIT 1) k\n"
	    "  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "GROUP BY s.domain, s.localpart",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM (SELECT domain, localpart FROM stage_user GROUP BY domain, localpart\n"
	    "    HAVING count(*) > 1 LIMIT 1) k\n"
	    "  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "GROUP BY s.domain, s.localpart",
		},
	},
	[STMT_STAGE_TWICE_ALIAS] = {
		.name = "stage_twice_alias",
		.out = out_stage_twice_alias, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM (SELECT domain, localpart FROM stage_alias GROUP BY domain, localpart\n"
	    "    HAVING count(*) > 1 LIMIT 1) k\n"
	    "  JOIN stage_alias s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "GROUP BY s.domain, s.localpart",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM (SELECT domain, localpart FROM stage_alias GROUP BY domain, localpart\n"
	    "    HAVING count(*) > 1 LIMIT 1) k\n"
	    "  JOIN stage_alias s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "GROUP BY s.domain, s.localpart",
		},
	},
	[STMT_STAGE_TWICE_SENDER] = {
		.name = "stage_twice_sender",
		.out = out_stage_twice_sender, .nout = 4,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM stage_sender s WHERE s.login IS NULL\n"
	    "GROUP BY s.domain, s.localpart HAVING count(*) > 1 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, max(s.file) AS file, max(s.line) AS line\n"
	    "FROM stage_sender s WHERE s.login IS NULL\n"
	    "GROUP BY s.domain, s.localpart HAVING count(*) > 1 LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_CLASS] = {
		.name = "stage_bad_class",
		.out = out_stage_bad_class, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.name AS domain, NULL AS localpart,\n"
	    "  d.class || coalesce(' of ' || d.target, '') AS detail\n"
	    "FROM stage_domain s JOIN domain d ON d.name = s.name\n"
	    "WHERE s.class <> d.class OR s.target <> coalesce(d.target, '') LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.name AS domain, NULL AS localpart,\n"
	    "  d.class || coalesce(' of ' || d.target, '') AS detail\n"
	    "FROM stage_domain s JOIN domain d ON d.name = s.name\n"
	    "WHERE s.class <> d.class OR s.target <> coalesce(d.target, '') LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_PRIMARY] = {
		.name = "stage_bad_primary",
		.out = out_stage_bad_primary, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT max(name) AS domain, NULL AS localpart, min(name) AS detail\n"
	    "FROM stage_domain WHERE is_primary = 1 HAVING count(*) > 1",
		    [MAILDB__PGSQL] = "SELECT max(name) AS domain, NULL AS localpart, min(name) AS detail\n"
	    "FROM stage_domain WHERE is_primary = 1 HAVING count(*) > 1",
		},
	},
	[STMT_STAGE_USED] = {
		.name = "stage_used",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO stage_used (kind, domain, localpart, class)\n"
	    "SELECT k.kind, k.domain, k.localpart, coalesce(d.class, s.class,\n"
	    "  CASE WHEN s.name IS NOT NULL THEN 'mailbox' END)\n"
	    "FROM (SELECT 'user' AS kind, domain, min(localpart) AS localpart\n"
	    "    FROM stage_user GROUP BY domain\n"
	    "  UNION ALL SELECT CASE WHEN recipient = 1 THEN 'recipient' ELSE 'alias' END,\n"
	    "      domain, min(localpart)\n"
	    "    FROM stage_alias GROUP BY recipient, domain\n"
	    "  UNION ALL SELECT 'alias', domain, min(localpart)\n"
	    "    FROM stage_target GROUP BY domain\n"
	    "  UNION ALL SELECT 'alias', domain, min(localpart)\n"
	    "    FROM stage_sender GROUP BY domain) k\n"
	    "  LEFT JOIN domain d ON d.name = k.domain\n"
	    "  LEFT JOIN stage_domain s ON s.name = k.domain",
		    [MAILDB__PGSQL] = "INSERT INTO stage_used (kind, domain, localpart, class)\n"
	    "SELECT k.kind, k.domain, k.localpart, coalesce(d.class, s.class,\n"
	    "  CASE WHEN s.name IS NOT NULL THEN 'mailbox' END)\n"
	    "FROM (SELECT 'user' AS kind, domain, min(localpart) AS localpart\n"
	    "    FROM stage_user GROUP BY domain\n"
	    "  UNION ALL SELECT CASE WHEN recipient = 1 THEN 'recipient' ELSE 'alias' END,\n"
	    "      domain, min(localpart)\n"
	    "    FROM stage_alias GROUP BY recipient, domain\n"
	    "  UNION ALL SELECT 'alias', domain, min(localpart)\n"
	    "    FROM stage_target GROUP BY domain\n"
	    "  UNION ALL SELECT 'alias', domain, min(localpart)\n"
	    "    FROM stage_sender GROUP BY domain) k\n"
	    "  LEFT JOIN domain d ON d.name = k.domain\n"
	    "  LEFT JOIN stage_domain s ON s.name = k.domain",
		},
	},
	[STMT_STAGE_BAD_DOMAIN] = {
		.name = "stage_bad_domain",
		.out = out_stage_bad_domain, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart, domain AS detail FROM stage_used\n"
	    "WHERE class IS NULL ORDER BY kind DESC LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT domain, localpart, domain AS detail FROM stage_used\n"
	    "WHERE class IS NULL ORDER BY kind DESC LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_USER] = {
		.name = "stage_bad_user",
		.out = out_stage_bad_user, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart, class AS detail FROM stage_used\n"
	    "WHERE kind = 'user' AND class <> 'mailbox' LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT domain, localpart, class AS detail FROM stage_used\n"
	    "WHERE kind = 'user' AND class <> 'mailbox' LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_RECIPIENT] = {
		.name = "stage_bad_recipient",
		.out = out_stage_bad_recipient, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart, class AS detail FROM stage_used\n"
	    "WHERE kind = 'recipient' AND class <> 'relay' LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT domain, localpart, class AS detail FROM stage_used\n"
	    "WHERE kind = 'recipient' AND class <> 'relay' LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_LOGIN] = {
		.name = "stage_bad_login",
		.out = out_stage_bad_login, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, s.login AS detail\n"
	    "FROM stage_sender s\n"
	    "WHERE s.login IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = substr(s.login, instr(s.login, '@') + 1)\n"
	    "      AND u.localpart = substr(s.login, 1, instr(s.login, '@') - 1))\n"
	    "  AND NOT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.domain = substr(s.login, instr(s.login, '@') + 1)\n"
	    "      AND a.localpart = substr(s.login, 1, instr(s.login, '@') - 1)) LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, s.login AS detail\n"
	    "FROM stage_sender s\n"
	    "WHERE s.login IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = substr(s.login, instr(s.login, '@') + 1)\n"
	    "      AND u.localpart = substr(s.login, 1, instr(s.login, '@') - 1))\n"
	    "  AND NOT EXISTS (SELECT 1 FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.domain = substr(s.login, instr(s.login, '@') + 1)\n"
	    "      AND a.localpart = substr(s.login, 1, instr(s.login, '@') - 1)) LIMIT 1",
		},
	},
	[STMT_STAGE_BAD_FIELDS] = {
		.name = "stage_bad_fields",
		.out = out_stage_bad_fields, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, NULL AS detail\n"
	    "FROM stage_alias s\n"
	    "WHERE s.has_fields = 1 AND s.recipient = 0 AND EXISTS (SELECT 1 FROM stage_user u\n"
	    "  WHERE u.domain = s.domain AND u.localpart = s.localpart) LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, NULL AS detail\n"
	    "FROM stage_alias s\n"
	    "WHERE s.has_fields = 1 AND s.recipient = 0 AND EXISTS (SELECT 1 FROM stage_user u\n"
	    "  WHERE u.domain = s.domain AND u.localpart = s.localpart) LIMIT 1",
		},
	},
	[STMT_STAGE_NO_TARGET] = {
		.name = "stage_no_target",
		.out = out_stage_no_target, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, NULL AS detail\n"
	    "FROM stage_alias s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "WHERE a.id IS NULL AND s.recipient = 0 AND s.of_user = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_target t WHERE t.domain = s.domain\n"
	    "    AND t.localpart = s.localpart)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_user u WHERE u.domain = s.domain\n"
	    "    AND u.localpart = s.localpart) LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, NULL AS detail\n"
	    "FROM stage_alias s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "WHERE a.id IS NULL AND s.recipient = 0 AND s.of_user = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_target t WHERE t.domain = s.domain\n"
	    "    AND t.localpart = s.localpart)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_user u WHERE u.domain = s.domain\n"
	    "    AND u.localpart = s.localpart) LIMIT 1",
		},
	},
	[STMT_STAGE_TO_ITSELF] = {
		.name = "stage_to_itself",
		.out = out_stage_to_itself, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.domain, t.localpart, NULL AS detail\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.dest = t.localpart || '@' || t.domain AND coalesce(a.final, 0) = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = t.domain AND u.localpart = t.localpart)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_alias s WHERE s.domain = t.domain\n"
	    "    AND s.localpart = t.localpart AND s.recipient = 1) LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.domain, t.localpart, NULL AS detail\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.dest = t.localpart || '@' || t.domain AND coalesce(a.final, 0) = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = t.domain AND u.localpart = t.localpart)\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_alias s WHERE s.domain = t.domain\n"
	    "    AND s.localpart = t.localpart AND s.recipient = 1) LIMIT 1",
		},
	},
	[STMT_STAGE_FOLD] = {
		.name = "stage_fold",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE stage_target SET dest = lower(dest)\n"
	    "WHERE dest <> lower(dest) AND (EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_domain s\n"
	    "    WHERE s.name = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_alias l\n"
	    "    WHERE l.domain = substr(dest, instr(dest, '@') + 1)))",
		    [MAILDB__PGSQL] = "UPDATE stage_target SET dest = lower(dest)\n"
	    "WHERE dest <> lower(dest) AND (EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_domain s\n"
	    "    WHERE s.name = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_user u\n"
	    "    WHERE u.domain = substr(dest, instr(dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_alias l\n"
	    "    WHERE l.domain = substr(dest, instr(dest, '@') + 1)))",
		},
	},
	[STMT_STAGE_BAD_DEST] = {
		.name = "stage_bad_dest",
		.out = out_stage_bad_dest, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM stage_target t\n"
	    "WHERE t.wide > 0 AND (EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_domain s\n"
	    "    WHERE s.name = substr(t.dest, instr(t.dest, '@') + 1))) LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM stage_target t\n"
	    "WHERE t.wide > 0 AND (EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM stage_domain s\n"
	    "    WHERE s.name = substr(t.dest, instr(t.dest, '@') + 1))) LIMIT 1",
		},
	},
	[STMT_STAGE_UTF8_DEST] = {
		.name = "stage_utf8_dest",
		.out = out_stage_utf8_dest, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM stage_target t WHERE t.wide = 2 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM stage_target t WHERE t.wide = 2 LIMIT 1",
		},
	},
	[STMT_TODO_BAD_WINDOW] = {
		.name = "todo_bad_window",
		.out = out_todo_bad_window, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT k.domain, k.localpart, NULL AS detail FROM (\n"
	    "  SELECT domain, localpart, valid_from, valid_until FROM todo_user\n"
	    "  UNION ALL SELECT domain, localpart, valid_from, valid_until FROM todo_alias) k\n"
	    "WHERE k.valid_from > k.valid_until LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT k.domain, k.localpart, NULL AS detail FROM (\n"
	    "  SELECT domain, localpart, valid_from, valid_until FROM todo_user\n"
	    "  UNION ALL SELECT domain, localpart, valid_from, valid_until FROM todo_alias) k\n"
	    "WHERE k.valid_from > k.valid_until LIMIT 1",
		},
	},
	[STMT_TODO_UNHASHED] = {
		.name = "todo_unhashed",
		.out = out_todo_unhashed, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart, NULL AS detail FROM todo_user\n"
	    "WHERE pending = 1 AND mailbox_id IS NULL LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT domain, localpart, NULL AS detail FROM todo_user\n"
	    "WHERE pending = 1 AND mailbox_id IS NULL LIMIT 1",
		},
	},
	[STMT_TODO_STILL_WANTED] = {
		.name = "todo_still_wanted",
		.out = out_todo_still_wanted, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM todo_removal r JOIN stage_target t ON t.dest = r.localpart || '@' || r.domain\n"
	    "  LEFT JOIN todo_removal s ON s.domain = t.domain AND s.localpart = t.localpart\n"
	    "WHERE r.localpart <> '' AND r.domain <> '*' AND s.n IS NULL LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.domain, t.localpart, t.dest AS detail\n"
	    "FROM todo_removal r JOIN stage_target t ON t.dest = r.localpart || '@' || r.domain\n"
	    "  LEFT JOIN todo_removal s ON s.domain = t.domain AND s.localpart = t.localpart\n"
	    "WHERE r.localpart <> '' AND r.domain <> '*' AND s.n IS NULL LIMIT 1",
		},
	},
	[STMT_TODO_LOGIN_GONE] = {
		.name = "todo_login_gone",
		.out = out_todo_login_gone, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.domain, t.localpart, t.login AS detail\n"
	    "FROM todo_removal r JOIN stage_sender t ON t.login = r.localpart || '@' || r.domain\n"
	    "WHERE r.kind = 'user' LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT t.domain, t.localpart, t.login AS detail\n"
	    "FROM todo_removal r JOIN stage_sender t ON t.login = r.localpart || '@' || r.domain\n"
	    "WHERE r.kind = 'user' LIMIT 1",
		},
	},
	[STMT_TODO_SENDER_BARE] = {
		.name = "todo_sender_bare",
		.out = out_todo_sender_bare, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT DISTINCT t.domain, t.localpart\n"
	    "FROM todo_sender t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.gone = 0 AND a.id IS NULL ORDER BY t.domain, t.localpart",
		    [MAILDB__PGSQL] = "SELECT DISTINCT t.domain, t.localpart\n"
	    "FROM todo_sender t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.gone = 0 AND a.id IS NULL ORDER BY t.domain, t.localpart",
		},
	},
	[STMT_TODO_DOMAINS] = {
		.name = "todo_domains",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_domain (n, id, name, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "SELECT row_number() OVER (ORDER BY CASE WHEN s.class = 'alias' THEN 1 ELSE 0 END,\n"
	    "    s.name), d.id, s.name, coalesce(d.class, nullif(s.class, ''), 'mailbox'),\n"
	    "  nullif(coalesce(s.target, d.target), ''), coalesce(s.enabled, d.enabled),\n"
	    "  coalesce(s.is_primary, d.is_primary),\n"
	    "  nullif(coalesce(s.quota, d.quota), -1),\n"
	    "  nullif(coalesce(s.messages, d.messages), -1),\n"
	    "  nullif(coalesce(s.max_users, d.max_users), -1),\n"
	    "  nullif(coalesce(s.max_aliases, d.max_aliases), -1),\n"
	    "  nullif(coalesce(s.max_quota, d.max_quota), -1),\n"
	    "  coalesce(s.outside_senders, d.outside_senders),\n"
	    "  coalesce(s.any_recipient, d.any_recipient),\n"
	    "  coalesce(s.autoconfig, d.autoconfig), coalesce(s.dkim, d.dkim),\n"
	    "  nullif(coalesce(s.note, d.note), '')\n"
	    "FROM stage_domain s LEFT JOIN domain d ON d.name = s.name\n"
	    "WHERE d.id IS NULL OR s.enabled <> d.enabled OR s.is_primary <> d.is_primary\n"
	    "  OR s.quota <> coalesce(d.quota, -1)\n"
	    "  OR s.messages <> coalesce(d.messages, -1)\n"
	    "  OR s.max_users <> coalesce(d.max_users, -1)\n"
	    "  OR s.max_aliases <> coalesce(d.max_aliases, -1)\n"
	    "  OR s.max_quota <> coalesce(d.max_quota, -1)\n"
	    "  OR s.outside_senders <> d.outside_senders\n"
	    "  OR s.any_recipient <> d.any_recipient OR s.autoconfig <> d.autoconfig\n"
	    "  OR s.dkim <> d.dkim OR s.note <> coalesce(d.note, '')",
		    [MAILDB__PGSQL] = "INSERT INTO todo_domain (n, id, name, class, target, enabled, is_primary, quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note)\n"
	    "SELECT row_number() OVER (ORDER BY CASE WHEN s.class = 'alias' THEN 1 ELSE 0 END,\n"
	    "    s.name), d.id, s.name, coalesce(d.class, nullif(s.class, ''), 'mailbox'),\n"
	    "  nullif(coalesce(s.target, d.target), ''), coalesce(s.enabled, d.enabled),\n"
	    "  coalesce(s.is_primary, d.is_primary),\n"
	    "  nullif(coalesce(s.quota, d.quota), -1),\n"
	    "  nullif(coalesce(s.messages, d.messages), -1),\n"
	    "  nullif(coalesce(s.max_users, d.max_users), -1),\n"
	    "  nullif(coalesce(s.max_aliases, d.max_aliases), -1),\n"
	    "  nullif(coalesce(s.max_quota, d.max_quota), -1),\n"
	    "  coalesce(s.outside_senders, d.outside_senders),\n"
	    "  coalesce(s.any_recipient, d.any_recipient),\n"
	    "  coalesce(s.autoconfig, d.autoconfig), coalesce(s.dkim, d.dkim),\n"
	    "  nullif(coalesce(s.note, d.note), '')\n"
	    "FROM stage_domain s LEFT JOIN domain d ON d.name = s.name\n"
	    "WHERE d.id IS NULL OR s.enabled <> d.enabled OR s.is_primary <> d.is_primary\n"
	    "  OR s.quota <> coalesce(d.quota, -1)\n"
	    "  OR s.messages <> coalesce(d.messages, -1)\n"
	    "  OR s.max_users <> coalesce(d.max_users, -1)\n"
	    "  OR s.max_aliases <> coalesce(d.max_aliases, -1)\n"
	    "  OR s.max_quota <> coalesce(d.max_quota, -1)\n"
	    "  OR s.outside_senders <> d.outside_senders\n"
	    "  OR s.any_recipient <> d.any_recipient OR s.autoconfig <> d.autoconfig\n"
	    "  OR s.dkim <> d.dkim OR s.note <> coalesce(d.note, '')",
		},
	},
	[STMT_TODO_DOMAIN_GET] = {
		.name = "todo_domain_get",
		.in = in_todo_domain_get, .nin = 1,
		.out = out_todo_domain_get, .nout = 16,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, name, class, target, enabled, is_primary AS \"primary\", quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note\n"
	    "FROM todo_domain WHERE n = $1",
		    [MAILDB__PGSQL] = "SELECT id, name, class, target, enabled, is_primary AS \"primary\", quota,\n"
	    "  messages, max_users, max_aliases, max_quota, outside_senders, any_recipient,\n"
	    "  autoconfig, dkim, note\n"
	    "FROM todo_domain WHERE n = $1",
		},
	},
	[STMT_TODO_USERS] = {
		.name = "todo_users",
		.in = in_todo_users, .nin = 8,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_user (address_id, mailbox_id, domain, localpart, name, enabled,\n"
	    "  receive, send, imap, pop3, sieve, internal, quota, messages, valid_from,\n"
	    "  valid_until, must_change, spam_days, home, note, password, pending)\n"
	    "SELECT a.id, m.address_id, s.domain, s.localpart,\n"
	    "  nullif(coalesce(s.name, m.name), ''), coalesce(s.enabled, a.enabled, $1),\n"
	    "  coalesce(s.receive, a.receive, $2), coalesce(s.send, m.send, $3),\n"
	    "  coalesce(s.imap, m.imap, $4), coalesce(s.pop3, m.pop3, $5),\n"
	    "  coalesce(s.sieve, m.sieve, $6), coalesce(s.internal, a.internal, $7),\n"
	    "  nullif(coalesce(s.quota, m.quota), -1),\n"
	    "  nullif(coalesce(s.messages, m.messages), -1),\n"
	    "  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),\n"
	    "  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),\n"
	    "    9223372036854775807),\n"
	    "  CASE WHEN m.address_id IS NULL THEN coalesce(s.must_change, $8)\n"
	    "  WHEN s.password IS NOT NULL AND s.replaces = 1\n"
	    "    AND s.password <> coalesce(m.password, '') THEN coalesce(s.must_change, 0)\n"
	    "  WHEN s.password IS NULL AND s.pending = 0 OR s.replaces = 1\n"
	    "    THEN coalesce(s.must_change, m.must_change)\n"
	    "  ELSE m.must_change END,\n"
	    "  nullif(coalesce(s.spam_days, m.spam_days), -1),\n"
	    "  nullif(coalesce(s.home, m.home), ''), nullif(coalesce(s.note, a.note), ''),\n"
	    "  CASE WHEN m.address_id IS NULL OR s.replaces = 1\n"
	    "  THEN nullif(coalesce(s.password, m.password), '') ELSE m.password END,\n"
	    "  s.pending\n"
	    "FROM stage_user s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE m.address_id IS NULL OR s.rank = 0 AND (s.name <> coalesce(m.name, '')\n"
	    "  OR s.enabled <> a.enabled OR s.receive <> a.receive OR s.send <> m.send\n"
	    "  OR s.imap <> m.imap OR s.pop3 <> m.pop3 OR s.sieve <> m.sieve\n"
	    "  OR s.internal <> a.internal OR s.quota <> coalesce(m.quota, -1)\n"
	    "  OR s.messages <> coalesce(m.messages, -1)\n"
	    "  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)\n"
	    "  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)\n"
	    "  OR s.must_change <> m.must_change\n"
	    "    AND (s.password IS NULL AND s.pending = 0 OR s.replaces = 1)\n"
	    "  OR s.spam_days <> coalesce(m.spam_days, -1)\n"
	    "  OR s.home <> coalesce(m.home, '') OR s.note <> coalesce(a.note, '')\n"
	    "  OR s.password <> coalesce(m.password, '') AND s.replaces = 1)\n"
	    "ORDER BY s.domain, s.localpart",
		    [MAILDB__PGSQL] = "INSERT INTO todo_user (address_id, mailbox_id, domain, localpart, name, enabled,\n"
	    "  receive, send, imap, pop3, sieve, internal, quota, messages, valid_from,\n"
	    "  valid_until, must_change, spam_days, home, note, password, pending)\n"
	    "SELECT a.id, m.address_id, s.domain, s.localpart,\n"
	    "  nullif(coalesce(s.name, m.name), ''), coalesce(s.enabled, a.enabled, $1),\n"
	    "  coalesce(s.receive, a.receive, $2), coalesce(s.send, m.send, $3),\n"
	    "  coalesce(s.imap, m.imap, $4), coalesce(s.pop3, m.pop3, $5),\n"
	    "  coalesce(s.sieve, m.sieve, $6), coalesce(s.internal, a.internal, $7),\n"
	    "  nullif(coalesce(s.quota, m.quota), -1),\n"
	    "  nullif(coalesce(s.messages, m.messages), -1),\n"
	    "  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),\n"
	    "  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),\n"
	    "    9223372036854775807),\n"
	    "  CASE WHEN m.address_id IS NULL THEN coalesce(s.must_change, $8)\n"
	    "  WHEN s.password IS NOT NULL AND s.replaces = 1\n"
	    "    AND s.password <> coalesce(m.password, '') THEN coalesce(s.must_change, 0)\n"
	    "  WHEN s.password IS NULL AND s.pending = 0 OR s.replaces = 1\n"
	    "    THEN coalesce(s.must_change, m.must_change)\n"
	    "  ELSE m.must_change END,\n"
	    "  nullif(coalesce(s.spam_days, m.spam_days), -1),\n"
	    "  nullif(coalesce(s.home, m.home), ''), nullif(coalesce(s.note, a.note), ''),\n"
	    "  CASE WHEN m.address_id IS NULL OR s.replaces = 1\n"
	    "  THEN nullif(coalesce(s.password, m.password), '') ELSE m.password END,\n"
	    "  s.pending\n"
	    "FROM stage_user s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE m.address_id IS NULL OR s.rank = 0 AND (s.name <> coalesce(m.name, '')\n"
	    "  OR s.enabled <> a.enabled OR s.receive <> a.receive OR s.send <> m.send\n"
	    "  OR s.imap <> m.imap OR s.pop3 <> m.pop3 OR s.sieve <> m.sieve\n"
	    "  OR s.internal <> a.internal OR s.quota <> coalesce(m.quota, -1)\n"
	    "  OR s.messages <> coalesce(m.messages, -1)\n"
	    "  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)\n"
	    "  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)\n"
	    "  OR s.must_change <> m.must_change\n"
	    "    AND (s.password IS NULL AND s.pending = 0 OR s.replaces = 1)\n"
	    "  OR s.spam_days <> coalesce(m.spam_days, -1)\n"
	    "  OR s.home <> coalesce(m.home, '') OR s.note <> coalesce(a.note, '')\n"
	    "  OR s.password <> coalesce(m.password, '') AND s.replaces = 1)\n"
	    "ORDER BY s.domain, s.localpart",
		},
	},
	[STMT_TODO_ALIASES] = {
		.name = "todo_aliases",
		.in = in_todo_aliases, .nin = 2,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_alias (address_id, domain, localpart, enabled, internal,\n"
	    "  valid_from, valid_until, note, final)\n"
	    "SELECT a.id, s.domain, s.localpart, coalesce(s.enabled, a.enabled, $1),\n"
	    "  coalesce(s.internal, a.internal, $2),\n"
	    "  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),\n"
	    "  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),\n"
	    "    9223372036854775807),\n"
	    "  nullif(coalesce(s.note, a.note), ''),\n"
	    "  CASE WHEN s.recipient = 1 THEN 1 ELSE coalesce(a.final, 0) END\n"
	    "FROM stage_alias s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "WHERE a.id IS NULL OR s.enabled <> a.enabled OR s.internal <> a.internal\n"
	    "  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)\n"
	    "  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)\n"
	    "  OR s.note <> coalesce(a.note, '') OR s.recipient = 1 AND a.final = 0\n"
	    "UNION ALL\n"
	    "SELECT NULL, t.domain, t.localpart, $1, $2, 0, 9223372036854775807, NULL, 0\n"
	    "FROM (SELECT domain, localpart FROM stage_target GROUP BY domain, localpart) t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE a.id IS NULL AND NOT EXISTS (SELECT 1 FROM stage_alias s\n"
	    "  WHERE s.domain = t.domain AND s.localpart = t.localpart)\n"
	    "ORDER BY 2, 3",
		    [MAILDB__PGSQL] = "INSERT INTO todo_alias (address_id, domain, localpart, enabled, internal,\n"
	    "  valid_from, valid_until, note, final)\n"
	    "SELECT a.id, s.domain, s.localpart, coalesce(s.enabled, a.enabled, $1),\n"
	    "  coalesce(s.internal, a.internal, $2),\n"
	    "  coalesce(nullif(coalesce(s.valid_from, a.valid_from), -1), 0),\n"
	    "  coalesce(nullif(coalesce(s.valid_until, a.valid_until), -1),\n"
	    "    9223372036854775807),\n"
	    "  nullif(coalesce(s.note, a.note), ''),\n"
	    "  CASE WHEN s.recipient = 1 THEN 1 ELSE coalesce(a.final, 0) END\n"
	    "FROM stage_alias s\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "WHERE a.id IS NULL OR s.enabled <> a.enabled OR s.internal <> a.internal\n"
	    "  OR s.valid_from <> coalesce(nullif(a.valid_from, 0), -1)\n"
	    "  OR s.valid_until <> coalesce(nullif(a.valid_until, 9223372036854775807), -1)\n"
	    "  OR s.note <> coalesce(a.note, '') OR s.recipient = 1 AND a.final = 0\n"
	    "UNION ALL\n"
	    "SELECT NULL, t.domain, t.localpart, $1, $2, 0, 9223372036854775807, NULL, 0\n"
	    "FROM (SELECT domain, localpart FROM stage_target GROUP BY domain, localpart) t\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE a.id IS NULL AND NOT EXISTS (SELECT 1 FROM stage_alias s\n"
	    "  WHERE s.domain = t.domain AND s.localpart = t.localpart)\n"
	    "ORDER BY 2, 3",
		},
	},
	[STMT_TODO_TARGETS] = {
		.name = "todo_targets",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone, n, rank)\n"
	    "SELECT x.id, a.id, min(t.dest), coalesce(max(t.may_send), x.may_send,\n"
	    "    CASE WHEN t.localpart = '' THEN 0 ELSE 1 END), 0, max(t.n), max(t.rank)\n"
	    "FROM stage_target t\n"
	    "  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "  LEFT JOIN target x ON x.address_id = a.id\n"
	    "    AND lower(x.dest) = lower(t.dest)\n"
	    "WHERE x.id IS NULL OR t.may_send <> x.may_send\n"
	    "GROUP BY t.domain, t.localpart, lower(t.dest), x.id, a.id, x.may_send",
		    [MAILDB__PGSQL] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone, n, rank)\n"
	    "SELECT x.id, a.id, min(t.dest), coalesce(max(t.may_send), x.may_send,\n"
	    "    CASE WHEN t.localpart = '' THEN 0 ELSE 1 END), 0, max(t.n), max(t.rank)\n"
	    "FROM stage_target t\n"
	    "  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "  LEFT JOIN target x ON x.address_id = a.id\n"
	    "    AND lower(x.dest) = lower(t.dest)\n"
	    "WHERE x.id IS NULL OR t.may_send <> x.may_send\n"
	    "GROUP BY t.domain, t.localpart, lower(t.dest), x.id, a.id, x.may_send",
		},
	},
	[STMT_TODO_TARGETS_GONE] = {
		.name = "todo_targets_gone",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)\n"
	    "SELECT x.id, x.address_id, x.dest, x.may_send, 1\n"
	    "FROM stage_alias s\n"
	    "  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  JOIN target x ON x.address_id = a.id\n"
	    "WHERE s.exact = 1 AND NOT EXISTS (SELECT 1 FROM stage_target t\n"
	    "  WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "    AND lower(t.dest) = lower(x.dest))",
		    [MAILDB__PGSQL] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)\n"
	    "SELECT x.id, x.address_id, x.dest, x.may_send, 1\n"
	    "FROM stage_alias s\n"
	    "  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  JOIN target x ON x.address_id = a.id\n"
	    "WHERE s.exact = 1 AND NOT EXISTS (SELECT 1 FROM stage_target t\n"
	    "  WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "    AND lower(t.dest) = lower(x.dest))",
		},
	},
	[STMT_TODO_TARGETS_PRUNED] = {
		.name = "todo_targets_pruned",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)\n"
	    "SELECT x.id, x.address_id, x.dest, x.may_send, 1\n"
	    "FROM (SELECT t.domain, t.localpart FROM stage_scope p\n"
	    "      JOIN stage_target t ON t.domain = p.name\n"
	    "    GROUP BY t.domain, t.localpart) s\n"
	    "  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  JOIN target x ON x.address_id = a.id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM stage_target t\n"
	    "    WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "      AND lower(t.dest) = lower(x.dest))\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_alias e\n"
	    "    WHERE e.domain = s.domain AND e.localpart = s.localpart AND e.exact = 1)",
		    [MAILDB__PGSQL] = "INSERT INTO todo_target (target_id, address_id, dest, may_send, gone)\n"
	    "SELECT x.id, x.address_id, x.dest, x.may_send, 1\n"
	    "FROM (SELECT t.domain, t.localpart FROM stage_scope p\n"
	    "      JOIN stage_target t ON t.domain = p.name\n"
	    "    GROUP BY t.domain, t.localpart) s\n"
	    "  JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  JOIN target x ON x.address_id = a.id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM stage_target t\n"
	    "    WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "      AND lower(t.dest) = lower(x.dest))\n"
	    "  AND NOT EXISTS (SELECT 1 FROM stage_alias e\n"
	    "    WHERE e.domain = s.domain AND e.localpart = s.localpart AND e.exact = 1)",
		},
	},
	[STMT_TODO_SENDERS] = {
		.name = "todo_senders",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT DISTINCT t.domain, t.localpart, m.address_id, 0\n"
	    "FROM stage_sender t\n"
	    "  JOIN address a ON a.domain = substr(t.login, instr(t.login, '@') + 1)\n"
	    "    AND a.localpart = substr(t.login, 1, instr(t.login, '@') - 1)\n"
	    "  JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM sender s WHERE s.domain = t.domain\n"
	    "  AND s.localpart = t.localpart AND s.login_id = m.address_id)",
		    [MAILDB__PGSQL] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT DISTINCT t.domain, t.localpart, m.address_id, 0\n"
	    "FROM stage_sender t\n"
	    "  JOIN address a ON a.domain = substr(t.login, instr(t.login, '@') + 1)\n"
	    "    AND a.localpart = substr(t.login, 1, instr(t.login, '@') - 1)\n"
	    "  JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM sender s WHERE s.domain = t.domain\n"
	    "  AND s.localpart = t.localpart AND s.login_id = m.address_id)",
		},
	},
	[STMT_TODO_SENDERS_GONE] = {
		.name = "todo_senders_gone",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT s.domain, s.localpart, s.login_id, 1\n"
	    "FROM stage_sender e\n"
	    "  JOIN sender s ON s.domain = e.domain AND s.localpart = e.localpart\n"
	    "  JOIN address a ON a.id = s.login_id\n"
	    "WHERE e.login IS NULL AND NOT EXISTS (SELECT 1 FROM stage_sender t\n"
	    "  WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "    AND t.login = a.localpart || '@' || a.domain)",
		    [MAILDB__PGSQL] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT s.domain, s.localpart, s.login_id, 1\n"
	    "FROM stage_sender e\n"
	    "  JOIN sender s ON s.domain = e.domain AND s.localpart = e.localpart\n"
	    "  JOIN address a ON a.id = s.login_id\n"
	    "WHERE e.login IS NULL AND NOT EXISTS (SELECT 1 FROM stage_sender t\n"
	    "  WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "    AND t.login = a.localpart || '@' || a.domain)",
		},
	},
	[STMT_TODO_SENDERS_PRUNED] = {
		.name = "todo_senders_pruned",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT s.domain, s.localpart, s.login_id, 2\n"
	    "FROM stage_scope p JOIN sender s ON s.domain = p.name\n"
	    "  JOIN address a ON a.id = s.login_id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM stage_sender t\n"
	    "    WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "      AND (t.login IS NULL OR t.login = a.localpart || '@' || a.domain))",
		    [MAILDB__PGSQL] = "INSERT INTO todo_sender (domain, localpart, login_id, gone)\n"
	    "SELECT s.domain, s.localpart, s.login_id, 2\n"
	    "FROM stage_scope p JOIN sender s ON s.domain = p.name\n"
	    "  JOIN address a ON a.id = s.login_id\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM stage_sender t\n"
	    "    WHERE t.domain = s.domain AND t.localpart = s.localpart\n"
	    "      AND (t.login IS NULL OR t.login = a.localpart || '@' || a.domain))",
		},
	},
	[STMT_TODO_REMOVALS] = {
		.name = "todo_removals",
		.in = in_todo_removals, .nin = 3,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO todo_removal (n, kind, domain, localpart)\n"
	    "SELECT row_number() OVER (ORDER BY r.kind, r.domain, r.localpart), r.kind,\n"
	    "  r.domain, r.localpart\n"
	    "FROM (SELECT CASE WHEN m.address_id IS NOT NULL THEN 'user'\n"
	    "      WHEN a.final = 1 THEN 'recipient' ELSE 'alias' END AS kind, a.domain,\n"
	    "      a.localpart\n"
	    "    FROM stage_scope p JOIN address a ON a.domain = p.name\n"
	    "      LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.localpart NOT IN ('postmaster', 'abuse')\n"
	    "      AND CASE WHEN m.address_id IS NOT NULL THEN $2 ELSE $1 END = 1\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_user s\n"
	    "        WHERE s.domain = a.domain AND s.localpart = a.localpart)\n"
	    "      AND (m.address_id IS NOT NULL\n"
	    "        OR NOT EXISTS (SELECT 1 FROM stage_alias s\n"
	    "          WHERE s.domain = a.domain AND s.localpart = a.localpart)\n"
	    "        AND NOT EXISTS (SELECT 1 FROM stage_target s\n"
	    "          WHERE s.domain = a.domain AND s.localpart = a.localpart))\n"
	    "      AND (a.final = 1 OR EXISTS (SELECT 1 FROM target t\n"
	    "        WHERE t.address_id = a.id))\n"
	    "  UNION ALL SELECT 'zone', p.name, '' FROM stage_scope p\n"
	    "      JOIN domain d ON d.name = p.name AND d.id > 0\n"
	    "    WHERE $3 = 1 AND NOT EXISTS (SELECT 1 FROM stage_domain s\n"
	    "      WHERE s.name = p.name)) r",
		    [MAILDB__PGSQL] = "INSERT INTO todo_removal (n, kind, domain, localpart)\n"
	    "SELECT row_number() OVER (ORDER BY r.kind, r.domain, r.localpart), r.kind,\n"
	    "  r.domain, r.localpart\n"
	    "FROM (SELECT CASE WHEN m.address_id IS NOT NULL THEN 'user'\n"
	    "      WHEN a.final = 1 THEN 'recipient' ELSE 'alias' END AS kind, a.domain,\n"
	    "      a.localpart\n"
	    "    FROM stage_scope p JOIN address a ON a.domain = p.name\n"
	    "      LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "    WHERE a.localpart NOT IN ('postmaster', 'abuse')\n"
	    "      AND CASE WHEN m.address_id IS NOT NULL THEN $2 ELSE $1 END = 1\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_user s\n"
	    "        WHERE s.domain = a.domain AND s.localpart = a.localpart)\n"
	    "      AND (m.address_id IS NOT NULL\n"
	    "        OR NOT EXISTS (SELECT 1 FROM stage_alias s\n"
	    "          WHERE s.domain = a.domain AND s.localpart = a.localpart)\n"
	    "        AND NOT EXISTS (SELECT 1 FROM stage_target s\n"
	    "          WHERE s.domain = a.domain AND s.localpart = a.localpart))\n"
	    "      AND (a.final = 1 OR EXISTS (SELECT 1 FROM target t\n"
	    "        WHERE t.address_id = a.id))\n"
	    "  UNION ALL SELECT 'zone', p.name, '' FROM stage_scope p\n"
	    "      JOIN domain d ON d.name = p.name AND d.id > 0\n"
	    "    WHERE $3 = 1 AND NOT EXISTS (SELECT 1 FROM stage_domain s\n"
	    "      WHERE s.name = p.name)) r",
		},
	},
	[STMT_TODO_USER_WITH] = {
		.name = "todo_user_with",
		.in = in_todo_user_with, .nin = 1,
		.out = out_todo_user_with, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT domain, localpart FROM todo_user\n"
	    "WHERE mailbox_id IS NULL AND instr(localpart, $1) > 0 LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT domain, localpart FROM todo_user\n"
	    "WHERE mailbox_id IS NULL AND instr(localpart, $1) > 0 LIMIT 1",
		},
	},
	[STMT_TODO_REMOVAL_GET] = {
		.name = "todo_removal_get",
		.in = in_todo_removal_get, .nin = 1,
		.out = out_todo_removal_get, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT kind, domain, localpart FROM todo_removal WHERE n = $1",
		    [MAILDB__PGSQL] = "SELECT kind, domain, localpart FROM todo_removal WHERE n = $1",
		},
	},
	[STMT_TODO_CENSUS] = {
		.name = "todo_census",
		.out = out_todo_census, .nout = 5,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT (SELECT count(*) FROM domain) AS domains,\n"
	    "  (SELECT count(*) FROM mailbox) AS users,\n"
	    "  (SELECT count(*) FROM address WHERE final = 0) AS aliases,\n"
	    "  (SELECT count(*) FROM address a WHERE a.final = 1 AND NOT EXISTS (SELECT 1\n"
	    "    FROM mailbox m WHERE m.address_id = a.id)) AS recipients,\n"
	    "  (SELECT count(*) FROM sender) AS senders",
		    [MAILDB__PGSQL] = "SELECT (SELECT count(*) FROM domain) AS domains,\n"
	    "  (SELECT count(*) FROM mailbox) AS users,\n"
	    "  (SELECT count(*) FROM address WHERE final = 0) AS aliases,\n"
	    "  (SELECT count(*) FROM address a WHERE a.final = 1 AND NOT EXISTS (SELECT 1\n"
	    "    FROM mailbox m WHERE m.address_id = a.id)) AS recipients,\n"
	    "  (SELECT count(*) FROM sender) AS senders",
		},
	},
	[STMT_TODO_CENSUS_SCOPE] = {
		.name = "todo_census_scope",
		.out = out_todo_census_scope, .nout = 5,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT coalesce(sum(k.domains), 0) AS domains, coalesce(sum(k.users), 0) AS users,\n"
	    "  coalesce(sum(k.aliases), 0) AS aliases,\n"
	    "  coalesce(sum(k.recipients), 0) AS recipients,\n"
	    "  coalesce(sum(k.senders), 0) AS senders\n"
	    "FROM (SELECT 1 AS domains, (SELECT count(*) FROM address a\n"
	    "      JOIN mailbox m ON m.address_id = a.id WHERE a.domain = d.name) AS users,\n"
	    "    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 0)\n"
	    "      AS aliases,\n"
	    "    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 1\n"
	    "      AND NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.address_id = a.id))\n"
	    "      AS recipients,\n"
	    "    (SELECT count(*) FROM sender s WHERE s.domain = d.name) AS senders\n"
	    "  FROM (SELECT d.name FROM stage_scope p JOIN domain d ON d.name = p.name\n"
	    "    UNION SELECT d.name FROM stage_scope p JOIN domain d ON d.target = p.name)\n"
	    "    d) k",
		    [MAILDB__PGSQL] = "SELECT coalesce(sum(k.domains), 0) AS domains, coalesce(sum(k.users), 0) AS users,\n"
	    "  coalesce(sum(k.aliases), 0) AS aliases,\n"
	    "  coalesce(sum(k.recipients), 0) AS recipients,\n"
	    "  coalesce(sum(k.senders), 0) AS senders\n"
	    "FROM (SELECT 1 AS domains, (SELECT count(*) FROM address a\n"
	    "      JOIN mailbox m ON m.address_id = a.id WHERE a.domain = d.name) AS users,\n"
	    "    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 0)\n"
	    "      AS aliases,\n"
	    "    (SELECT count(*) FROM address a WHERE a.domain = d.name AND a.final = 1\n"
	    "      AND NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.address_id = a.id))\n"
	    "      AS recipients,\n"
	    "    (SELECT count(*) FROM sender s WHERE s.domain = d.name) AS senders\n"
	    "  FROM (SELECT d.name FROM stage_scope p JOIN domain d ON d.name = p.name\n"
	    "    UNION SELECT d.name FROM stage_scope p JOIN domain d ON d.target = p.name)\n"
	    "    d) k",
		},
	},
	[STMT_TODO_ADD_ADDRESSES] = {
		.name = "todo_add_addresses",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (domain, localpart, enabled, receive, internal, valid_from,\n"
	    "  valid_until, note)\n"
	    "SELECT domain, localpart, enabled, receive, internal, valid_from, valid_until,\n"
	    "  note\n"
	    "FROM todo_user WHERE address_id IS NULL",
		    [MAILDB__PGSQL] = "INSERT INTO address (domain, localpart, enabled, receive, internal, valid_from,\n"
	    "  valid_until, note)\n"
	    "SELECT domain, localpart, enabled, receive, internal, valid_from, valid_until,\n"
	    "  note\n"
	    "FROM todo_user WHERE address_id IS NULL",
		},
	},
	[STMT_TODO_SET_ADDRESSES] = {
		.name = "todo_set_addresses",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE address SET enabled = t.enabled, receive = t.receive,\n"
	    "  internal = t.internal, valid_from = t.valid_from, valid_until = t.valid_until,\n"
	    "  note = t.note\n"
	    "FROM todo_user t\n"
	    "WHERE address.id = t.address_id AND (address.enabled <> t.enabled\n"
	    "  OR address.receive <> t.receive OR address.internal <> t.internal\n"
	    "  OR address.valid_from <> t.valid_from OR address.valid_until <> t.valid_until\n"
	    "  OR coalesce(address.note, '') <> coalesce(t.note, ''))",
		    [MAILDB__PGSQL] = "UPDATE address SET enabled = t.enabled, receive = t.receive,\n"
	    "  internal = t.internal, valid_from = t.valid_from, valid_until = t.valid_until,\n"
	    "  note = t.note\n"
	    "FROM todo_user t\n"
	    "WHERE address.id = t.address_id AND (address.enabled <> t.enabled\n"
	    "  OR address.receive <> t.receive OR address.internal <> t.internal\n"
	    "  OR address.valid_from <> t.valid_from OR address.valid_until <> t.valid_until\n"
	    "  OR coalesce(address.note, '') <> coalesce(t.note, ''))",
		},
	},
	[STMT_TODO_ADD_MAILBOXES] = {
		.name = "todo_add_mailboxes",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "SELECT a.id, t.password, t.quota, t.messages, t.send, t.imap, t.pop3, t.sieve,\n"
	    "  t.must_change, t.spam_days, t.name, t.home\n"
	    "FROM todo_user t\n"
	    "  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.mailbox_id IS NULL",
		    [MAILDB__PGSQL] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "SELECT a.id, t.password, t.quota, t.messages, t.send, t.imap, t.pop3, t.sieve,\n"
	    "  t.must_change, t.spam_days, t.name, t.home\n"
	    "FROM todo_user t\n"
	    "  JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.mailbox_id IS NULL",
		},
	},
	[STMT_TODO_SET_MAILBOXES] = {
		.name = "todo_set_mailboxes",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE mailbox SET password = t.password, quota = t.quota,\n"
	    "  messages = t.messages, send = t.send, imap = t.imap, pop3 = t.pop3,\n"
	    "  sieve = t.sieve, must_change = t.must_change, spam_days = t.spam_days,\n"
	    "  name = t.name, home = t.home\n"
	    "FROM todo_user t\n"
	    "WHERE mailbox.address_id = t.mailbox_id\n"
	    "  AND (coalesce(mailbox.password, '') <> coalesce(t.password, '')\n"
	    "  OR coalesce(mailbox.quota, -1) <> coalesce(t.quota, -1)\n"
	    "  OR coalesce(mailbox.messages, -1) <> coalesce(t.messages, -1)\n"
	    "  OR mailbox.send <> t.send OR mailbox.imap <> t.imap\n"
	    "  OR mailbox.pop3 <> t.pop3 OR mailbox.sieve <> t.sieve\n"
	    "  OR mailbox.must_change <> t.must_change\n"
	    "  OR coalesce(mailbox.spam_days, -1) <> coalesce(t.spam_days, -1)\n"
	    "  OR coalesce(mailbox.name, '') <> coalesce(t.name, '')\n"
	    "  OR coalesce(mailbox.home, '') <> coalesce(t.home, ''))",
		    [MAILDB__PGSQL] = "UPDATE mailbox SET password = t.password, quota = t.quota,\n"
	    "  messages = t.messages, send = t.send, imap = t.imap, pop3 = t.pop3,\n"
	    "  sieve = t.sieve, must_change = t.must_change, spam_days = t.spam_days,\n"
	    "  name = t.name, home = t.home\n"
	    "FROM todo_user t\n"
	    "WHERE mailbox.address_id = t.mailbox_id\n"
	    "  AND (coalesce(mailbox.password, '') <> coalesce(t.password, '')\n"
	    "  OR coalesce(mailbox.quota, -1) <> coalesce(t.quota, -1)\n"
	    "  OR coalesce(mailbox.messages, -1) <> coalesce(t.messages, -1)\n"
	    "  OR mailbox.send <> t.send OR mailbox.imap <> t.imap\n"
	    "  OR mailbox.pop3 <> t.pop3 OR mailbox.sieve <> t.sieve\n"
	    "  OR mailbox.must_change <> t.must_change\n"
	    "  OR coalesce(mailbox.spam_days, -1) <> coalesce(t.spam_days, -1)\n"
	    "  OR coalesce(mailbox.name, '') <> coalesce(t.name, '')\n"
	    "  OR coalesce(mailbox.home, '') <> coalesce(t.home, ''))",
		},
	},
	[STMT_TODO_ADD_SOURCES] = {
		.name = "todo_add_sources",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (domain, localpart, enabled, internal, valid_from,\n"
	    "  valid_until, note, final)\n"
	    "SELECT domain, localpart, enabled, internal, valid_from, valid_until, note, final\n"
	    "FROM todo_alias WHERE address_id IS NULL",
		    [MAILDB__PGSQL] = "INSERT INTO address (domain, localpart, enabled, internal, valid_from,\n"
	    "  valid_until, note, final)\n"
	    "SELECT domain, localpart, enabled, internal, valid_from, valid_until, note, final\n"
	    "FROM todo_alias WHERE address_id IS NULL",
		},
	},
	[STMT_TODO_SET_SOURCES] = {
		.name = "todo_set_sources",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE address SET enabled = t.enabled, internal = t.internal,\n"
	    "  valid_from = t.valid_from, valid_until = t.valid_until, note = t.note,\n"
	    "  final = t.final\n"
	    "FROM todo_alias t WHERE address.id = t.address_id",
		    [MAILDB__PGSQL] = "UPDATE address SET enabled = t.enabled, internal = t.internal,\n"
	    "  valid_from = t.valid_from, valid_until = t.valid_until, note = t.note,\n"
	    "  final = t.final\n"
	    "FROM todo_alias t WHERE address.id = t.address_id",
		},
	},
	[STMT_TODO_ADD_TARGETS] = {
		.name = "todo_add_targets",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO target (address_id, dest, may_send)\n"
	    "SELECT address_id, dest, may_send FROM todo_target\n"
	    "WHERE target_id IS NULL",
		    [MAILDB__PGSQL] = "INSERT INTO target (address_id, dest, may_send)\n"
	    "SELECT address_id, dest, may_send FROM todo_target\n"
	    "WHERE target_id IS NULL",
		},
	},
	[STMT_TODO_SET_TARGETS] = {
		.name = "todo_set_targets",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE target SET may_send = t.may_send\n"
	    "FROM todo_target t WHERE target.id = t.target_id AND t.gone = 0",
		    [MAILDB__PGSQL] = "UPDATE target SET may_send = t.may_send\n"
	    "FROM todo_target t WHERE target.id = t.target_id AND t.gone = 0",
		},
	},
	[STMT_TODO_REMOVE_TARGETS] = {
		.name = "todo_remove_targets",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target\n"
	    "WHERE id IN (SELECT target_id FROM todo_target WHERE gone = 1)",
		    [MAILDB__PGSQL] = "DELETE FROM target\n"
	    "WHERE id IN (SELECT target_id FROM todo_target WHERE gone = 1)",
		},
	},
	[STMT_TODO_ADD_SENDERS] = {
		.name = "todo_add_senders",
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO sender (domain, localpart, login_id)\n"
	    "SELECT domain, localpart, login_id FROM todo_sender WHERE gone = 0",
		    [MAILDB__PGSQL] = "INSERT INTO sender (domain, localpart, login_id)\n"
	    "SELECT domain, localpart, login_id FROM todo_sender WHERE gone = 0",
		},
	},
	[STMT_TODO_REMOVE_SENDERS] = {
		.name = "todo_remove_senders",
		.in = in_todo_remove_senders, .nin = 1,
		.writes = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM sender\n"
	    "WHERE (domain, localpart, login_id) IN (SELECT domain, localpart, login_id\n"
	    "  FROM todo_sender WHERE gone = $1)",
		    [MAILDB__PGSQL] = "DELETE FROM sender\n"
	    "WHERE (domain, localpart, login_id) IN (SELECT domain, localpart, login_id\n"
	    "  FROM todo_sender WHERE gone = $1)",
		},
	},
	[STMT_TODO_SUSPECTS] = {
		.name = "todo_suspects",
		.out = out_todo_suspects, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT t.address_id\n"
	    "FROM todo_target t\n"
	    "  JOIN target x ON x.address_id = t.address_id\n"
	    "    AND lower(x.dest) = lower(t.dest)\n"
	    "  LEFT JOIN address o ON o.id = x.dest_id\n"
	    "WHERE t.gone = 0 AND (o.final = 0\n"
	    "  OR o.id IS NULL AND EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(x.dest, instr(x.dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM target y WHERE y.address_id = o.id)\n"
	    "  OR EXISTS (SELECT 1 FROM target z WHERE z.dest_id = t.address_id\n"
	    "    AND z.address_id <> t.address_id)\n"
	    "  OR EXISTS (SELECT 1 FROM address e WHERE e.domain IN (o.domain, '*',\n"
	    "      (SELECT d.target FROM domain d WHERE d.name = o.domain))\n"
	    "    AND e.localpart > o.localpart AND e.localpart < o.localpart || '~~'\n"
	    "    AND (e.final = 0 OR EXISTS (SELECT 1 FROM target f\n"
	    "      WHERE f.address_id = e.id))))\n"
	    "UNION SELECT u.address_id\n"
	    "FROM (SELECT DISTINCT address_id FROM todo_target WHERE gone = 0) u\n"
	    "WHERE (SELECT count(*) FROM target c\n"
	    "  WHERE c.address_id = u.address_id) > 50",
		    [MAILDB__PGSQL] = "SELECT t.address_id\n"
	    "FROM todo_target t\n"
	    "  JOIN target x ON x.address_id = t.address_id\n"
	    "    AND lower(x.dest) = lower(t.dest)\n"
	    "  LEFT JOIN address o ON o.id = x.dest_id\n"
	    "WHERE t.gone = 0 AND (o.final = 0\n"
	    "  OR o.id IS NULL AND EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(x.dest, instr(x.dest, '@') + 1))\n"
	    "  OR EXISTS (SELECT 1 FROM target y WHERE y.address_id = o.id)\n"
	    "  OR EXISTS (SELECT 1 FROM target z WHERE z.dest_id = t.address_id\n"
	    "    AND z.address_id <> t.address_id)\n"
	    "  OR EXISTS (SELECT 1 FROM address e WHERE e.domain IN (o.domain, '*',\n"
	    "      (SELECT d.target FROM domain d WHERE d.name = o.domain))\n"
	    "    AND e.localpart > o.localpart AND e.localpart < o.localpart || '~~'\n"
	    "    AND (e.final = 0 OR EXISTS (SELECT 1 FROM target f\n"
	    "      WHERE f.address_id = e.id))))\n"
	    "UNION SELECT u.address_id\n"
	    "FROM (SELECT DISTINCT address_id FROM todo_target WHERE gone = 0) u\n"
	    "WHERE (SELECT count(*) FROM target c\n"
	    "  WHERE c.address_id = u.address_id) > 50",
		},
	},
	[STMT_TODO_OUTSIDE] = {
		.name = "todo_outside",
		.out = out_todo_outside, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, t.dest\n"
	    "FROM todo_target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE a.localpart = '' AND t.target_id IS NULL AND t.gone = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT a.domain, t.dest\n"
	    "FROM todo_target t JOIN address a ON a.id = t.address_id\n"
	    "WHERE a.localpart = '' AND t.target_id IS NULL AND t.gone = 0\n"
	    "  AND NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "    WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "LIMIT 1",
		},
	},
	[STMT_TODO_LIMITED] = {
		.name = "todo_limited",
		.out = out_todo_limited, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT d.name FROM domain d\n"
	    "WHERE (d.max_users > 0 OR d.max_aliases > 0 OR d.max_quota > 0)\n"
	    "  AND d.name IN (SELECT domain FROM todo_user UNION\n"
	    "    SELECT domain FROM todo_alias UNION SELECT name FROM todo_domain)",
		    [MAILDB__PGSQL] = "SELECT d.name FROM domain d\n"
	    "WHERE (d.max_users > 0 OR d.max_aliases > 0 OR d.max_quota > 0)\n"
	    "  AND d.name IN (SELECT domain FROM todo_user UNION\n"
	    "    SELECT domain FROM todo_alias UNION SELECT name FROM todo_domain)",
		},
	},
	[STMT_TODO_COUNT_USERS] = {
		.name = "todo_count_users",
		.out = out_todo_count_users, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 1 ELSE 0 END), 0) AS added,\n"
	    "  coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 0 ELSE 1 END), 0) AS changed\n"
	    "FROM todo_user",
		    [MAILDB__PGSQL] = "SELECT coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 1 ELSE 0 END), 0) AS added,\n"
	    "  coalesce(sum(CASE WHEN mailbox_id IS NULL THEN 0 ELSE 1 END), 0) AS changed\n"
	    "FROM todo_user",
		},
	},
	[STMT_TODO_NEWEST] = {
		.name = "todo_newest",
		.out = out_todo_newest, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT coalesce(max(id), 0) AS id FROM address",
		    [MAILDB__PGSQL] = "SELECT coalesce(max(id), 0) AS id FROM address",
		},
	},
	[STMT_TODO_COUNT_ALIASES] = {
		.name = "todo_count_aliases",
		.in = in_todo_count_aliases, .nin = 1,
		.out = out_todo_count_aliases, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 0)\n"
	    "    AS added,\n"
	    "  (SELECT count(*) FROM (SELECT address_id FROM todo_alias\n"
	    "    WHERE address_id IS NOT NULL UNION SELECT address_id FROM todo_target\n"
	    "    WHERE address_id <= $1) c) AS changed,\n"
	    "  (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 1)\n"
	    "    AS recipients",
		    [MAILDB__PGSQL] = "SELECT (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 0)\n"
	    "    AS added,\n"
	    "  (SELECT count(*) FROM (SELECT address_id FROM todo_alias\n"
	    "    WHERE address_id IS NOT NULL UNION SELECT address_id FROM todo_target\n"
	    "    WHERE address_id <= $1) c) AS changed,\n"
	    "  (SELECT count(*) FROM todo_alias WHERE address_id IS NULL AND final = 1)\n"
	    "    AS recipients",
		},
	},
	[STMT_EXPORT_USERS] = {
		.name = "export_users",
		.out = out_export_users, .nout = 22,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, m.name, a.enabled, a.receive, m.send, m.imap,\n"
	    "  m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, m.must_change,\n"
	    "  m.spam_days, m.home, a.note, m.password, a.id, t.dest, t.may_send\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, m.name, a.enabled, a.receive, m.send, m.imap,\n"
	    "  m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, m.must_change,\n"
	    "  m.spam_days, m.home, a.note, m.password, a.id, t.dest, t.may_send\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_USERS_DOMAIN] = {
		.name = "export_users_domain",
		.in = in_export_users_domain, .nin = 1,
		.out = out_export_users_domain, .nout = 22,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, m.name, a.enabled, a.receive, m.send, m.imap,\n"
	    "  m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, m.must_change,\n"
	    "  m.spam_days, m.home, a.note, m.password, a.id, t.dest, t.may_send\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, m.name, a.enabled, a.receive, m.send, m.imap,\n"
	    "  m.pop3, m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, m.must_change,\n"
	    "  m.spam_days, m.home, a.note, m.password, a.id, t.dest, t.may_send\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_ALIASES] = {
		.name = "export_aliases",
		.out = out_export_aliases, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 0\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 0\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_ALIASES_DOMAIN] = {
		.name = "export_aliases_domain",
		.in = in_export_aliases_domain, .nin = 1,
		.out = out_export_aliases_domain, .nout = 10,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 0 AND a.domain = $1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 0 AND a.domain = $1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_RECIPIENTS] = {
		.name = "export_recipients",
		.out = out_export_recipients, .nout = 10,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_RECIPIENTS_DOMAIN] = {
		.name = "export_recipients_domain",
		.in = in_export_recipients_domain, .nin = 1,
		.out = out_export_recipients_domain, .nout = 10,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1 AND a.domain = $1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		    [MAILDB__PGSQL] = "SELECT a.domain, a.localpart, a.enabled, a.internal,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note, a.id,\n"
	    "  t.dest, t.may_send\n"
	    "FROM address a LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "  LEFT JOIN target t ON t.address_id = a.id\n"
	    "WHERE m.address_id IS NULL AND a.final = 1 AND a.domain = $1\n"
	    "ORDER BY a.domain, a.localpart, lower(t.dest)",
		},
	},
	[STMT_EXPORT_SENDERS] = {
		.name = "export_senders",
		.out = out_export_senders, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		},
	},
	[STMT_EXPORT_SENDERS_DOMAIN] = {
		.name = "export_senders_domain",
		.in = in_export_senders_domain, .nin = 1,
		.out = out_export_senders_domain, .nout = 3,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $1\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT s.domain, s.localpart, a.localpart || '@' || a.domain AS login\n"
	    "FROM sender s JOIN address a ON a.id = s.login_id\n"
	    "WHERE s.domain = $1\n"
	    "ORDER BY s.domain, s.localpart, a.domain, a.localpart",
		},
	},
	[STMT_LATE_MAKE_ROW] = {
		.name = "late_make_row",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE late_row AS SELECT s.rank, s.n, s.file, s.line,\n"
	    "  s.note AS message, s.note AS hint\n"
	    "FROM stage_domain s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE late_row AS SELECT s.rank, s.n, s.file, s.line,\n"
	    "  s.note AS message, s.note AS hint\n"
	    "FROM stage_domain s WHERE 1 = 0",
		},
	},
	[STMT_LATE_MAKE_DOMAIN] = {
		.name = "late_make_domain",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE late_domain AS SELECT s.* FROM stage_domain s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE late_domain AS SELECT s.* FROM stage_domain s WHERE 1 = 0",
		},
	},
	[STMT_LATE_MAKE_USER] = {
		.name = "late_make_user",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE late_user AS SELECT s.* FROM stage_user s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE late_user AS SELECT s.* FROM stage_user s WHERE 1 = 0",
		},
	},
	[STMT_LATE_MAKE_TARGET] = {
		.name = "late_make_target",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE late_target AS SELECT s.* FROM stage_target s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE late_target AS SELECT s.* FROM stage_target s WHERE 1 = 0",
		},
	},
	[STMT_LATE_MAKE_ZONE] = {
		.name = "late_make_zone",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE TEMP TABLE late_zone AS SELECT s.name FROM stage_domain s WHERE 1 = 0",
		    [MAILDB__PGSQL] = "CREATE TEMP TABLE late_zone AS SELECT s.name FROM stage_domain s WHERE 1 = 0",
		},
	},
	[STMT_LATE_INDEX_ROW] = {
		.name = "late_index_row",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE UNIQUE INDEX late_row_key ON late_row (n)",
		    [MAILDB__PGSQL] = "CREATE UNIQUE INDEX late_row_key ON late_row (n)",
		},
	},
	[STMT_LATE_INDEX_TURN] = {
		.name = "late_index_turn",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_row_turn ON late_row (rank, n)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_row_turn ON late_row (rank, n)",
		},
	},
	[STMT_LATE_INDEX_DOMAIN] = {
		.name = "late_index_domain",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_domain_key ON late_domain (n)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_domain_key ON late_domain (n)",
		},
	},
	[STMT_LATE_INDEX_USER] = {
		.name = "late_index_user",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_user_key ON late_user (n)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_user_key ON late_user (n)",
		},
	},
	[STMT_LATE_INDEX_ADDRESS] = {
		.name = "late_index_address",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_user_address ON late_user (domain, localpart)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_user_address ON late_user (domain, localpart)",
		},
	},
	[STMT_LATE_INDEX_TARGET] = {
		.name = "late_index_target",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_target_key ON late_target (n, seq)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_target_key ON late_target (n, seq)",
		},
	},
	[STMT_LATE_INDEX_ZONE] = {
		.name = "late_index_zone",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "CREATE INDEX late_zone_key ON late_zone (name)",
		    [MAILDB__PGSQL] = "CREATE INDEX late_zone_key ON late_zone (name)",
		},
	},
	[STMT_LATE_DROP_ROW] = {
		.name = "late_drop_row",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS late_row",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS late_row",
		},
	},
	[STMT_LATE_DROP_DOMAIN] = {
		.name = "late_drop_domain",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS late_domain",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS late_domain",
		},
	},
	[STMT_LATE_DROP_USER] = {
		.name = "late_drop_user",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS late_user",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS late_user",
		},
	},
	[STMT_LATE_DROP_TARGET] = {
		.name = "late_drop_target",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS late_target",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS late_target",
		},
	},
	[STMT_LATE_DROP_ZONE] = {
		.name = "late_drop_zone",
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DROP TABLE IF EXISTS late_zone",
		    [MAILDB__PGSQL] = "DROP TABLE IF EXISTS late_zone",
		},
	},
	[STMT_LATE_REFUSE] = {
		.name = "late_refuse",
		.in = in_late_refuse, .nin = 6,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line, message, hint)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line, message, hint)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_ZONES] = {
		.name = "late_zones",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_zone (name)\n"
	    "SELECT k.name FROM (SELECT domain AS name FROM stage_user\n"
	    "    UNION SELECT domain FROM stage_target UNION SELECT name FROM stage_domain) k\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM domain d WHERE d.name = k.name)",
		    [MAILDB__PGSQL] = "INSERT INTO late_zone (name)\n"
	    "SELECT k.name FROM (SELECT domain AS name FROM stage_user\n"
	    "    UNION SELECT domain FROM stage_target UNION SELECT name FROM stage_domain) k\n"
	    "WHERE NOT EXISTS (SELECT 1 FROM domain d WHERE d.name = k.name)",
		},
	},
	[STMT_LATE_USERS] = {
		.name = "late_users",
		.in = in_late_users, .nin = 1,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM stage_user s\n"
	    "  LEFT JOIN domain d ON d.name = s.domain\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE s.rank = 2 OR m.address_id IS NULL AND (a.id IS NOT NULL\n"
	    "  OR d.name IS NULL AND $1 = 0 OR d.class <> 'mailbox' OR d.max_users > 0\n"
	    "  OR d.max_quota > 0)\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM stage_user s\n"
	    "  LEFT JOIN domain d ON d.name = s.domain\n"
	    "  LEFT JOIN address a ON a.domain = s.domain AND a.localpart = s.localpart\n"
	    "  LEFT JOIN mailbox m ON m.address_id = a.id\n"
	    "WHERE s.rank = 2 OR m.address_id IS NULL AND (a.id IS NOT NULL\n"
	    "  OR d.name IS NULL AND $1 = 0 OR d.class <> 'mailbox' OR d.max_users > 0\n"
	    "  OR d.max_quota > 0)\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_USERS_AGAIN] = {
		.name = "late_users_again",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart, min(n) AS n FROM stage_user\n"
	    "    GROUP BY domain, localpart HAVING count(*) > 1) k\n"
	    "  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "WHERE s.n > k.n\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart, min(n) AS n FROM stage_user\n"
	    "    GROUP BY domain, localpart HAVING count(*) > 1) k\n"
	    "  JOIN stage_user s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "WHERE s.n > k.n\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_LISTS] = {
		.name = "late_lists",
		.in = in_late_lists, .nin = 1,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT t.rank, t.n, t.file, t.line\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN domain d ON d.name = t.domain\n"
	    "WHERE t.rank = 1 AND (t.localpart = '' OR t.domain = '*'\n"
	    "  OR d.name IS NULL AND $1 = 0 OR d.max_aliases > 0\n"
	    "  OR EXISTS (SELECT 1 FROM address a\n"
	    "    WHERE a.domain = t.domain AND a.localpart = t.localpart)\n"
	    "  OR EXISTS (SELECT 1 FROM address o\n"
	    "    WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "  OR EXISTS (SELECT 1 FROM target x\n"
	    "    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_user v\n"
	    "    WHERE v.domain = t.domain AND v.localpart = t.localpart)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_target z WHERE z.domain = t.domain\n"
	    "    AND z.localpart = t.localpart AND z.n <> t.n)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_target z\n"
	    "    WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)))\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT t.rank, t.n, t.file, t.line\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN domain d ON d.name = t.domain\n"
	    "WHERE t.rank = 1 AND (t.localpart = '' OR t.domain = '*'\n"
	    "  OR d.name IS NULL AND $1 = 0 OR d.max_aliases > 0\n"
	    "  OR EXISTS (SELECT 1 FROM address a\n"
	    "    WHERE a.domain = t.domain AND a.localpart = t.localpart)\n"
	    "  OR EXISTS (SELECT 1 FROM address o\n"
	    "    WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "  OR EXISTS (SELECT 1 FROM target x\n"
	    "    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_user v\n"
	    "    WHERE v.domain = t.domain AND v.localpart = t.localpart)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_target z WHERE z.domain = t.domain\n"
	    "    AND z.localpart = t.localpart AND z.n <> t.n)\n"
	    "  OR EXISTS (SELECT 1 FROM stage_target z\n"
	    "    WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "      AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)))\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_LISTED] = {
		.name = "late_listed",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM stage_target t\n"
	    "  JOIN stage_user s ON s.domain = t.domain AND s.localpart = t.localpart\n"
	    "WHERE t.rank = 1\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM stage_target t\n"
	    "  JOIN stage_user s ON s.domain = t.domain AND s.localpart = t.localpart\n"
	    "WHERE t.rank = 1\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_ALIASES_AGAIN] = {
		.name = "late_aliases_again",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart, lower(dest) AS dest, min(n) AS n\n"
	    "    FROM stage_target\n"
	    "    GROUP BY domain, localpart, lower(dest) HAVING count(*) > 1) k\n"
	    "  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "    AND lower(s.dest) = k.dest\n"
	    "WHERE s.n > k.n\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart, lower(dest) AS dest, min(n) AS n\n"
	    "    FROM stage_target\n"
	    "    GROUP BY domain, localpart, lower(dest) HAVING count(*) > 1) k\n"
	    "  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "    AND lower(s.dest) = k.dest\n"
	    "WHERE s.n > k.n\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_ALIASES_MANY] = {
		.name = "late_aliases_many",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart FROM stage_target\n"
	    "    GROUP BY domain, localpart HAVING count(*) > 25) k\n"
	    "  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "WHERE 1 = 1\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line\n"
	    "FROM (SELECT domain, localpart FROM stage_target\n"
	    "    GROUP BY domain, localpart HAVING count(*) > 25) k\n"
	    "  JOIN stage_target s ON s.domain = k.domain AND s.localpart = k.localpart\n"
	    "WHERE 1 = 1\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_ALIASES] = {
		.name = "late_aliases",
		.in = in_late_aliases, .nin = 1,
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT t.rank, t.n, t.file, t.line\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN domain d ON d.name = t.domain\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.rank = 4 AND (t.localpart = '' OR t.domain = '*' OR t.wide = 2\n"
	    "  OR d.name IS NULL AND ($1 = 0 OR EXISTS (SELECT 1 FROM stage_domain p\n"
	    "    WHERE p.name = t.domain))\n"
	    "  OR d.max_aliases > 0\n"
	    "  OR EXISTS (SELECT 1 FROM late_user v\n"
	    "    WHERE v.domain = t.domain AND v.localpart = t.localpart)\n"
	    "  OR (SELECT count(*) FROM target y WHERE y.address_id = a.id) > 25\n"
	    "  OR EXISTS (SELECT 1 FROM target x WHERE x.dest_id = a.id\n"
	    "    AND x.address_id <> a.id)\n"
	    "  OR a.id IS NULL AND EXISTS (SELECT 1 FROM target x\n"
	    "    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)\n"
	    "  OR NOT (\n"
	    "    EXISTS (SELECT 1 FROM stage_user u\n"
	    "      WHERE u.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "        AND u.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_target z\n"
	    "        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM address o\n"
	    "        JOIN target y ON y.address_id = o.id\n"
	    "        WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "    OR EXISTS (SELECT 1 FROM address o\n"
	    "      WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "        AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)\n"
	    "        AND o.final = 1\n"
	    "        AND NOT EXISTS (SELECT 1 FROM target y\n"
	    "          WHERE y.address_id = o.id))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_target z\n"
	    "        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "    OR NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "        WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM late_zone w\n"
	    "        WHERE w.name = substr(t.dest, instr(t.dest, '@') + 1))))\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT t.rank, t.n, t.file, t.line\n"
	    "FROM stage_target t\n"
	    "  LEFT JOIN domain d ON d.name = t.domain\n"
	    "  LEFT JOIN address a ON a.domain = t.domain AND a.localpart = t.localpart\n"
	    "WHERE t.rank = 4 AND (t.localpart = '' OR t.domain = '*' OR t.wide = 2\n"
	    "  OR d.name IS NULL AND ($1 = 0 OR EXISTS (SELECT 1 FROM stage_domain p\n"
	    "    WHERE p.name = t.domain))\n"
	    "  OR d.max_aliases > 0\n"
	    "  OR EXISTS (SELECT 1 FROM late_user v\n"
	    "    WHERE v.domain = t.domain AND v.localpart = t.localpart)\n"
	    "  OR (SELECT count(*) FROM target y WHERE y.address_id = a.id) > 25\n"
	    "  OR EXISTS (SELECT 1 FROM target x WHERE x.dest_id = a.id\n"
	    "    AND x.address_id <> a.id)\n"
	    "  OR a.id IS NULL AND EXISTS (SELECT 1 FROM target x\n"
	    "    WHERE x.dest = t.localpart || '@' || t.domain AND x.dest_id IS NULL)\n"
	    "  OR NOT (\n"
	    "    EXISTS (SELECT 1 FROM stage_user u\n"
	    "      WHERE u.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "        AND u.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_target z\n"
	    "        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM address o\n"
	    "        JOIN target y ON y.address_id = o.id\n"
	    "        WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "    OR EXISTS (SELECT 1 FROM address o\n"
	    "      WHERE o.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "        AND o.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1)\n"
	    "        AND o.final = 1\n"
	    "        AND NOT EXISTS (SELECT 1 FROM target y\n"
	    "          WHERE y.address_id = o.id))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM stage_target z\n"
	    "        WHERE z.domain = substr(t.dest, instr(t.dest, '@') + 1)\n"
	    "          AND z.localpart = substr(t.dest, 1, instr(t.dest, '@') - 1))\n"
	    "    OR NOT EXISTS (SELECT 1 FROM domain_name n\n"
	    "        WHERE n.name = substr(t.dest, instr(t.dest, '@') + 1))\n"
	    "      AND NOT EXISTS (SELECT 1 FROM late_zone w\n"
	    "        WHERE w.name = substr(t.dest, instr(t.dest, '@') + 1))))\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_DOMAINS] = {
		.name = "late_domains",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line FROM stage_domain s WHERE s.rank > 0\n"
	    "ON CONFLICT DO NOTHING",
		    [MAILDB__PGSQL] = "INSERT INTO late_row (rank, n, file, line)\n"
	    "SELECT s.rank, s.n, s.file, s.line FROM stage_domain s WHERE s.rank > 0\n"
	    "ON CONFLICT DO NOTHING",
		},
	},
	[STMT_LATE_MOVE_DOMAINS] = {
		.name = "late_move_domains",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_domain SELECT s.* FROM stage_domain s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		    [MAILDB__PGSQL] = "INSERT INTO late_domain SELECT s.* FROM stage_domain s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		},
	},
	[STMT_LATE_MOVED_DOMAINS] = {
		.name = "late_moved_domains",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM stage_domain\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_domain.n)",
		    [MAILDB__PGSQL] = "DELETE FROM stage_domain\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_domain.n)",
		},
	},
	[STMT_LATE_MOVE_USERS] = {
		.name = "late_move_users",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_user SELECT s.* FROM stage_user s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		    [MAILDB__PGSQL] = "INSERT INTO late_user SELECT s.* FROM stage_user s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		},
	},
	[STMT_LATE_MOVED_USERS] = {
		.name = "late_moved_users",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM stage_user\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_user.n)",
		    [MAILDB__PGSQL] = "DELETE FROM stage_user\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_user.n)",
		},
	},
	[STMT_LATE_MOVE_TARGETS] = {
		.name = "late_move_targets",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO late_target SELECT s.* FROM stage_target s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		    [MAILDB__PGSQL] = "INSERT INTO late_target SELECT s.* FROM stage_target s\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = s.n)",
		},
	},
	[STMT_LATE_MOVED_TARGETS] = {
		.name = "late_moved_targets",
		.temp = true,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM stage_target\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_target.n)",
		    [MAILDB__PGSQL] = "DELETE FROM stage_target\n"
	    "WHERE EXISTS (SELECT 1 FROM late_row r WHERE r.n = stage_target.n)",
		},
	},
	[STMT_LATE_COUNT] = {
		.name = "late_count",
		.out = out_late_count, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT count(*) AS n FROM late_row",
		    [MAILDB__PGSQL] = "SELECT count(*) AS n FROM late_row",
		},
	},
	[STMT_LATE_ADDED] = {
		.name = "late_added",
		.out = out_late_added, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT (SELECT count(*) FROM todo_user)\n"
	    "  + (SELECT count(DISTINCT n) FROM todo_target WHERE rank = 4) AS n",
		    [MAILDB__PGSQL] = "SELECT (SELECT count(*) FROM todo_user)\n"
	    "  + (SELECT count(DISTINCT n) FROM todo_target WHERE rank = 4) AS n",
		},
	},
	[STMT_LATE_NEXT] = {
		.name = "late_next",
		.in = in_late_next, .nin = 2,
		.out = out_late_next, .nout = 5,
		.text = {
		    [MAILDB__SQLITE] = "SELECT n, file, line, message, hint FROM late_row\n"
	    "WHERE rank = $1 AND n > $2 ORDER BY n LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT n, file, line, message, hint FROM late_row\n"
	    "WHERE rank = $1 AND n > $2 ORDER BY n LIMIT 1",
		},
	},
	[STMT_LATE_DONE] = {
		.name = "late_done",
		.in = in_late_done, .nin = 1,
		.temp = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM late_row WHERE n = $1",
		    [MAILDB__PGSQL] = "DELETE FROM late_row WHERE n = $1",
		},
	},
	[STMT_LATE_DOMAIN_GET] = {
		.name = "late_domain_get",
		.in = in_late_domain_get, .nin = 1,
		.out = out_late_domain_get, .nout = 15,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name, class, target, enabled, is_primary AS \"primary\", quota, messages,\n"
	    "  max_users, max_aliases, max_quota, outside_senders, any_recipient, autoconfig,\n"
	    "  dkim, note\n"
	    "FROM late_domain WHERE n = $1",
		    [MAILDB__PGSQL] = "SELECT name, class, target, enabled, is_primary AS \"primary\", quota, messages,\n"
	    "  max_users, max_aliases, max_quota, outside_senders, any_recipient, autoconfig,\n"
	    "  dkim, note\n"
	    "FROM late_domain WHERE n = $1",
		},
	},
	[STMT_LATE_USER_GET] = {
		.name = "late_user_get",
		.in = in_late_user_get, .nin = 1,
		.out = out_late_user_get, .nout = 19,
		.text = {
		    [MAILDB__SQLITE] = "SELECT localpart || '@' || domain AS address, name, enabled, receive, send,\n"
	    "  imap, pop3, sieve, internal, quota, messages, valid_from, valid_until,\n"
	    "  must_change, spam_days, home, note, password, pending\n"
	    "FROM late_user WHERE n = $1",
		    [MAILDB__PGSQL] = "SELECT localpart || '@' || domain AS address, name, enabled, receive, send,\n"
	    "  imap, pop3, sieve, internal, quota, messages, valid_from, valid_until,\n"
	    "  must_change, spam_days, home, note, password, pending\n"
	    "FROM late_user WHERE n = $1",
		},
	},
	[STMT_LATE_TARGET_GET] = {
		.name = "late_target_get",
		.in = in_late_target_get, .nin = 2,
		.out = out_late_target_get, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT localpart || '@' || domain AS source, dest, may_send, seq\n"
	    "FROM late_target WHERE n = $1 AND seq > $2 ORDER BY seq LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT localpart || '@' || domain AS source, dest, may_send, seq\n"
	    "FROM late_target WHERE n = $1 AND seq > $2 ORDER BY seq LIMIT 1",
		},
	},
	[STMT_SUGGEST_DOMAIN] = {
		.name = "suggest_domain",
		.in = in_suggest_domain, .nin = 2,
		.out = out_suggest_domain, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT name FROM (SELECT name FROM domain_name\n"
	    "  WHERE name < $1 AND name <> '*' ORDER BY name DESC LIMIT $2) AS before\n"
	    "UNION ALL SELECT name FROM (SELECT name FROM domain_name\n"
	    "  WHERE name >= $1 AND name <> '*' ORDER BY name LIMIT $2) AS after",
		    [MAILDB__PGSQL] = "SELECT name FROM (SELECT name FROM domain_name\n"
	    "  WHERE name < $1 AND name <> '*' ORDER BY name DESC LIMIT $2) AS before\n"
	    "UNION ALL SELECT name FROM (SELECT name FROM domain_name\n"
	    "  WHERE name >= $1 AND name <> '*' ORDER BY name LIMIT $2) AS after",
		},
	},
	[STMT_SUGGEST_ADDRESS] = {
		.name = "suggest_address",
		.in = in_suggest_address, .nin = 3,
		.out = out_suggest_address, .nout = 1,
		.text = {
		    [MAILDB__SQLITE] = "SELECT localpart FROM (SELECT localpart FROM address\n"
	    "  WHERE domain = $3 AND localpart < $1 AND localpart <> ''\n"
	    "  ORDER BY localpart DESC LIMIT $2) AS before\n"
	    "UNION ALL SELECT localpart FROM (SELECT localpart FROM address\n"
	    "  WHERE domain = $3 AND localpart >= $1 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT $2) AS after",
		    [MAILDB__PGSQL] = "SELECT localpart FROM (SELECT localpart FROM address\n"
	    "  WHERE domain = $3 AND localpart < $1 AND localpart <> ''\n"
	    "  ORDER BY localpart DESC LIMIT $2) AS before\n"
	    "UNION ALL SELECT localpart FROM (SELECT localpart FROM address\n"
	    "  WHERE domain = $3 AND localpart >= $1 AND localpart <> ''\n"
	    "  ORDER BY localpart LIMIT $2) AS after",
		},
	},
	[STMT_SESSION_FILL] = {
		.name = "session_fill",
		.in = in_session_fill, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE session SET txn = txn + 1, who = $1, via = $2",
		    [MAILDB__PGSQL] = "SELECT set_config('maildb.who', $1, true), set_config('maildb.via', coalesce($2, ''), true)",
		},
	},
	[STMT_SESSION_CLEAR] = {
		.name = "session_clear",
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE session SET who = NULL, via = NULL",
		    [MAILDB__PGSQL] = "SELECT set_config('maildb.who', '', true), set_config('maildb.via', '', true)",
		},
	},
	[STMT_ADDRESS_FIND] = {
		.name = "address_find",
		.in = in_address_find, .nin = 2,
		.out = out_address_find, .nout = 8,
		.text = {
		    [MAILDB__SQLITE] = "SELECT id, final, enabled, receive, internal, nullif(valid_from, 0) AS valid_from,\n"
	    "  nullif(valid_until, 9223372036854775807) AS valid_until, note\n"
	    "FROM address WHERE domain = $1 AND localpart = $2",
		    [MAILDB__PGSQL] = "SELECT id, final, enabled, receive, internal, nullif(valid_from, 0) AS valid_from,\n"
	    "  nullif(valid_until, 9223372036854775807) AS valid_until, note\n"
	    "FROM address WHERE domain = $1 AND localpart = $2",
		},
	},
	[STMT_ADDRESS_TEXT] = {
		.name = "address_text",
		.in = in_address_text, .nin = 1,
		.out = out_address_text, .nout = 4,
		.text = {
		    [MAILDB__SQLITE] = "SELECT localpart || '@' || domain AS address, domain, localpart, final\n"
	    "FROM address WHERE id = $1",
		    [MAILDB__PGSQL] = "SELECT localpart || '@' || domain AS address, domain, localpart, final\n"
	    "FROM address WHERE id = $1",
		},
	},
	[STMT_ADDRESS_HEIRS] = {
		.name = "address_heirs",
		.in = in_address_heirs, .nin = 3,
		.out = out_address_heirs, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id AS address_id, -1 AS target_id FROM address a\n"
	    "WHERE a.localpart IN ('', $2, $3) AND a.domain IN (SELECT '*'\n"
	    "  UNION ALL SELECT $1\n"
	    "  UNION ALL SELECT target FROM domain WHERE name = $1\n"
	    "  UNION ALL SELECT name FROM domain WHERE target = $1\n"
	    "  UNION ALL SELECT name FROM domain WHERE $1 = '*')",
		    [MAILDB__PGSQL] = "SELECT a.id AS address_id, -1 AS target_id FROM address a\n"
	    "WHERE a.localpart IN ('', $2, $3) AND a.domain IN (SELECT '*'\n"
	    "  UNION ALL SELECT $1\n"
	    "  UNION ALL SELECT target FROM domain WHERE name = $1\n"
	    "  UNION ALL SELECT name FROM domain WHERE target = $1\n"
	    "  UNION ALL SELECT name FROM domain WHERE $1 = '*')",
		},
	},
	[STMT_ADDRESS_ADD] = {
		.name = "address_add",
		.in = in_address_add, .nin = 8,
		.out = out_address_add, .nout = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (domain, localpart, enabled, receive, internal, valid_from,\n"
	    "  valid_until, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, coalesce($6, 0),\n"
	    "  coalesce($7, 9223372036854775807), $8)\n"
	    "RETURNING id",
		    [MAILDB__PGSQL] = "INSERT INTO address (domain, localpart, enabled, receive, internal, valid_from,\n"
	    "  valid_until, note)\n"
	    "VALUES ($1, $2, $3, $4, $5, coalesce($6, 0),\n"
	    "  coalesce($7, 9223372036854775807), $8)\n"
	    "RETURNING id",
		},
	},
	[STMT_ADDRESS_UPDATE] = {
		.name = "address_update",
		.in = in_address_update, .nin = 7,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE address SET enabled = $2, receive = $3, internal = $4,\n"
	    "  valid_from = coalesce($5, 0),\n"
	    "  valid_until = coalesce($6, 9223372036854775807), note = $7\n"
	    "WHERE id = $1",
		    [MAILDB__PGSQL] = "UPDATE address SET enabled = $2, receive = $3, internal = $4,\n"
	    "  valid_from = coalesce($5, 0),\n"
	    "  valid_until = coalesce($6, 9223372036854775807), note = $7\n"
	    "WHERE id = $1",
		},
	},
	[STMT_ADDRESS_RENAME_MERGE] = {
		.name = "address_rename_merge",
		.in = in_address_rename_merge, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM target WHERE dest = $2 AND dest_id IS NULL\n"
	    "  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id\n"
	    "    AND o.dest_id = $1)",
		    [MAILDB__PGSQL] = "DELETE FROM target WHERE dest = $2 AND dest_id IS NULL\n"
	    "  AND EXISTS (SELECT 1 FROM target o WHERE o.address_id = target.address_id\n"
	    "    AND o.dest_id = $1)",
		},
	},
	[STMT_ADDRESS_RENAME] = {
		.name = "address_rename",
		.in = in_address_rename, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE address SET domain = $2, localpart = $3 WHERE id = $1",
		    [MAILDB__PGSQL] = "UPDATE address SET domain = $2, localpart = $3 WHERE id = $1",
		},
	},
	[STMT_ADDRESS_DELETE] = {
		.name = "address_delete",
		.in = in_address_delete, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM address WHERE id = $1",
		    [MAILDB__PGSQL] = "DELETE FROM address WHERE id = $1",
		},
	},
	[STMT_USER_ADD] = {
		.name = "user_add",
		.in = in_user_add, .nin = 12,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		    [MAILDB__PGSQL] = "INSERT INTO mailbox (address_id, password, quota, messages, send, imap, pop3,\n"
	    "  sieve, must_change, spam_days, name, home)\n"
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		},
	},
	[STMT_USER_UPDATE] = {
		.name = "user_update",
		.in = in_user_update, .nin = 11,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE mailbox SET quota = $2, messages = $3, send = $4, imap = $5, pop3 = $6,\n"
	    "  sieve = $7, must_change = $8, spam_days = $9, name = $10, home = $11\n"
	    "WHERE address_id = $1",
		    [MAILDB__PGSQL] = "UPDATE mailbox SET quota = $2, messages = $3, send = $4, imap = $5, pop3 = $6,\n"
	    "  sieve = $7, must_change = $8, spam_days = $9, name = $10, home = $11\n"
	    "WHERE address_id = $1",
		},
	},
	[STMT_USER_DELETE] = {
		.name = "user_delete",
		.in = in_user_delete, .nin = 1,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "DELETE FROM mailbox WHERE address_id = $1",
		    [MAILDB__PGSQL] = "DELETE FROM mailbox WHERE address_id = $1",
		},
	},
	[STMT_USER_PASSWORD] = {
		.name = "user_password",
		.in = in_user_password, .nin = 2,
		.out = out_user_password, .nout = 3,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, m.password, CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 AND a.localpart = $2",
		    [MAILDB__PGSQL] = "SELECT a.id, m.password, CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 AND a.localpart = $2",
		},
	},
	[STMT_USER_KINDS] = {
		.name = "user_kinds",
		.out = out_user_kinds, .nout = 2,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT min(password) AS password, count(*) AS n\n"
	    "FROM (SELECT password, instr(password, '}') AS at FROM mailbox\n"
	    "  WHERE password IS NOT NULL) AS found\n"
	    "WHERE substr(password, at + 1, 1) = '$'\n"
	    "GROUP BY CASE\n"
	    "  WHEN substr(password, at + 4, 7) = 'rounds='\n"
	    "    THEN substr(password, 1, at + 4 + instr(substr(password, at + 4), '$'))\n"
	    "  WHEN substr(password, at + 2, 1) = 'g' THEN substr(password, 1, at + 8)\n"
	    "  WHEN substr(password, at + 2, 1) IN ('y', '2')\n"
	    "    THEN substr(password, 1, at + 7)\n"
	    "  ELSE substr(password, 1, at + CASE substr(password, at + 2, 1)\n"
	    "    WHEN '7' THEN 4 ELSE 3 END) END\n"
	    "ORDER BY n DESC, 1 LIMIT 8",
		    [MAILDB__PGSQL] = "SELECT min(password) AS password, count(*) AS n\n"
	    "FROM (SELECT password, strpos(password, '}') AS at FROM mailbox\n"
	    "  WHERE password IS NOT NULL) AS found\n"
	    "WHERE substr(password, at + 1, 1) = '$'\n"
	    "GROUP BY CASE\n"
	    "  WHEN substr(password, at + 4, 7) = 'rounds='\n"
	    "    THEN substr(password, 1, at + 4 + strpos(substr(password, at + 4), '$'))\n"
	    "  WHEN substr(password, at + 2, 1) = 'g' THEN substr(password, 1, at + 8)\n"
	    "  WHEN substr(password, at + 2, 1) IN ('y', '2')\n"
	    "    THEN substr(password, 1, at + 7)\n"
	    "  ELSE substr(password, 1, at + CASE substr(password, at + 2, 1)\n"
	    "    WHEN '7' THEN 4 ELSE 3 END) END\n"
	    "ORDER BY n DESC, 1 LIMIT 8",
		},
	},
	[STMT_USER_SET_PASSWORD] = {
		.name = "user_set_password",
		.in = in_user_set_password, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE mailbox SET password = $2, must_change = 0 WHERE address_id = $1",
		    [MAILDB__PGSQL] = "UPDATE mailbox SET password = $2, must_change = 0 WHERE address_id = $1",
		},
	},
	[STMT_USER_CHANGE_PASSWORD] = {
		.name = "user_change_password",
		.in = in_user_change_password, .nin = 3,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "UPDATE mailbox SET password = $2, must_change = 0\n"
	    "WHERE address_id = $1 AND password = $3 AND EXISTS (SELECT 1 FROM address a\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "  WHERE a.id = $1 AND d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until)",
		    [MAILDB__PGSQL] = "UPDATE mailbox SET password = $2, must_change = 0\n"
	    "WHERE address_id = $1 AND password = $3 AND EXISTS (SELECT 1 FROM address a\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "  WHERE a.id = $1 AND d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until)",
		},
	},
	[STMT_USER_GET] = {
		.name = "user_get",
		.in = in_user_get, .nin = 2,
		.out = out_user_get, .nout = 21,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 AND a.localpart = $2",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 AND a.localpart = $2",
		},
	},
	[STMT_USER_LIST] = {
		.name = "user_list",
		.out = out_user_list, .nout = 21,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "ORDER BY a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "ORDER BY a.domain, a.localpart",
		},
	},
	[STMT_USER_LIST_DOMAIN] = {
		.name = "user_list_domain",
		.in = in_user_list_domain, .nin = 1,
		.out = out_user_list_domain, .nout = 21,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, m.name,\n"
	    "  CASE WHEN d.enabled = 1 AND a.enabled = 1\n"
	    "    AND unixepoch() BETWEEN a.valid_from AND a.valid_until\n"
	    "  THEN 1 ELSE 0 END AS active, a.enabled, a.receive, m.send, m.imap, m.pop3,\n"
	    "  m.sieve, a.internal, m.quota, m.messages,\n"
	    "  nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until,\n"
	    "  CASE substr(m.password, instr(m.password, '}') + 1, 3)\n"
	    "    WHEN '$y$' THEN 'yescrypt' WHEN '$gy' THEN 'gost-yescrypt'\n"
	    "    WHEN '$7$' THEN 'scrypt' WHEN '$2a' THEN 'bcrypt' WHEN '$2b' THEN 'bcrypt'\n"
	    "    WHEN '$2y' THEN 'bcrypt' WHEN '$6$' THEN 'sha512'\n"
	    "    WHEN '$5$' THEN 'sha256' WHEN '$1$' THEN 'md5'\n"
	    "    ELSE substr(m.password, 1, instr(m.password, '}')) END AS scheme,\n"
	    "  m.must_change,\n"
	    "  m.spam_days, m.home, a.note\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart",
		},
	},
	[STMT_QUOTA_LIST] = {
		.name = "quota_list",
		.out = out_quota_list, .nout = 5,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS address,\n"
	    "  coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'quota')) AS quota,\n"
	    "  CASE WHEN m.quota IS NOT NULL THEN 'user' WHEN d.quota IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS quota_from,\n"
	    "  coalesce(m.messages, d.messages, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'messages')) AS messages,\n"
	    "  CASE WHEN m.messages IS NOT NULL THEN 'user' WHEN d.messages IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS messages_from\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "ORDER BY a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS address,\n"
	    "  coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'quota')) AS quota,\n"
	    "  CASE WHEN m.quota IS NOT NULL THEN 'user' WHEN d.quota IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS quota_from,\n"
	    "  coalesce(m.messages, d.messages, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'messages')) AS messages,\n"
	    "  CASE WHEN m.messages IS NOT NULL THEN 'user' WHEN d.messages IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS messages_from\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "ORDER BY a.domain, a.localpart",
		},
	},
	[STMT_QUOTA_LIST_DOMAIN] = {
		.name = "quota_list_domain",
		.in = in_quota_list_domain, .nin = 1,
		.out = out_quota_list_domain, .nout = 5,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS address,\n"
	    "  coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'quota')) AS quota,\n"
	    "  CASE WHEN m.quota IS NOT NULL THEN 'user' WHEN d.quota IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS quota_from,\n"
	    "  coalesce(m.messages, d.messages, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'messages')) AS messages,\n"
	    "  CASE WHEN m.messages IS NOT NULL THEN 'user' WHEN d.messages IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS messages_from\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS address,\n"
	    "  coalesce(m.quota, d.quota, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'quota')) AS quota,\n"
	    "  CASE WHEN m.quota IS NOT NULL THEN 'user' WHEN d.quota IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS quota_from,\n"
	    "  coalesce(m.messages, d.messages, (SELECT CAST(value AS BIGINT) FROM setting\n"
	    "    WHERE name = 'messages')) AS messages,\n"
	    "  CASE WHEN m.messages IS NOT NULL THEN 'user' WHEN d.messages IS NOT NULL\n"
	    "    THEN 'domain' ELSE 'setting' END AS messages_from\n"
	    "FROM address a JOIN mailbox m ON m.address_id = a.id\n"
	    "  JOIN domain d ON d.name = a.domain\n"
	    "WHERE a.domain = $1 ORDER BY a.domain, a.localpart",
		},
	},
	[STMT_USER_WITH] = {
		.name = "user_with",
		.in = in_user_with, .nin = 1,
		.out = out_user_with, .nout = 1,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.localpart || '@' || a.domain AS address\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE instr(a.localpart, $1) > 0 ORDER BY a.id LIMIT 1",
		    [MAILDB__PGSQL] = "SELECT a.localpart || '@' || a.domain AS address\n"
	    "FROM mailbox m JOIN address a ON a.id = m.address_id\n"
	    "WHERE instr(a.localpart, $1) > 0 ORDER BY a.id LIMIT 1",
		},
	},
	[STMT_RECIPIENT_ADD] = {
		.name = "recipient_add",
		.in = in_recipient_add, .nin = 2,
		.writes = true,
		.text = {
		    [MAILDB__SQLITE] = "INSERT INTO address (domain, localpart, final) VALUES ($1, $2, 1)",
		    [MAILDB__PGSQL] = "INSERT INTO address (domain, localpart, final) VALUES ($1, $2, 1)",
		},
	},
	[STMT_RECIPIENT_LIST] = {
		.name = "recipient_list",
		.out = out_recipient_list, .nout = 8,
		.scans = true,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.class = 'relay' AND a.final = 1 ORDER BY d.name, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.class = 'relay' AND a.final = 1 ORDER BY d.name, a.localpart",
		},
	},
	[STMT_RECIPIENT_LIST_DOMAIN] = {
		.name = "recipient_list_domain",
		.in = in_recipient_list_domain, .nin = 1,
		.out = out_recipient_list_domain, .nout = 8,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.name = $1 AND d.class = 'relay' AND a.final = 1\n"
	    "ORDER BY a.domain, a.localpart",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE d.name = $1 AND d.class = 'relay' AND a.final = 1\n"
	    "ORDER BY a.domain, a.localpart",
		},
	},
	[STMT_RECIPIENT_GET] = {
		.name = "recipient_get",
		.in = in_recipient_get, .nin = 2,
		.out = out_recipient_get, .nout = 8,
		.text = {
		    [MAILDB__SQLITE] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE a.domain = $1 AND a.localpart = $2 AND d.class = 'relay' AND a.final = 1",
		    [MAILDB__PGSQL] = "SELECT a.id, a.localpart || '@' || a.domain AS address, a.domain, a.enabled,\n"
	    "  a.internal, nullif(a.valid_from, 0) AS valid_from,\n"
	    "  nullif(a.valid_until, 9223372036854775807) AS valid_until, a.note\n"
	    "FROM domain d JOIN address a ON a.domain = d.name\n"
	    "WHERE a.domain = $1 AND a.localpart = $2 AND d.class = 'relay' AND a.final = 1",
		},
	},
};
