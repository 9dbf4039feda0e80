/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * maps_text.h - the configuration excerpts that "maps" fills in
 *
 * In a text, @T@ is a map's type and directory ("proxy:sqlite:/etc/postfix/"
 * "maildb"), @D@ the directory, @DB@ the lines that name the database, @P@, @U@
 * and @I@ the password, user and iteration queries, @G@ text_dovecot_group for
 * SQLite, and @name@ a setting.
 */
#ifndef MAILCFG_MAPS_TEXT_H
#define MAILCFG_MAPS_TEXT_H

extern const char text_main_cf[], text_master_cf[], text_dovecot_23[],
    text_dovecot_sql_23[], text_dovecot_24[], text_dovecot_group[];

#endif
