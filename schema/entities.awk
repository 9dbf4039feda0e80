# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads schema/entities, which says what its lines mean, into arrays.  Other
# scripts are run together with this one, awk -f schema/entities.awk -f OTHER,
# and use:
#
#	tables, table[1..]         names of tables, in order
#	object[t] number[t] owner[t] keys[t, 1..]   how the log names its rows
#	columns[t], column[t, 1..]  names of columns, in order
#	type[t, c] initial[t, c] help[t, c] reader[t, c] public[t, c]
#	flag[t, c, FLAG]           its value, or 1
#	kinds, kind[1..], fields[k], field[k, 1..] and from[k, 1..]  their tables
#
# Every mistake is reported before anything is made.
function mistake(why) {
	printf "%s:%d: %s\n", entities, at, why > "/dev/stderr"
	mistakes++
}

# Cuts the first word off rest; what is in quotes is one word.
function next_word(   w) {
	sub(/^[ \t]+/, "", rest)
	if (match(rest, /^"[^"]*"/) || match(rest, /^[^ \t]+/)) {
		w = substr(rest, 1, RLENGTH)
		rest = substr(rest, RLENGTH + 1)
		return w
	}
	return ""
}

# Cuts the first word off and complains unless it is the one expected.
function expect(wanted) {
	if (next_word() != wanted)
		mistake("\"" wanted "\" is missing")
}

# "table NAME logged as OBJECT NUMBER key [of] COLUMN..."
function begin_table(   w) {
	here = next_word()
	if (here in columns)
		mistake("table " here " is there already")
	table[++tables] = here
	columns[here] = 0
	line_of[here] = at
	expect("logged")
	expect("as")
	object[here] = next_word()
	number[here] = next_word()
	if (number[here] !~ /^[1-9][0-9]*$/ || number[here] in numbered)
		mistake("table " here " needs a number that no other has")
	numbered[number[here]] = here
	expect("key")
	while ((w = next_word()) != "")
		if (w == "of")
			owner[here] = next_word()
		else
			keys[here, ++nkeys[here]] = w
}

# "rows NAME": its lines are fields, but no columns.
function begin_rows() {
	here = "rows " next_word()
	columns[here] = 0
	line_of[here] = at
}

# A word of a column that is neither help nor reader.
function take_flag(c, w,   part) {
	if (w ~ /^[^=]+[|]/)
		flag[here, c, "choices"] = w
	else if (w ~ /^(unlimited|create|unlogged|key|kept|checked)$/)
		flag[here, c, w] = 1
	else if (split(w, part, "=") == 2 && part[1] ~ /^(most|as)$/)
		flag[here, c, part[1]] = part[2]
	else
		mistake("unknown flag " w)
}

# "COLUMN TYPE DEFAULT FLAG... "help" for CONSUMER"
function take_column(   c, w) {
	c = next_word()
	if ((here, c) in type)
		mistake("column " c " is there already")
	column[here, ++columns[here]] = c
	line_of[here, c] = at
	type[here, c] = next_word()
	if (!(type[here, c] in types))
		mistake("unknown type " type[here, c])
	initial[here, c] = next_word()
	while ((w = next_word()) != "")
		if (w ~ /^"/)
			help[here, c] = w
		else if (w == "for")
			reader[here, c] = next_word()
		else
			take_flag(c, w)
	check_default(c)
	public[here, c] = (here, c, "as") in flag ? flag[here, c, "as"] : c
	check_field(c)
}

# What the schema makes of a type has one default, or one of a few.
function check_default(c) {
	if (type[here, c] == "bool" && initial[here, c] !~ /^(yes|no|-)$/)
		mistake("the default of " c " is neither yes nor no")
	else if (type[here, c] ~ /^(size|count|from|until)$/ &&
	    initial[here, c] != "null" && here !~ /^rows /)
		mistake("the default of " c " has to be null")
}

# What people can set has a default, help and a reader; what they cannot, none.
function check_field(c) {
	if (initial[here, c] == "")
		mistake(c " has no default: null, a value, or - for no field")
	else if (initial[here, c] == "-" && (here, c) in help)
		mistake(c " is no field, and needs no help")
	else if (initial[here, c] != "-" && !((here, c) in help))
		mistake("field " c " has no help")
	else if (initial[here, c] != "-" && reader[here, c] == "")
		mistake("field " c " has no consumer: say for whom it is")
}

# "kind NAME in TABLE..."
function begin_kind(   t) {
	here = next_word()
	if (here in fields)
		mistake("kind " here " is there already")
	kind[++kinds] = here
	fields[here] = 0
	expect("in")
	while ((t = next_word()) != "")
		if ("rows " t in columns)
			take_rows("rows " t)
		else if (t in columns)
			source[here, ++sources[here]] = t
		else
			mistake("there is no table " t)
}

# A kind that is rows has all of them as fields.
function take_rows(t,   i) {
	for (i = 1; i <= columns[t]; i++) {
		field[here, i] = column[t, i]
		from[here, i] = t
	}
	fields[here] = columns[t]
}

# The column of a table that is called so in public, or "".
function find_column(t, name,   i) {
	for (i = 1; i <= columns[t]; i++)
		if (public[t, column[t, i]] == name &&
		    initial[t, column[t, i]] != "-")
			return column[t, i]
	return ""
}

# "fields NAME...", in one or more lines.
function take_fields(   name, i, c) {
	expect("fields")
	while ((name = next_word()) != "") {
		c = ""
		for (i = 1; i <= sources[here] && c == ""; i++)
			c = find_column(source[here, i], name)
		if (c == "")
			mistake("kind " here " has no field " name)
		field[here, ++fields[here]] = c
		from[here, fields[here]] = source[here, i - 1]
		used[source[here, i - 1], c] = 1
	}
}

# What can only be known at the end: keys that are no columns, fields that no
# kind has.
function check_all(   i, j, t, c) {
	for (i = 1; i <= tables; i++) {
		t = table[i]
		at = line_of[t]
		for (j = 1; j <= nkeys[t]; j++)
			if (!((t, keys[t, j]) in type))
				mistake("key " keys[t, j] " is no column of " t)
		if (t in owner && type[t, owner[t]] != "ref")
			mistake("key " owner[t] " of " t " is no ref")
		for (j = 1; j <= columns[t]; j++) {
			c = column[t, j]
			at = line_of[t, c]
			if (initial[t, c] != "-" && !((t, c) in used))
				mistake("no kind has field " c " of " t)
		}
	}
}

function read_entities(   section, list, i, n) {
	n = split("id ref name text secret bool int count size from until", list, " ")
	for (i = 1; i <= n; i++)
		types[list[i]] = 1
	while ((n = (getline rest < entities)) > 0) {
		at++
		if (rest ~ /^[ \t]*(#|$)/)
			continue
		if (rest !~ /^[ \t]/) {
			section = next_word()
			if (section == "table")
				begin_table()
			else if (section == "rows")
				begin_rows()
			else if (section == "kind")
				begin_kind()
			else
				mistake("unknown section " section)
		} else if (section == "kind") {
			take_fields()
		} else {
			take_column()
		}
	}
	if (n < 0)
		mistake("cannot be read")
	close(entities)
	check_all()
	if (mistakes > 0)
		exit 1
}

BEGIN {
	if (entities == "")
		entities = "schema/entities"
	read_entities()
}
