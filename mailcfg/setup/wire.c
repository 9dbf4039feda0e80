/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wire.c - a client's end of a conversation in lines
 *
 * Descriptors do not block; poll() waits, never past the deadline.  No name is
 * looked up: hosts are IP addresses.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Waits until the descriptor is ready: 0 or an error. */
static int
await(const struct wire *wire, short events)
{
	struct pollfd poller = { .fd = wire->fd, .events = events };
	int64_t left = wire->deadline - now();
	int rc;

	if (left < 0)
		left = 0;
	do
		rc = poll(&poller, 1, (int)left);
	while (rc < 0 && errno == EINTR);
	return rc > 0 ? 0 : rc == 0 ? -ETIMEDOUT : -errno;
}

/* ---- connections ------------------------------------------------------ */

void
wire_attach(struct wire *wire, int fd, int seconds)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	wire->fd = fd;
	wire->deadline = now() + seconds * 1000LL;
	wire->have = 0;
}

/* Connects to an address: 0, or an error with the descriptor closed. */
static int
join(struct wire *wire, const struct sockaddr *address, socklen_t size)
{
	socklen_t length = sizeof(int);
	int error = 0, rc = 0;

	if (connect(wire->fd, address, size) < 0)
		rc = -errno;
	if (rc == -EINPROGRESS && (rc = await(wire, POLLOUT)) == 0) {
		getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &length);
		rc = -error;
	}
	if (rc < 0)
		wire_close(wire);
	return rc;
}

int
wire_unix(struct wire *wire, const char *path, int seconds)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -errno;
	wire_attach(wire, fd, seconds);
	return join(wire, (struct sockaddr *)&address, sizeof(address));
}

/* Reads an IP address of either family: its size, or 0. */
static socklen_t
read_address(struct sockaddr_storage *to, const char *host, int port)
{
	struct sockaddr_in *four = (struct sockaddr_in *)to;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		return sizeof(*six);
	}
	return 0;
}

int
wire_tcp(struct wire *wire, const char *host, int port, const char *from,
    int seconds)
{
	struct sockaddr_storage to, source;
	socklen_t size = read_address(&to, host, port), length = 0;
	int fd;

	if (size == 0 || (from != NULL &&
	    (length = read_address(&source, from, 0)) == 0))
		return -EINVAL;
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	wire_attach(wire, fd, seconds);
	if (from != NULL && bind(fd, (struct sockaddr *)&source, length) < 0) {
		int rc = -errno;

		wire_close(wire);
		return rc;
	}
	return join(wire, (struct sockaddr *)&to, size);
}

void
wire_close(struct wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	wire->fd = -1;
}

/* ---- lines ------------------------------------------------------------ */

int
wire_send(struct wire *wire, const char *text)
{
	size_t left = strlen(text);
	ssize_t sent;
	int rc;

	while (left > 0) {
		if ((rc = await(wire, POLLOUT)) < 0)
			return rc;
		sent = send(wire->fd, text, left, MSG_NOSIGNAL);
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return errno == EPIPE ? -ECONNRESET : -errno;
		if (sent > 0) {
			text += sent;
			left -= (size_t)sent;
		}
	}
	return 0;
}

/* Receives what there is: 0, or an error. */
static int
fill(struct wire *wire)
{
	size_t room = sizeof(wire->buffer) - wire->have;
	ssize_t got;
	int rc;

	if (room == 0)
		return -EPROTO;
	if ((rc = await(wire, POLLIN)) < 0)
		return rc;
	got = read(wire->fd, wire->buffer + wire->have, room);
	if (got == 0)
		return -ECONNRESET;
	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	wire->have += (size_t)got;
	return 0;
}

int
wire_line(struct wire *wire, char line[WIRE_LINE])
{
	char *end;
	size_t len;
	int rc;

	while ((end = memchr(wire->buffer, '\n', wire->have)) == NULL)
		if ((rc = fill(wire)) < 0)
			return rc;
	len = (size_t)(end - wire->buffer);
	memcpy(line, wire->buffer, len);
	wire->have -= len + 1;
	memmove(wire->buffer, end + 1, wire->have);
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return memchr(line, '\0', len) == NULL ? 0 : -EPROTO;
}

/* ---- replies ---------------------------------------------------------- */

/* Reads "250-text" or "250 text": whether more lines follow, or an error. */
static int
reply_line(const char *line, int *code)
{
	if (strspn(line, "0123456789") != 3 || *line < '2' || *line > '5' ||
	    (line[3] != ' ' && line[3] != '-' && line[3] != '\0'))
		return -EPROTO;
	*code = atoi(line);
	return line[3] == '-';
}

int
wire_reply(struct wire *wire, struct reply *reply)
{
	char line[WIRE_LINE];
	size_t used = 0;
	int rc, code, more;

	reply->code = 0;
	reply->text[0] = '\0';
	do {
		if ((rc = wire_line(wire, line)) < 0)
			return rc;
		if ((more = reply_line(line, &code)) < 0 ||
		    (used > 0 && code != reply->code) ||
		    used + strlen(line) + 2 > sizeof(reply->text))
			return -EPROTO;
		used += (size_t)snprintf(reply->text + used,
		    sizeof(reply->text) - used, "%s%s", used > 0 ? "\n" : "",
		    line);
		reply->code = code;
	} while (more);
	return reply->code;
}

int
wire_command(struct wire *wire, struct reply *reply, const char *format, ...)
{
	char command[WIRE_LINE];
	va_list ap;
	int len, rc;

	va_start(ap, format);
	len = vsnprintf(command, sizeof(command) - 2, format, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(command) - 2 ||
	    strpbrk(command, "\r\n") != NULL)
		return -EINVAL;
	memcpy(command + len, "\r\n", 3);
	rc = wire_send(wire, command);
	return rc < 0 ? rc : wire_reply(wire, reply);
}

int
reply_offers(const struct reply *reply, const char *keyword)
{
	size_t len = strlen(keyword);
	const char *at = reply->text;

	for (; at != NULL; at = strchr(at, '\n'), at += at != NULL)
		if (strlen(at) >= 4 + len &&
		    strncasecmp(at + 4, keyword, len) == 0 &&
		    strchr(" =\n", at[4 + len]) != NULL)
			return true;
	return false;
}
