# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Turns schema/BACKEND/NNNN-name.sql, given in order, into C arrays: a step's
# number is the version that the database has after it.  Lines that are only
# comments are left out, so what SQLite stores and parses is the statements.
# A file without a number, schema/BACKEND/NAME.sql, becomes maildb__BACKEND_NAME.
#
# Some lines stand for what columns.awk and journal.awk make of schema/entities:
# "@columns TABLE" for columns in CREATE TABLE, @journal for the journal's
# triggers (in SQLite with their tables), @journal_tables for its tables.  In
# other lines @{tables} is the list of tables, @{images} that of their images in
# the journal, and @{kinds} their numbers and names, as WHEN ... THEN ... .  Run
# with -f entities.awk -f columns.awk -f journal.awk before this file.
function put(line) {
	gsub(/@[{]tables[}]/, all_tables(""), line)
	gsub(/@[{]images[}]/, all_tables("journal_"), line)
	gsub(/@[{]kinds[}]/, all_kinds(), line)
	gsub(/\\/, "&&", line)
	gsub(/"/, "\\\"", line)
	printf "\t\"%s\\n\"\n", line
}

FNR == 1 {
	if (started)
		print "\t;"
	n = split(FILENAME, part, "/")
	backend = part[n - 1]
	step = part[n] + 0
	symbol = "static const char " backend "_" step
	if (step == 0) {
		sub(/[.]sql$/, "", part[n])
		symbol = "const char maildb__" backend "_" part[n]
	} else if (step != last[backend] + 1) {
		print FILENAME ": expected step " last[backend] + 1 > "/dev/stderr"
		bad = 1
		exit 1
	} else {
		last[backend] = step
	}
	if (!started)
		print "/* Generated from schema/ by genschema.awk: edit there. */\n#include \"db/stmt.h\""
	started = 1
	printf "\n%s[] =\n", symbol
}
/^--/		{ next }
/^[ \t]*$/	{ next }
/^@columns /	{ put_columns(substr($0, 10), backend); next }
$0 == "@journal" && backend == "sqlite"	{ sqlite_journal(); next }
$0 == "@journal" && backend == "pgsql"	{ pgsql_journal(); next }
$0 == "@journal_tables"	{ pgsql_journal_tables(); next }
{ put($0) }
END {
	if (bad)
		exit 1
	print "\t;"
	split("sqlite pgsql", backends, " ")
	print "\nconst char *const maildb__schema[MAILDB__BACKENDS][MAILDB__SCHEMA_MAX] = {"
	for (b = 1; b <= 2; b++) {
		printf "\t[MAILDB__%s] = {", toupper(backends[b])
		for (i = 1; i <= last[backends[b]]; i++)
			printf " %s_%d,", backends[b], i
		print " NULL },"
	}
	print "};"
}
