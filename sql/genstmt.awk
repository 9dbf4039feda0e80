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
# Run with -f schema/entities.awk -f schema/journal.awk before this file, which
# make two more lines possible: "@image ENTRY" stands for the JSON that entry
# ENTRY of the journal has, and "@copy_journal" for the statements
# copy_read_journal_TABLE and copy_write_journal_TABLE of all tables.  Anywhere
# in a line these are lists of the columns of a table:
#
#	@(names TABLE)      all columns
#	@(places TABLE)     as many inputs: $1, $2...
#	@(typed TABLE)      all columns for "-- in:" and "-- out:", as they are stored
#	@(fields TABLE)     the columns that are fields of objects
#	@(inputs TABLE)     those for "-- in:", by the names that people know
#	@(values TABLE N)   their values from input $N on
#	@(changes TABLE)    the fields that can change later, for "-- in:"
#	@(set TABLE N)      COLUMN = VALUE of those, from input $N on
#	@(fields TABLE A), @(set TABLE A)  the same of a row A that has the fields
#	@(differs TABLE A)  whether any field of TABLE is not as in A
#
# Types are those of enum maildb_type; text when none is given.  A second text
# for the other back end repeats the name and nothing else.
function fail(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	bad = 1
	exit 1
}

# Splits "a b:int" into rows of struct maildb__column, counted in ncolumns.
function column_rows(list,   n, i, part, word, rows) {
	n = split(list, word, " ")
	ncolumns = n
	rows = ""
	for (i = 1; i <= n; i++) {
		if (split(word[i], part, ":") == 1)
			part[2] = "text"
		if (!(part[2] in stmt_types))
			fail("unknown type in " word[i])
		rows = rows sprintf(" { \"%s\", MAILDB_%s },", part[1],
		    toupper(part[2]))
	}
	return rows
}

# Adds a line to the text of the back end that is being written for.
function put(line) {
	text[backend] = text[backend] (text[backend] == "" ? "" : "\n") line
}

