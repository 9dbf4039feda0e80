# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The columns of tables in CREATE TABLE, from schema/entities: those that need
# no more than their type, default and range.  Needs schema/entities.awk before
# it and a function put(), which takes one line of SQL.

# The default of a column in SQL.
function sql_default(t, c) {
	if (type[t, c] == "bool")
		return initial[t, c] == "yes" ? "1" : "0"
	return type[t, c] == "from" ? "0" : "9223372036854775807"
}

# "NAME TYPE ..." of a column, or "" for one that is written by hand.
function plain_column(t, c, backend,   integer, small) {
	integer = backend == "sqlite" ? "INTEGER" : "bigint"
	small = backend == "sqlite" ? "INTEGER" : "smallint"
	if (type[t, c] == "bool")
		return c " " small " NOT NULL DEFAULT " sql_default(t, c) \
		    " CHECK (" c " IN (0, 1))"
	if (type[t, c] ~ /^(size|count)$/)
		return c " " integer " CHECK (" c " >= 0)"
	if (type[t, c] ~ /^(from|until)$/)
		return c " " integer " NOT NULL DEFAULT " sql_default(t, c)
	if (type[t, c] == "text" && initial[t, c] == "null" &&
	    !((t, c, "checked") in flag))
		return c (backend == "sqlite" ? " TEXT" : " text COLLATE \"C\"")
	return ""
}

# All columns of a table that are not written by hand, a comma after each.
function put_columns(t, backend,   i, line) {
	for (i = 1; i <= columns[t]; i++) {
		line = plain_column(t, column[t, i], backend)
		if (line != "")
			put("  " line ",")
	}
}
