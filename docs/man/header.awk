# SPDX-License-Identifier: LGPL-2.1-or-later
#
# header.awk - sets a header as the middle of a manual page
#
#	awk -f header.awk maildb.h libmaildb.3.in
#
# The line "@header" of the second file is replaced by what the first one says:
# "/* ---- name ---- */" begins a subsection, declarations up to an empty line
# stand above the comment before them, rows of X macros become tables.

function out(s) {
	page = page s "\n"
}

# A line that mdoc takes for neither a request nor an escape.
function put(s) {
	gsub(/\\/, "\\e", s)
	out(s ~ /^[.']/ ? "\\&" s : s)
}

# What a comment says, a sentence a line; lines that begin with a tab are a
# table or a picture.
function put_comment(indent,	i, drawn, ragged) {
	ragged = ".Bd -ragged" indent " -compact"
	out(ragged)
	for (i = 1; i <= ntext; i++) {
		if (drawn != (text[i] ~ /^\t/)) {
			drawn = !drawn
			out(".Ed")
			out(drawn ? ".Bd -literal" indent : ragged)
		}
		if (drawn)
			put(substr(text[i], 2))
		else if (text[i] == "" && text[i + 1] !~ /^\t/)
			out(".Pp")
		else if (text[i] != "") {
			gsub(/\.  /, ".\n", text[i])
			put(text[i])
		}
	}
	out(".Ed")
}

function end_group(	i) {
	if (ncode + ntext == 0)
		return
	if (!first)
		out(".Pp")
	first = 0
	if (ncode > 0) {
		out(".Bd -literal -compact")
		for (i = 1; i <= ncode; i++)
			put(code[i])
		out(".Ed")
	}
	if (ntext > 0)
		put_comment(ncode > 0 ? " -offset indent" : "")
	if (nrows > 0) {
		out(".Bl -column MAILDB_REASON_NON_ASCII_LOCAL bad-domain-char")
		for (i = 1; i <= nrows; i++)
			out(row[i])
		out(".El")
	}
	ncode = ntext = nrows = 0
}

FNR == 1 {
	file++
}
file == 2 {
	if ($0 == "@header")
		printf "%s", page
	else
		print
	next
}

/^\/\* ---- / {
	end_group()
	out(".Ss " toupper(substr($0, 9, 1)) \
	    substr($0, 10, match($0, / -+ \*\/$/) - 10))
	begun = first = 1
	next
}
!begun || /^#(if|endif|include|undef)/ {
	next
}
/^\/\*/ {
	end_group()
	comment = 1
}
comment {
	comment = $0 !~ /\*\/$/
	sub(/^(\/\*| \*\/?) ?/, "")
	sub(/ *\*\/$/, "")
	sub(/^X\(symbol.*\): the /, "The ") # of the table
	sub(/^X\(symbol.*\): why /, "Why ")
	if ($0 != "" || (ntext > 0 && comment))
		text[++ntext] = $0
	next
}
/^$/ {
	if (ncode > 0 || nrows > 0)
		end_group()
	next
}
/^#define .*\(X\)/ {
	prefix = /REASON/ ? "MAILDB_REASON_" : "MAILDB_"
	next
}
/^\tX\(/ {
	split($0, part, "\"")
	symbol = substr($0, 4, index($0, ",") - 4)
	row[++nrows] = ".It " prefix symbol " Ta " part[2] " Ta " part[4]
	next
}
/_ENUM\(symbol/ {
	continued = 1
	next
}
continued {
	continued = 0
	next
}
{
	code[++ncode] = $0
}
END {
	if (file != 2)
		exit 1
}
