/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wire.c - conversations with servers that answer right, wrong, or never
 *
 * A server is the other end of a socket, with what it says written already.
 */
#include <sys/socket.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../mailcfg/setup/wire.h"

static int passed, failed;

static void
check(int good, const char *what)
{
	if (good) {
		passed++;
	} else {
		printf("not ok - %s\n", what);
		failed++;
	}
}

/* A wire to a server that has said text; it hangs up unless *stays, which
 * becomes its end. */
static void
serve(struct wire *wire, const char *text, size_t len, int *stays)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
	    write(ends[1], text, len) != (ssize_t)len)
		perror("socketpair");
	wire_attach(wire, ends[0], stays != NULL ? 0 : 5);
	if (stays != NULL)
		*stays = ends[1];
	else
		close(ends[1]);
}

/* What a reply of these bytes is taken for. */
static int
reply_to(const char *text, struct reply *reply)
{
	struct wire wire;
	int rc;

	serve(&wire, text, strlen(text), NULL);
	rc = wire_reply(&wire, reply);
	wire_close(&wire);
	return rc;
}

static void
test_replies(void)
{
	static const struct {
		const char *text;
		int expected;
		const char *what;
	} rows[] = {
		{ "220 ready\r\n", 220, "a reply of one line" },
		{ "250-a\r\n250-b\r\n250 c\r\n", 250, "a reply of lines" },
		{ "250 bare\n", 250, "a line that ends without CR" },
		{ "250\r\n", 250, "a code without text" },
		{ "250-a\r\n251 b\r\n", -EPROTO, "codes that differ" },
		{ "hello\r\n", -EPROTO, "no code" },
		{ "2500 a\r\n", -EPROTO, "a code of four digits" },
		{ "150 a\r\n", -EPROTO, "a code that SMTP has not" },
		{ "25", -ECONNRESET, "the end of the connection in a code" },
		{ "250-a\r\n", -ECONNRESET, "the end between two lines" },
		{ "", -ECONNRESET, "a server that says nothing and goes" },
	};
	struct reply reply;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(reply_to(rows[i].text, &reply) == rows[i].expected,
		    rows[i].what);
	reply_to("250-PIPELINING\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1\r\n",
	    &reply);
	check(strcmp(reply.text, "250-PIPELINING\n250-AUTH PLAIN LOGIN\n"
	    "250 SIZE 1") == 0, "the lines of a reply are kept");
	check(reply_offers(&reply, "AUTH"), "a keyword with words behind it");
	check(reply_offers(&reply, "pipelining"), "a keyword in small letters");
	check(!reply_offers(&reply, "SMTPUTF8"), "no keyword that is missing");
	check(!reply_offers(&reply, "PIPE"), "no part of a keyword");
	check(!reply_offers(&reply, "LOGIN"), "no word behind a keyword");
}

static void
test_lines(void)
{
	char line[WIRE_LINE], many[3 * WIRE_LINE];
	struct reply reply;
	struct wire wire;
	int other;

	serve(&wire, "action=DUNNO\n\nrest", 18, NULL);
	check(wire_line(&wire, line) == 0 &&
	    strcmp(line, "action=DUNNO") == 0, "the first of two lines");
	check(wire_line(&wire, line) == 0 && *line == '\0', "an empty line");
	check(wire_line(&wire, line) == -ECONNRESET,
	    "a line without its end is none");
	wire_close(&wire);

	serve(&wire, "a\0b\n", 4, NULL);
	check(wire_line(&wire, line) == -EPROTO, "a line with a NUL");
	wire_close(&wire);

	memset(many, 'x', sizeof(many));
	serve(&wire, many, sizeof(many), NULL);
	check(wire_line(&wire, line) == -EPROTO, "a line without an end");
	wire_close(&wire);

	serve(&wire, "250-half", 8, &other);
	check(wire_reply(&wire, &reply) == -ETIMEDOUT,
	    "a server that stops in the middle");
	wire_close(&wire);
	close(other);
}

static void
test_commands(void)
{
	char text[64] = "", longer[2 * WIRE_LINE];
	struct reply reply;
	struct wire wire;
	int other;

	serve(&wire, "250 ok\r\n", 8, &other);
	wire.deadline += 5000;
	check(wire_command(&wire, &reply, "RCPT TO:<%s>", "a@b") == 250,
	    "a command is answered");
	check(read(other, text, sizeof(text) - 1) > 0 &&
	    strcmp(text, "RCPT TO:<a@b>\r\n") == 0, "it ends with CR LF");
	check(wire_command(&wire, &reply, "RCPT TO:<%s>", "a\r\nDATA") ==
	    -EINVAL, "a command is one line");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	check(wire_command(&wire, &reply, "%s", longer) == -EINVAL,
	    "a command that is too long");
	close(other);
	check(wire_command(&wire, &reply, "NOOP") == -ECONNRESET,
	    "a server that has gone");
	wire_close(&wire);
	check(wire_unix(&wire, "/nonexistent/socket", 1) == -ENOENT,
	    "a socket that is not there");
	check(wire_tcp(&wire, "localhost", 25, NULL, 1) == -EINVAL,
	    "names are not looked up");
}

int
main(void)
{
	test_replies();
	test_lines();
	test_commands();
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
