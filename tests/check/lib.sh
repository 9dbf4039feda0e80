# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# lib.sh - what the checks share: counting, and the list of our own files
set -u
shopt -s lastpipe # "... | none" counts in this shell
top_srcdir=$(cd "${top_srcdir-$(dirname "$0")/../..}" && pwd)
: "${top_builddir:=$PWD}"
passed=0 failed=0

# result STATUS NAME: counts one check.
result() {
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok - $2"
	else
		failed=$((failed + 1))
		echo "not ok - $2"
	fi
}

# none NAME: passes when nothing comes from standard input, else shows it.
none() {
	found=$(cat)
	[ -z "$found" ]
	result $? "$1"
	[ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/#   /'
}

# Prints the sum; the exit status of the script.
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

# The files of the project, from the top: what git has or would take.  In an
# unpacked release an empty repository elsewhere applies .gitignore.
our_files() (
	cd "$top_srcdir" || exit 1
	if [ ! -e .git ]; then
		GIT_DIR=$(mktemp -d)
		export GIT_DIR GIT_WORK_TREE=.
		git init -q
		trap 'rm -rf "$GIT_DIR"' EXIT
	fi
	git -c safe.directory='*' ls-files -co --exclude-standard \
	    -x "${top_builddir#"$top_srcdir"}/" |
	    while read -r file; do
		    [ ! -f "$file" ] || echo "$file" # else it was removed
	    done
)

# source_copy DIRECTORY: a copy of our files with a fresh configure.  (The
# source tree may be configured itself, which no second build stands.)
source_copy() {
	mkdir -p "$1/m4" &&
	    our_files | tar -C "$top_srcdir" -T - -cf - | tar -C "$1" -xf - &&
	    (cd "$1" && autoreconf -fi >autoreconf.log 2>&1 ||
	    { cat autoreconf.log; exit 1; })
}
