# SPDX-License-Identifier: LGPL-2.1-or-later
"""A line to the server that breaks where it is told to.

Relays 127.0.0.1:port to a server's port.  Of the first connection after
arm(), so many octets in one direction pass, then both ends are cut; later
connections are whole, or refused.
"""

import select
import socket
import struct
import threading

from proc import free_port

TO_SERVER, TO_CLIENT = 0, 1


def boundaries(octets, first_is_startup):
    """Where each message of the protocol ends."""
    ends, at = [], 0
    while at < len(octets):
        head = 0 if first_is_startup and at == 0 else 1
        if at + head + 4 > len(octets):
            break
        at += head + struct.unpack_from(">I", octets, at + head)[0]
        ends.append(at)
    return ends


class Proxy:
    def __init__(self, server):
        self.server, self.port = server, free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.arm()
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, direction=None, octets=0, refuse=False):
        """direction None: let all pass, and record it in self.record."""
        self.direction, self.octets, self.refuse = direction, octets, refuse
        self.first, self.cut = True, False
        self.record = [bytearray(), bytearray()]

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            if not self.first and self.refuse:
                client.close()
                continue
            doomed, self.first = self.first, False
            threading.Thread(target=self.relay, args=(client, doomed),
                             daemon=True).start()

    def relay(self, client, doomed):
        """One connection, in one thread, so that octets are cut exactly."""
        try:
            server = socket.create_connection(("127.0.0.1", self.server))
        except OSError:
            client.close()
            return
        ends = [client, server]
        passed = [0, 0]
        try:
            while True:
                for source in select.select(ends, [], [])[0]:
                    way = ends.index(source)
                    data = source.recv(65536)
                    if not data:
                        return
                    limit = None
                    if doomed and way == self.direction:
                        limit = self.octets - passed[way]
                        data = data[:limit]
                    ends[1 - way].sendall(data)
                    passed[way] += len(data)
                    if doomed:
                        self.record[way] += data
                    if limit is not None and passed[way] >= self.octets:
                        self.cut = True
                        return
        except OSError:
            pass
        finally:
            # The server reads all that was sent, then the end.
            client.close()
            server.close()
