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
# What several statements share is a part: "-- part: NAME" with columns and
# text, which a line "@NAME" of a later statement in the file stands for.
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

function finish(   body, backend, first) {
	if (name == "")
		return
	if (name in bulk) {
		if (!match(text, /^INSERT INTO [a-z_]+ \([^)]*\)/))
			fail("statement " name " is no INSERT with columns")
		copy[name] = "COPY" substr(text, 12, RLENGTH - 11) " FROM STDIN"
		gsub(/[ \n]+/, " ", copy[name])
	}
	if (is_part) {
		parts[name] = text
		name = text = variant = ""
		return
	}
	body = text
	sub(/[ \n\t]*;[ \n\t]*$/, "", body)
	if (body == "")
		fail("statement " name " has no text")
	gsub(/\\/, "&&", body)
	gsub(/"/, "\\\"", body)
	gsub(/\n/, "\\n\"\n\t    \"", body)
	if (!(name in seen)) {
		seen[name] = 1
		order[++count] = name
	}
	if (variant == "")
		sql[name, "sqlite"] = sql[name, "pgsql"] = body
	else
		sql[name, variant] = body
	first = toupper(text)
	if (first ~ /^(INSERT|UPDATE|DELETE)/ || first ~ /^WITH.*(INSERT|UPDATE|DELETE) /)
		writes[name] = 1
	name = text = variant = ""
}

BEGIN {
	n = split("text int bool size count time msec json", list, " ")
	for (i = 1; i <= n; i++)
		types[list[i]] = 1
}

/^-- name: / {
	finish()
	name = $3
	variant = $4
	is_part = 0
	if (variant != "" && variant != "sqlite" && variant != "pgsql")
		fail("unknown back end " variant)
	if (variant == "" && name in seen)
		fail("statement " name " twice")
	next
}
/^-- part: /	{ finish(); name = $3; variant = ""; is_part = 1; next }
/^@/ {
	part_name = substr($0, 2)
	if (!(part_name in parts))
		fail("no part " part_name)
	if (!((name, part_name) in used))
		outputs[name] = outputs[name] outputs[part_name]
	used[name, part_name] = 1
	text = text (text == "" ? "" : "\n") parts[part_name]
	next
}
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
	text = text (text == "" ? "" : "\n") $0
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
	print "#include \"db/stmt.h\"\n"
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
