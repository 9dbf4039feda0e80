# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes the C tables of kinds and their fields from schema/entities; run with
# -f schema/entities.awk before it.

# The flags of a field, as an expression of C.
function c_flags(t, c,   list) {
	if (initial[t, c] == "null")
		list = list " | MAILDB_FIELD_NULLABLE"
	if ((t, c, "unlimited") in flag)
		list = list " | MAILDB_FIELD_UNLIMITED"
	if ((t, c, "create") in flag)
		list = list " | MAILDB_FIELD_CREATE"
	if (type[t, c] == "until")
		list = list " | MAILDB_FIELD_UNTIL"
	return list == "" ? "0" : substr(list, 4)
}

function c_type(t, c) {
	if (type[t, c] ~ /^(from|until)$/)
		return "MAILDB_TIME"
	return "MAILDB_" toupper(type[t, c])
}

function c_text(text) {
	return text == "" ? "NULL" : "\"" text "\""
}

# One field as an initializer, a line a member.
function put_field(t, c) {
	printf "\t{\n\t\t.name = \"%s\",\n", public[t, c]
	printf "\t\t.type = %s,\n", c_type(t, c)
	printf "\t\t.flags = %s,\n", c_flags(t, c)
	printf "\t\t.choices = %s,\n", c_text(flag[t, c, "choices"])
	printf "\t\t.help = %s,\n", help[t, c]
	printf "\t\t.initial = %s,\n",
	    c_text(initial[t, c] == "null" ? "" : initial[t, c])
	printf "\t\t.most = %s,\n\t},\n", flag[t, c, "most"] + 0
}

BEGIN {
	if (mistakes > 0)
		exit 1
	print "/* Generated from schema/entities by genfields.awk: edit there. */"
	for (i = 1; i <= kinds; i++) {
		k = kind[i]
		if (fields[k] == 0)
			continue
		printf "\nstatic const struct maildb_field %s_fields[] = {\n", k
		for (j = 1; j <= fields[k]; j++)
			put_field(from[k, j], field[k, j])
		print "};"
	}
	print "\nstatic const struct {\n\tconst struct maildb_field *fields;"
	print "\tsize_t count;\n} kinds[MAILDB_KINDS] = {"
	for (i = 1; i <= kinds; i++)
		printf "\t[MAILDB_KIND_%s] = { %s, %d },\n", toupper(kind[i]),
		    (fields[kind[i]] ? kind[i] "_fields" : "NULL"),
		    fields[kind[i]]
	print "};"
}
