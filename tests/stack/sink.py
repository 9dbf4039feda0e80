# SPDX-License-Identifier: LGPL-2.1-or-later
"""An SMTP server that keeps what it gets: the rest of the world.

Owns: one thread that listens on a port of its own on 127.0.0.1, and the list of
messages.  It accepts every sender and recipient, and stores a message before
it says so, so that an empty mail queue means that everything is here.
"""

import collections
import re
import socketserver
import threading

Message = collections.namedtuple("Message", "sender recipients data")


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def reply(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        sender, recipients = "", []
        self.reply("220 sink ESMTP")
        for raw in self.rfile:
            line = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
            verb = line[:4].upper()
            path = re.search(r"<(.*?)>", line)
            if verb == "EHLO":
                self.reply("250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                           "250 ENHANCEDSTATUSCODES")
            elif verb == "MAIL":
                sender, recipients = path[1], []
                self.reply("250 2.1.0 Ok")
            elif verb == "RCPT":
                recipients.append(path[1])
                self.reply("250 2.1.5 Ok")
            elif verb == "DATA":
                self.reply("354 Go on")
                self.server.messages.append(
                    Message(sender, recipients, self.body()))
                self.reply("250 2.0.0 Kept")
            elif verb == "QUIT":
                self.reply("221 2.0.0 Bye")
                return
            else:
                self.reply("250 2.0.0 Ok")

    def body(self):
        """The message up to its final dot, dots unstuffed."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.messages = []
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,),
                         daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()
