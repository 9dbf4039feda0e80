#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# cluster.sh start DIR PORT | stop DIR - a private PostgreSQL below DIR, as user
# postgres, on a socket in DIR and on 127.0.0.1:PORT; superuser postgres, trust
set -eu

bindir=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
as_postgres() {
	(cd / && runuser -u postgres -- env -i PATH="$bindir:$PATH" LC_ALL=C.UTF-8 "$@")
}

case $1 in
start)
	mkdir -p "$2"
	chown postgres "$2"
	as_postgres initdb -D "$2/data" -U postgres -A trust -E UTF8 \
	    --locale=C.UTF-8 -N >"$2/initdb.log"
	cat >>"$2/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$2'
fsync = off
END
	as_postgres pg_ctl -s -w -D "$2/data" -l "$2/log" start
	;;
stop)
	as_postgres pg_ctl -s -w -m fast -D "$2/data" stop
	;;
esac
