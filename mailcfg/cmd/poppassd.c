/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * poppassd.c - users change their password by the poppassd protocol
 *
 * One conversation on standard input and output, which inetd or systemd
 * connect to a client:
 *
 *	S: 200 ...    C: user NAME       S: 300 ...
 *	C: pass OLD   S: 200 ...         C: newpass NEW
 *	S: 200 ...    C: quit            S: 200 ...
 *
 * 2xx and 3xx say yes, 4xx later, 5xx no.  The client may be anybody: who
 * guesses gets the same answer after the same time whatever was wrong, and a
 * few tries; who is silent is not waited for.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cmd/commands.h"

#define LINES 50 /* are more than a client with good intent needs */

struct talk {
	struct call *call;
	int idle, delay, tries;     /* the options, or what holds without */
	char peer[INET6_ADDRSTRLEN]; /* "" when it is no host */
	bool apart;                 /* standard error is not the client's */
	struct timespec came;       /* when the present line did */
	struct secret name;
	struct secret old;          /* once it was found to be right */
	int refused;
	bool changed;
	bool over;
};

/* ---- telling -------------------------------------------------------- */

/* Tells the client; when that is gone, the conversation is over. */
static int
say(struct talk *talk, const char *text)
{
	if (out_reply(talk->call, text) < 0)
		talk->over = true;
	return 0;
}

/* Ends the conversation with a word. */
static int
leave(struct talk *talk, const char *text)
{
	talk->over = true;
	return say(talk, text);
}

/* Refuses a line; after some of them, all. */
static int
refuse(struct talk *talk, const char *text)
{
	if (++talk->refused >= talk->tries)
		talk->over = true;
	return say(talk, text);
}

/* Writes down for the administrator what became of a user.  A name that is no
 * address may be a password in the wrong place. */
static void
note(struct talk *talk, const char *what)
{
	struct maildb_address user;
	const char *peer = *talk->peer != '\0' ? talk->peer : "a local program";
	const char *name = maildb_address_parse(talk->name.text,
	    strlen(talk->name.text), 0, &user) == MAILDB_REASON_NONE &&
	    user.klass <= MAILDB_MAILBOX ? user.text : "what is no address";

	if (talk->apart)
		fprintf(stderr, PROGRAM ": poppassd: %s: %s, from %s\n", name,
		    what, peer);
	else
		syslog(LOG_NOTICE, "poppassd: %s: %s, from %s", name, what,
		    peer);
}

/* ---- the lines ------------------------------------------------------ */

/* Refuses who does not know the password, after a time that does not tell how
 * much work it was to find out. */
static int
wrong(struct talk *talk)
{
	struct timespec when = talk->came;

	note(talk, "wrong name or password");
	when.tv_sec += talk->delay;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) ==
	    EINTR && !cli_interrupted())
		;
	return refuse(talk, "500 the user name or the password is wrong");
}

static int
say_user(struct talk *talk, char *word)
{
	secret_drop(&talk->old);
	secret_drop(&talk->name);
	if (secret_take(&talk->name, word) < 0)
		return MAILDB_ENOMEM;
	return say(talk, "300 now the password, please");
}

static int
say_pass(struct talk *talk, char *word)
{
	int rc;

	secret_drop(&talk->old);
	if (talk->name.text == NULL)
		return refuse(talk, "500 the user comes before the password");
	rc = maildb_user_verify(talk->call->db, talk->name.text, word);
	if (rc == MAILDB_EHASH) /* only Dovecot can check it */
		rc = 0;
	if (rc <= 0)
		return rc < 0 ? rc : wrong(talk);
	if (secret_take(&talk->old, word) < 0)
		return MAILDB_ENOMEM;
	return say(talk, "200 now the new password, please");
}

/* Says why the library refuses a new password. */
static int
refuse_fresh(struct talk *talk)
{
	const struct maildb_fault *fault = maildb_fault(talk->call->db);
	char text[256];

	snprintf(text, sizeof(text), "500 %s", fault->message != NULL ?
	    fault->message : maildb_error_meaning(fault->code));
	return refuse(talk, text);
}

/* Changes the password in the name of its owner. */
static int
change(struct talk *talk, const char *fresh)
{
	struct call *call = talk->call;
	char who[sizeof("poppassd:") + MAILDB_ADDRESS_MAX];
	struct maildb_address user;
	int rc;

	(void)maildb_address_parse(talk->name.text, strlen(talk->name.text), 0,
	    &user);
	snprintf(who, sizeof(who), "poppassd:%s", user.text);
	rc = cli_act_as(call->cli, who, *talk->peer != '\0' ? talk->peer :
	    NULL);
	return rc < 0 ? rc : maildb_user_change_password(call->db,
	    talk->name.text, talk->old.text, fresh);
}

static int
say_newpass(struct talk *talk, char *word)
{
	int rc;

	if (talk->old.text == NULL)
		return refuse(talk, "500 the old password comes first");
	rc = change(talk, word);
	if (rc == MAILDB_EMISMATCH) { /* no longer right, or switched off */
		secret_drop(&talk->old);
		return wrong(talk);
	}
	if (rc == MAILDB_EPASSWORD)
		return refuse_fresh(talk);
	if (rc == 0)
		return refuse(talk, "500 the new password is the old one");
	if (rc < 0)
		return rc;
	talk->changed = true;
	note(talk, "changed the password");
	secret_drop(&talk->old);
	secret_drop(&talk->name);
	return say(talk, "200 the password is changed");
}

