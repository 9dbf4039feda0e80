# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The journal's tables, triggers and statements, from the tables of
# schema/entities.  Needs schema/entities.awk before it and a function put(),
# which takes one line of SQL.
#
# In journal_TABLE the row of entry N is an object after change N, the row of
# -N the object before it.  What differs between back ends is one function
# each: names of types, strings, and how triggers are written.

# Whether a quoted string is open at the end of text.
function in_string(text) {
	return gsub(/'/, "", text) % 2
}

# Puts a statement, folded at 79 columns but not within strings: first before
# the first line, others before the rest.
function fold(text, first, others,   w, i, n, word, line) {
	n = split(text, w, " ")
	line = first
	for (i = 1; i <= n; i++) {
		word = w[i]
		while (in_string(word) && i < n)
			word = word " " w[++i]
		if (line == first || line == others) {
			line = line word
		} else if (length(line " " word) > 79) {
			put(line)
			line = others word
		} else {
			line = line " " word
		}
	}
	put(line)
}

# Whether the log shows a column as part of the object.
function is_logged(t, c) {
	return !((t, c, "key") in flag) && !((t, c, "unlogged") in flag)
}

# What the column is called in journal_TABLE: there a reference is a name.
function image_name(t, c) {
	return type[t, c] == "ref" ? public[t, c] : c
}

# The type of a column in journal_TABLE.
function image_type(t, c, backend,   text) {
	text = type[t, c] ~ /^(text|secret|ref|name)$/
	if (backend == "sqlite")
		return text ? "TEXT" : "INTEGER"
	if (text)
		return "text COLLATE \"C\""
	return type[t, c] == "bool" ? "smallint" : "bigint"
}

# The text of the address with an id.
function address_text(id) {
	return "(SELECT localpart || '@' || domain FROM address WHERE id = " id ")"
}

# The key of a row: its name, its address, or the address that it belongs to.
function key_text(t, row) {
	if (t in owner)
		return "coalesce(" address_text(row "." owner[t]) ", '#' || " \
		    row "." owner[t] ")"
	if (nkeys[t] == 1)
		return row "." keys[t, 1]
	return row "." keys[t, 1] " || '@' || " row "." keys[t, 2]
}

# Of a password the scheme, and whether an update changes it.
function secret_image(c, row, op, backend,   scheme, differs) {
	scheme = "substr(" row "." c ", 1, instr(" row "." c ", '}'))"
	if (op != "set" || row != "NEW")
		return scheme
	differs = backend == "sqlite" ? "IS NOT" : "IS DISTINCT FROM"
	return scheme " || CASE WHEN NEW." c " " differs " OLD." c \
	    " THEN ' changed' ELSE '' END"
}

# A column as the journal keeps it; an open end of a period is NULL.
function image_value(t, c, row, op, backend) {
	if (type[t, c] == "secret")
		return secret_image(c, row, op, backend)
	if (type[t, c] == "ref")
		return address_text(row "." c)
	if (type[t, c] == "name")
		return key_text(t, row)
	if (type[t, c] == "from")
		return "nullif(" row "." c ", 0)"
	if (type[t, c] == "until")
		return "nullif(" row "." c ", 9223372036854775807)"
	return row "." c
}

# All columns of an image of row, each after ", ".
function image(t, row, op, backend,   i, list) {
	for (i = 1; i <= columns[t]; i++)
		if (is_logged(t, column[t, i]))
			list = list ", " image_value(t, column[t, i], row, op,
			    backend)
	return list
}

# " OF ...": an update of columns that triggers keep is no change by itself.
function update_of(t,   i, c, kept, list) {
	for (i = 1; i <= columns[t]; i++) {
		c = column[t, i]
		if ((t, c, "kept") in flag)
			kept = 1
		else if (type[t, c] !~ /^(id|name)$/)
			list = list ", " c
	}
	return kept ? " OF " substr(list, 3) : ""
}

# What rows are sorted by: the id, or else the columns of the primary key.
function row_order(t,   i, c, list) {
	for (i = 1; i <= columns[t]; i++) {
		c = column[t, i]
		if (type[t, c] == "id")
			return c
		if ((t, c, "key") in flag || type[t, c] == "ref")
			list = list ", " c
	}
	return substr(list, 3)
}

function journal_table(t, backend,   i, c, list) {
	list = "entry " (backend == "sqlite" ? "INTEGER" : "bigint") " PRIMARY KEY"
	for (i = 1; i <= columns[t]; i++) {
		c = column[t, i]
		if (is_logged(t, c))
			list = list ", " image_name(t, c) " " image_type(t, c, backend)
	}
	put("CREATE TABLE journal_" t " (")
	fold(list, "  ", "  ")
	put(backend == "sqlite" ? ") STRICT;" : ");")
}

function sqlite_guard(t, name, event) {
	put("CREATE TRIGGER journal_" t "_" name " BEFORE " event " ON journal_" t " BEGIN")
	put("  SELECT RAISE(ABORT, 'the journal is append-only');")
	put("END;")
}

# op is event number code in the journal.
function sqlite_trigger(t, op, code, event,   row) {
	row = op == "add" ? "NEW" : "OLD"
	fold("CREATE TRIGGER journal_" t "_" op " AFTER " event " ON " t " BEGIN",
	    "", "  ")
	fold("INSERT INTO journal SELECT NULL, s.*, " key_text(t, row) ", " \
	    number[t] ", " code " FROM stamp s;", "  ", "    ")
	if (op != "rm")
		fold("INSERT INTO journal_" t " VALUES (last_insert_rowid()" \
		    image(t, "NEW", op, "sqlite") ");", "  ", "    ")
	if (op != "add")
		fold("INSERT INTO journal_" t " VALUES (-last_insert_rowid()" \
		    image(t, "OLD", op, "sqlite") ");", "  ", "    ")
	put("END;")
}

function sqlite_journal(   i, t) {
	for (i = 1; i <= tables; i++) {
		t = table[i]
		journal_table(t, "sqlite")
		sqlite_guard(t, "keep", "UPDATE")
		sqlite_guard(t, "stay", "DELETE")
		sqlite_trigger(t, "add", 0, "INSERT")
		sqlite_trigger(t, "set", 1, "UPDATE" update_of(t))
		sqlite_trigger(t, "rm", 2, "DELETE")
	}
}

# The part of a trigger function for the rows of a whole statement.
function pgsql_rows(t, row, rows, op, code, sign) {
	put("    WITH " row " AS (SELECT nextval('journal_id_seq') AS entry, f.*")
	put("        FROM (SELECT * FROM " rows " ORDER BY " row_order(t) ") f),")
	put("      e AS (INSERT INTO journal (id, txn, at, who, via, key, kind, event)")
	put("        OVERRIDING SYSTEM VALUE")
	fold("SELECT " row ".entry, s.*, " key_text(t, row) ", " number[t] ", " \
	    code, "        ", "          ")
	put("        FROM stamp s, " row ")")
	fold("INSERT INTO journal_" t " SELECT " sign row ".entry" \
	    image(t, row, op, "pgsql") " FROM " row ";", "    ", "      ")
}

# The part for one row that changes.
function pgsql_row(t) {
	put("    INSERT INTO journal (txn, at, who, via, key, kind, event)")
	fold("SELECT s.*, " key_text(t, "OLD") ", " number[t] ", 1", "      ",
	    "        ")
	put("      FROM stamp s RETURNING id INTO number;")
	fold("INSERT INTO journal_" t " VALUES (number" \
	    image(t, "NEW", "set", "pgsql") ");", "    ", "      ")
	fold("INSERT INTO journal_" t " VALUES (-number" \
	    image(t, "OLD", "set", "pgsql") ");", "    ", "      ")
}

function pgsql_function(t) {
	put("CREATE FUNCTION journal_" t "() RETURNS trigger LANGUAGE plpgsql")
	put("  SECURITY DEFINER SET search_path = maildb, pg_temp")
	put("  SET enable_seqscan = off AS $$")
	put("DECLARE")
	put("  number bigint;")
	put("BEGIN")
	put("  IF TG_OP = 'INSERT' THEN")
	if (type[t, column[t, 1]] == "id")
		put("    PERFORM keep_id('" t "_id_seq', max(n.id)) FROM fresh n;")
	pgsql_rows(t, "n", "fresh", "add", 0, "")
	put("  ELSIF TG_OP = 'DELETE' THEN")
	pgsql_rows(t, "o", "stale", "rm", 2, "-")
	put("  ELSE")
	pgsql_row(t)
	put("  END IF;")
	put("  RETURN NULL;")
	put("END $$;")
}

function pgsql_journal(   i, t) {
	for (i = 1; i <= tables; i++) {
		t = table[i]
		pgsql_function(t)
		put("CREATE TRIGGER journal_add AFTER INSERT ON " t)
		put("  REFERENCING NEW TABLE AS fresh EXECUTE FUNCTION journal_" t "();")
		fold("CREATE TRIGGER journal_set AFTER UPDATE" update_of(t) " ON " t,
		    "", "  ")
		put("  FOR EACH ROW EXECUTE FUNCTION journal_" t "();")
		put("CREATE TRIGGER journal_rm AFTER DELETE ON " t)
		put("  REFERENCING OLD TABLE AS stale EXECUTE FUNCTION journal_" t "();")
	}
}

function pgsql_journal_tables(   i) {
	for (i = 1; i <= tables; i++)
		journal_table(table[i], "pgsql")
}

# The names of all tables, each after prefix.
function all_tables(prefix,   i, list) {
	for (i = 1; i <= tables; i++)
		list = list (i == 1 ? "" : ", ") prefix table[i]
	return list
}

# How the log calls the kinds that the journal has by number.
function all_kinds(   i, list) {
	for (i = 1; i <= tables; i++)
		list = list (i == 1 ? "" : " ") "WHEN " number[table[i]] \
		    " THEN '" object[table[i]] "'"
	return list
}

# An image as JSON: the columns by the names that people know.
function image_json(t, entry, backend,   i, c, list, name) {
	for (i = 1; i <= columns[t]; i++) {
		c = column[t, i]
		if (!is_logged(t, c))
			continue
		name = image_name(t, c)
		if (backend == "sqlite")
			list = list ", '" public[t, c] "', " name
		else if (public[t, c] == name)
			list = list ", " name
		else
			list = list ", " name " AS \"" public[t, c] "\""
	}
	list = substr(list, 3)
	if (backend == "sqlite")
		return "SELECT json_object(" list ") FROM journal_" t \
		    " WHERE entry = " entry
	return "SELECT row_to_json(r)::text FROM (SELECT " list \
	    " FROM journal_" t " WHERE entry = " entry ") r"
}

# The image that an entry of the journal j has, whatever its kind.
function any_image(entry, backend,   i) {
	put("CASE j.kind")
	for (i = 1; i <= tables; i++)
		fold("WHEN " number[table[i]] " THEN (" \
		    image_json(table[i], entry, backend) ")", "  ", "    ")
	put("END")
}
