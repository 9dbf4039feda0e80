# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion of mailcfg in bash: mailcfg itself knows what can come.

_mailcfg()
{
	local line=${COMP_LINE:0:COMP_POINT} word last breaks
	local -a words found=()

	# bash takes words apart at @ and =, which addresses and options have,
	# and replaces what is behind the last one; an @ itself as well.
	read -ra words <<<"$line"
	[[ $line == *[[:blank:]] ]] && words+=('')
	last=${words[-1]}
	breaks=${COMP_WORDBREAKS//[^@:=]/}
	[[ -n $breaks ]] && breaks=${last%"${last##*["$breaks"]}"}
	breaks=${breaks%@}

	while IFS=$'\t' read -r word _; do
		if [[ $word == :files ]]; then
			compopt -o filenames
			mapfile -t -O "${#found[@]}" found \
			    < <(compgen -f -- "$last")
		else
			printf -v word %q "$word"
			found+=("$word")
		fi
	done < <("$1" __complete -- "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${found[@]#"$breaks"}")
}
complete -F _mailcfg mailcfg