static int
say_quit(struct talk *talk, char *word)
{
	(void)word;
	return leave(talk, "200 goodbye");
}

/* Carries out a line: a verb in any letters, a blank, and the rest as it is. */
static int
take_line(struct talk *talk, char *line)
{
	static const struct {
		const char *name;
		bool word; /* that has to follow */
		int (*run)(struct talk *talk, char *word);
	} verbs[] = {
		{ "user", true, say_user },
		{ "pass", true, say_pass },
		{ "newpass", true, say_newpass },
		{ "quit", false, say_quit },
	};
	size_t len = strcspn(line, " "), i;
	char *word = line[len] == ' ' ? line + len + 1 : line + len;

	for (i = 0; line[i] != '\0'; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return refuse(talk,
			    "500 control characters are not taken");
	for (i = 0; i < COUNT(verbs); i++)
		if (strlen(verbs[i].name) == len &&
		    strncasecmp(verbs[i].name, line, len) == 0)
			return !verbs[i].word || *word != '\0' ?
			    verbs[i].run(talk, word) :
			    refuse(talk, "500 a word is missing");
	return refuse(talk, "500 it is user, pass, newpass or quit");
}

/* Ends a conversation in which no line came. */
static int
take_none(struct talk *talk, enum line_end found)
{
	switch (found) {
	case LINE_NUL:
		return refuse(talk, "500 control characters are not taken");
	case LINE_LONG:
		return leave(talk, "500 the line is too long");
	case LINE_LATE:
		return leave(talk, "400 nothing came for too long");
	case LINE_STOPPED:
		leave(talk, "400 the service is being stopped");
		return MAILDB_EINTR;
	case LINE_NOMEM:
		return MAILDB_ENOMEM;
	default: /* the client is gone; half a line is none */
		talk->over = true;
		return 0;
	}
}

/* ---- the conversation ----------------------------------------------- */

/* Talks until one of both has had enough. */
static int
converse(struct talk *talk)
{
	struct secret line = { NULL };
	enum line_end found;
	int rc, n;

	say(talk, "200 " PROGRAM " changes passwords: the user, please");
	for (rc = 0, n = 0; rc >= 0 && !talk->over; n++) {
		if (n == LINES)
			return leave(talk, "400 that were too many lines");
		found = secret_line(STDIN_FILENO, talk->idle, &line);
		clock_gettime(CLOCK_MONOTONIC, &talk->came);
		rc = found == LINE_READ ? take_line(talk, line.text) :
		    take_none(talk, found);
		secret_drop(&line);
	}
	return rc;
}

/* Finds out who is there.  Under inetd standard error is the client's as well:
 * what is for the administrator goes to syslog then. */
static void
look_around(struct talk *talk)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} peer;
	socklen_t size = sizeof(peer);
	struct stat out, err;
	int fd;

	if (getpeername(STDIN_FILENO, &peer.any, &size) == 0 &&
	    (peer.any.sa_family == AF_INET || peer.any.sa_family == AF_INET6))
		inet_ntop(peer.any.sa_family, peer.any.sa_family == AF_INET ?
		    (void *)&peer.in.sin_addr : (void *)&peer.in6.sin6_addr,
		    talk->peer, sizeof(talk->peer));
	talk->apart = fstat(STDOUT_FILENO, &out) < 0 ||
	    fstat(STDERR_FILENO, &err) < 0 || out.st_dev != err.st_dev ||
	    out.st_ino != err.st_ino || S_ISCHR(err.st_mode);
	if (talk->apart)
		return;
	openlog(PROGRAM, LOG_PID, LOG_AUTHPRIV);
	fflush(stderr);
	if ((fd = open("/dev/null", O_WRONLY | O_CLOEXEC)) >= 0) {
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
}

/* A number that an option gives, or the one that holds without it. */
static int
number(const struct call *call, const char *option, int otherwise)
{
	const char *text = call_option(call, option);
	long value = text != NULL ? strtol(text, NULL, 10) : otherwise;

	return value < 86400 ? (int)value : 86400;
}

/* Tells the client that it is not its fault, and the administrator what is. */
static void
apologize(struct talk *talk, int rc)
{
	struct call *call = talk->call;

	if (rc == MAILDB_EINTR)
		return;
	fault_from(&call->fault, rc, call->db);
	leave(talk, "400 passwords cannot be changed now, try again later");
	if (!talk->apart)
		syslog(LOG_ERR, "poppassd: %s", call->fault.message != NULL ?
		    call->fault.message : maildb_error_meaning(rc));
}

int
cmd_poppassd(struct call *call)
{
	struct talk talk = { .call = call,
		.idle = number(call, "idle", 60),
		.delay = number(call, "delay", 2),
		.tries = number(call, "tries", 3) };
	int rc;

	look_around(&talk);
	secret_guard(true);
	rc = cli_open(call);
	if (rc >= 0)
		rc = converse(&talk);
	if (rc < 0)
		apologize(&talk, rc);
	secret_drop(&talk.name);
	secret_drop(&talk.old);
	secret_guard(false);
	/* The next command of a shell is somebody else's. */
	if (cli_close(call->cli) < 0 && rc >= 0)
		rc = MAILDB_ENOMEM;
	call->db = call->cli->db;
	return rc < 0 ? rc : talk.changed;
}
