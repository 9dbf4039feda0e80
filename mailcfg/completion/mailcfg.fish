# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion of mailcfg in fish: mailcfg itself knows what can come.

function __mailcfg_complete
	set -l words (commandline -opc)
	set -l last (commandline -ct)
	set -l program $words[1]
	set -e words[1]
	for line in (command $program __complete -- $words "$last" 2>/dev/null)
		if test "$line" = :files
			__fish_complete_path "$last"
		else
			echo $line
		end
	end
end

complete -c mailcfg -f -a '(__mailcfg_complete)'