# Adds a line to the texts of all back ends that the statement is for.
function add(line,   indent) {
	match(line, /^ */)
	indent = substr(line, 1, RLENGTH)
	for (backend in backends)
		if (variant != "" && variant != backend)
			continue
		else if (line ~ /@\(/)
			fold(expand(line), indent, indent "  ")
		else
			put(line)
}

# A column's value: of row what, or else of input number what.  The open end of
# a period is NULL as an input.
function value_of(t, c, what) {
	if (what !~ /^[0-9]+$/)
		return what "." c
	if (type[t, c] == "from")
		return "coalesce($" what ", 0)"
	if (type[t, c] == "until")
		return "coalesce($" what ", 9223372036854775807)"
	return "$" what
}

# Whether a column is not as in row what; NULL is a value like others.
function difference(t, c, what,   none) {
	if (initial[t, c] != "null" || type[t, c] ~ /^(from|until)$/)
		return t "." c " <> " what "." c
	none = type[t, c] == "text" ? "''" : "-1"
	return "coalesce(" t "." c ", " none ") <> coalesce(" what "." c ", " \
	    none ")"
}

# A column in a list; what is a row or the number of an input.
function list_item(how, t, c, what) {
	if (how == "typed")
		return c (type[t, c] ~ /^(text|secret)$/ ? "" : ":int")
	if (how == "inputs" || how == "changes")
		return public[t, c] ":" \
		    (type[t, c] ~ /^(from|until)$/ ? "time" : type[t, c])
	if (how == "places")
		return "$" what
	if (how == "values")
		return value_of(t, c, what)
	if (how == "set")
		return c " = " value_of(t, c, what)
	if (how == "differs")
		return difference(t, c, what)
	return what ~ /^[0-9]+$/ ? c : what "." c
}

# Whether a list has a column: those that are stored, those that people may
# give when an object is added, or those that they may change later.
function in_list(how, t, c) {
	if (how ~ /^(names|places|typed)$/)
		return type[t, c] != "name"
	if (how ~ /^(changes|set)$/ && (t, c, "create") in flag)
		return 0
	return initial[t, c] != "-"
}

# What stands between the columns of a list.
function separator(how) {
	if (how == "differs")
		return " OR "
	return how ~ /^(typed|inputs|changes)$/ ? " " : ", "
}

# The list of columns of a table that "@(...)" asks for: of row what, or of
# inputs from number what on.
function listed(how, t, what,   i, list, between) {
	if (!(t in columns) || how !~ lists)
		fail("there is no @(" how " " t ")")
	for (i = 1; i <= columns[t]; i++)
		if (in_list(how, t, column[t, i])) {
			list = list between list_item(how, t, column[t, i], what)
			between = separator(how)
			if (what ~ /^[0-9]+$/)
				what++
		}
	return list
}

# A line with its lists.
function expand(line,   w, n) {
	while (match(line, /@\([a-z]+ [a-z_]+( [a-z0-9]+)?\)/)) {
		n = split(substr(line, RSTART + 2, RLENGTH - 3), w, " ")
		line = substr(line, 1, RSTART - 1) listed(w[1], w[2], (n > 2 ? w[3] : 1)) \
		    substr(line, RSTART + RLENGTH)
	}
	return line
}

# Puts a part in: its text for each back end, its columns once.
function include(part,   b) {
	for (b in backends) {
		if (variant != "" && variant != b)
			continue
		if (!((part, b) in parts))
			fail("no part " part " for " b)
		backend = b
		put(parts[part, b])
	}
	if (!((name, part) in included))
		outputs[name] = outputs[name] outputs[part]
	included[name, part] = 1
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

# The columns of an image in the journal, with their types.
function image_columns(t,   i, c, list) {
	list = "entry:int"
	for (i = 1; i <= columns[t]; i++) {
		c = column[t, i]
		if (is_logged(t, c))
			list = list " " image_name(t, c) \
			    (image_type(t, c, "sqlite") == "TEXT" ? "" : ":int")
	}
	return list
}

# The statements that read and write the images of one table.
function copy_images(t,   list, names, places, n, i) {
	list = names = image_columns(t)
	gsub(/:int/, "", names)
	n = gsub(/ /, ", ", names) + 1
	for (i = 1; i <= n; i++)
		places = places (i == 1 ? "$" : ", $") i
	begin("copy_read_journal_" t)
	outputs[name] = " " list
	scans[name] = 1
	add("SELECT " names)
	add("FROM journal_" t " ORDER BY entry")
	begin("copy_write_journal_" t)
	inputs[name] = " " list
	add("INSERT INTO journal_" t " (" names ")")
	add("VALUES (" places ")")
}

# Begins a statement or part; b is the back end when texts differ.
function begin(what_name, b) {
	finish()
	name = what_name
	variant = b
	is_part = 0
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
		stmt_types[list[i]] = 1
	backends["sqlite"] = backends["pgsql"] = 1
	lists = "^(names|places|typed|fields|inputs|values|changes|set|differs)$"
}

/^-- (name|part): / {
	begin($3, $4)
	is_part = $2 == "part:"
	if (variant != "" && !(variant in backends))
		fail("unknown back end " variant)
	if (!is_part && variant == "" && name in seen)
		fail("statement " name " twice")
	next
}
/^@image /	{ entry = $2; for (backend in backends) any_image(entry, backend); next }
/^@copy_journal$/ { for (i = 1; i <= tables; i++) copy_images(table[i]); next }
/^@/		{ include(substr($0, 2)); next }
/^-- in: /	{ sub(/^-- in: */, ""); inputs[name] = inputs[name] " " expand($0); next }
/^-- out: /	{ sub(/^-- out: */, ""); outputs[name] = outputs[name] " " expand($0); next }
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
		printf "\n/* X(table, TABLE) for every table with images in the journal. */\n#define MAILDB__JOURNALLED(X)"
		for (i = 1; i <= tables; i++)
			printf " \\\n\tX(%s, %s)", table[i], toupper(table[i])
		print ""
		exit 0
	}
	print "#include \"db/stmt.h\"\n"
	for (i = 1; i <= count; i++) {
		id = order[i]
		rows = column_rows(inputs[id])
		nin[id] = ncolumns
		if (ncolumns)
			printf "static const struct maildb__column in_%s[] = {%s };\n", id, rows
		rows = column_rows(outputs[id])
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
