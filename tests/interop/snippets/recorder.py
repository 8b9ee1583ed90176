"""A server that hands every request on to practice, and writes down what came and what it said."""

import http.client
import threading
from collections import defaultdict
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# What concerns one connection alone.
HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@dataclass
class Exchange:
    """A request as it arrived, and its answer."""

    path: str
    headers: dict
    body: bytes
    status: int
    reply: bytes
    # Whether the program printed something before the reply was whole, if that was waited for.
    came_in_pieces: bool = True


class Server(ThreadingHTTPServer):
    """A server to which it is nothing new that a client hangs up."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Recorder:
    """Listens on a free port. The first part of a path is the name of a case, which is kept.

    The second half of a reply is held back until the event that `held` has for its case.
    """

    PATIENCE = 20

    def __init__(self, practice):
        self.practice = urlsplit(practice)
        self.exchanges = defaultdict(list)
        self.held = {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                _, case, path = self.path.split("/", 2)
                exchange, headers = recorder.hand_on("/" + path, dict(self.headers), body)
                recorder.exchanges[case].append(exchange)
                self.send_response(exchange.status)
                for name, value in headers:
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(exchange.reply)))
                self.end_headers()
                half = len(exchange.reply) // 2
                self.wfile.write(exchange.reply[:half])
                if case in recorder.held and exchange.status == 200:
                    printed = recorder.held[case]
                    exchange.came_in_pieces = printed.wait(recorder.PATIENCE)
                self.wfile.write(exchange.reply[half:])

            def log_message(self, *arguments):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hand_on(self, path, headers, body):
        connection = http.client.HTTPConnection(self.practice.hostname, self.practice.port)
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP}
        # What is written down is to be read.
        kept = {**kept, "accept-encoding": "identity"}
        connection.request("POST", path, body, kept)
        response = connection.getresponse()
        reply = response.read()
        connection.close()
        headers = {name.lower(): value for name, value in headers.items()}
        return Exchange(path, headers, body, response.status, reply), response.getheaders()

    def take(self):
        """What was recorded since this was last asked."""
        taken, self.exchanges = self.exchanges, defaultdict(list)
        return taken
