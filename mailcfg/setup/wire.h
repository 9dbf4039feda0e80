/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wire.h - a client's end of a conversation in lines: SMTP, LMTP, policy
 *
 * Every call returns before the deadline set when the wire was opened,
 * whatever the other side does.  Errors are negative errno values; a peer
 * that closes the connection is -ECONNRESET, a line or reply that is none
 * is -EPROTO.
 */
#ifndef MAILCFG_SETUP_WIRE_H
#define MAILCFG_SETUP_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_LINE 2048 /* octets of a line, at most, with its NUL */

struct wire {
	int fd;
	int64_t deadline; /* milliseconds of the monotonic clock */
	size_t have;      /* octets in buffer */
	char buffer[WIRE_LINE];
};

/* A reply of SMTP or LMTP: its code, and its lines joined by "\n". */
struct reply {
	int code;
	char text[4096];
};

/* Takes a connected descriptor, which wire_close() closes. */
void wire_attach(struct wire *wire, int fd, int seconds);
/* Connect: 0 or an error; the wire needs wire_close() only after 0.  host is
 * an IP address; from is one to connect from, or NULL. */
int wire_unix(struct wire *wire, const char *path, int seconds);
int wire_tcp(struct wire *wire, const char *host, int port, const char *from,
    int seconds);
void wire_close(struct wire *wire);

/* Sends the whole text. */
int wire_send(struct wire *wire, const char *text);
/* Receives a line, without its end of line. */
int wire_line(struct wire *wire, char line[WIRE_LINE]);
/* Receives a reply: its code, or an error. */
int wire_reply(struct wire *wire, struct reply *reply);
/* Sends a command with its CR LF, and receives the reply to it. */
int wire_command(struct wire *wire, struct reply *reply, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
/* Whether a line of a reply to EHLO or LHLO begins with a keyword. */
int reply_offers(const struct reply *reply, const char *keyword);

#endif
