# SPDX-License-Identifier: LGPL-2.1-or-later
#
# assemble.awk - puts mailcfg(1) together
#
#	awk -v commands=DIR -f assemble.awk TABLES mailcfg.1.in
#
# A line "@NAME" of mailcfg.1.in is replaced by the block of that name in
# TABLES (what the program tables prints), and in it "@body NAME" by the file
# DIR/NAME.mdoc without its comments.  That a file is missing is for
# tests/check/docs to say.

function body(file,	text) {
	while ((getline text < file) > 0)
		if (text !~ /^\.\\"/)
			print text
	close(file)
}

NR == FNR && /^@/ && $1 != "@body" {
	block = substr($0, 2)
	next
}
NR == FNR {
	lines[block] = lines[block] $0 "\n"
	next
}
/^@/ {
	name = substr($0, 2)
	if (!(name in lines)) {
		print FILENAME ": there is no block " name > "/dev/stderr"
		exit 1
	}
	count = split(lines[name], line, "\n")
	for (i = 1; i < count; i++)
		if (line[i] ~ /^@body /)
			body(commands "/" substr(line[i], 7) ".mdoc")
		else
			print line[i]
	next
}
{ print }
