# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Turns the named statements of sql/*.sql into C.  Run with -v what=list for
# the enumeration, -v what=source for the table.  A statement is
#
#	-- name: user_add [sqlite|pgsql]   the back end when texts differ
#	-- in: address quota:size ...      inputs $1, $2... and their types
#	-- out: id:int ...                 columns, in order
#	-- scan: why                       it may read a whole table, because
#	-- only: sqlite                    the other back end has no such text
#	-- temp: what                      it changes TEMP tables only
#	-- bulk: why                       run for so many rows that PostgreSQL
#	                                   had better COPY them; it is an INSERT
#	                                   of $1, $2... in order
#	SELECT ...;
#
# What several statements share is a part: "-- part: NAME [sqlite|pgsql]" with
# columns and text, which a line "@NAME" of a later statement or part in the
# file stands for.
#
# Types are those of enum maildb_type; text when none is given.  A second text
# for the other back end repeats the name and nothing else.
function fail(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	bad = 1
	exit 1
}

# Splits "a b:int" into rows of struct maildb__column, counted in ncolumns.
function columns(list,   n, i, part, word, rows) {
	n = split(list, word, " ")
	ncolumns = n
	rows = ""
	for (i = 1; i <= n; i++) {
		if (split(word[i], part, ":") == 1)
			part[2] = "text"
		if (!(part[2] in types))
			fail("unknown type in " word[i])
		rows = rows sprintf(" { \"%s\", MAILDB_%s },", part[1],
		    toupper(part[2]))
	}
	return rows
}

# Adds a line to the texts of the back ends that it is for.
function add(line,   b) {
	for (b in backends)
		if (variant == "" || variant == b)
			text[b] = text[b] (text[b] == "" ? "" : "\n") line
}

# Puts a part in: its text for each back end, its columns once.
function include(part,   b) {
	for (b in backends) {
		if (variant != "" && variant != b)
			continue
		if (!((part, b) in parts))
			fail("no part " part " for " b)
		text[b] = text[b] (text[b] == "" ? "" : "\n") parts[part, b]
	}
	if (!((name, part) in used))
		outputs[name] = outputs[name] outputs[part]
	used[name, part] = 1
}

# The statement as a string of C.
function quoted(body) {
	sub(/[ \n\t]*;[ \n\t]*$/, "", body)
	if (body == "")
		fail("statement " name " has no text")
	gsub(/\\/, "&&", body)
	gsub(/"/, "\\\"", body)
	gsub(/\n/, "\\n\"\n\t    \"", body)
	return body
}

# Ends a statement or part for one back end.
function finish_for(b,   first) {
	if (is_part) {
		parts[name, b] = text[b]
		return
	}
	if (name in bulk) {
		if (!match(text[b], /^INSERT INTO [a-z_]+ \([^)]*\)/))
			fail("statement " name " is no INSERT with columns")
		copy[name] = "COPY" substr(text[b], 12, RLENGTH - 11) " FROM STDIN"
		gsub(/[ \n]+/, " ", copy[name])
	}
	sql[name, b] = quoted(text[b])
	first = toupper(text[b])
	if (first ~ /^(INSERT|UPDATE|DELETE)/ || first ~ /^WITH.*(INSERT|UPDATE|DELETE) /)
		writes[name] = 1
}

function finish(   b) {
	if (name == "")
		return
	if (!is_part && !(name in seen)) {
		seen[name] = 1
		order[++count] = name
	}
	for (b in backends) {
		if (variant == "" || variant == b)
			finish_for(b)
		text[b] = ""
	}
	name = variant = ""
}

BEGIN {
	n = split("text int bool size count time msec json", list, " ")
	for (i = 1; i <= n; i++)
		types[list[i]] = 1
	backends["sqlite"] = backends["pgsql"] = 1
}

/^-- (name|part): / {
	finish()
	is_part = $2 == "part:"
	name = $3
	variant = $4
	if (variant != "" && !(variant in backends))
		fail("unknown back end " variant)
	if (!is_part && variant == "" && name in seen)
		fail("statement " name " twice")
	next
}
/^@/		{ include(substr($0, 2)); next }
/^-- in: /	{ sub(/^-- in: */, ""); inputs[name] = inputs[name] " " $0; next }
/^-- out: /	{ sub(/^-- out: */, ""); outputs[name] = outputs[name] " " $0; next }
/^-- scan: /	{ scans[name] = 1; next }
/^-- temp: /	{ temps[name] = 1; next }
/^-- bulk: /	{ bulk[name] = 1; next }
/^-- only: /	{ variant = only[name] = $3; next }
/^--/		{ next }
/^[ \t]*$/	{ next }
{
	if (name == "")
		fail("text before the first name")
	add($0)
}

END {
	if (bad)
		exit 1
	finish()
	print "/* Generated from sql/ by genstmt.awk: edit there. */"
	if (what == "list") {
		print "enum maildb__stmt_id {"
		for (i = 1; i <= count; i++)
			printf "\tSTMT_%s,\n", toupper(order[i])
		print "\tMAILDB__STMTS,\n};"
		exit 0
	}
	print "#include \"stmt.h\"\n"
	for (i = 1; i <= count; i++) {
		id = order[i]
		rows = columns(inputs[id])
		nin[id] = ncolumns
		if (ncolumns)
			printf "static const struct maildb__column in_%s[] = {%s };\n", id, rows
		rows = columns(outputs[id])
		nout[id] = ncolumns
		if (ncolumns)
			printf "static const struct maildb__column out_%s[] = {%s };\n", id, rows
	}
	print "\nconst struct maildb__stmt maildb__stmts[MAILDB__STMTS] = {"
	for (i = 1; i <= count; i++) {
		id = order[i]
		if (!(id in only) && (!((id, "sqlite") in sql) || !((id, "pgsql") in sql)))
			fail("statement " id " lacks a back end")
		printf "\t[STMT_%s] = {\n\t\t.name = \"%s\",\n", toupper(id), id
		if (nin[id])
			printf "\t\t.in = in_%s, .nin = %d,\n", id, nin[id]
		if (nout[id])
			printf "\t\t.out = out_%s, .nout = %d,\n", id, nout[id]
		if (id in temps)
			print "\t\t.temp = true,"
		else if (id in writes)
			print "\t\t.writes = true,"
		if (id in scans)
			print "\t\t.scans = true,"
		if (id in copy)
			printf "\t\t.copy = \"%s\",\n", copy[id]
		print "\t\t.text = {"
		if ((id, "sqlite") in sql)
			printf "\t\t    [MAILDB__SQLITE] = \"%s\",\n", sql[id, "sqlite"]
		if ((id, "pgsql") in sql)
			printf "\t\t    [MAILDB__PGSQL] = \"%s\",\n", sql[id, "pgsql"]
		print "\t\t},"
		print "\t},"
	}
	print "};"
}
