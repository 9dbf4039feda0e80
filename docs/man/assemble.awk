# SPDX-License-Identifier: LGPL-2.1-or-later
#
# assemble.awk - puts mailcfg(1) together
#
#	awk -v commands=DIR -f assemble.awk TABLES mailcfg.1.in
#
# A line "@NAME" of mailcfg.1.in is replaced by the block of that name in
# TABLES (what the program tables prints), and in it "@body NAME" by the file
# DIR/NAME.mdoc without its comments.

function fail(message) {
	print "assemble.awk: " message > "/dev/stderr"
	exit 1
}

function body(name,	file, text, status, n) {
	file = commands "/" name ".mdoc"
	while ((status = (getline text < file)) > 0)
		if (text !~ /^\.\\"/ && ++n)
			print text
	close(file)
	if (status < 0 || !n)
		fail(file " is missing or empty")
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
	if (!(name in lines))
		fail(FILENAME ": no block " name)
	count = split(lines[name], line, "\n")
	for (i = 1; i < count; i++)
		if (line[i] ~ /^@body /)
			body(substr(line[i], 7))
		else
			print line[i]
	next
}
{ print }
