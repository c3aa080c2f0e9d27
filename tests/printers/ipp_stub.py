"""An HTTP server that answers IPP requests from a script, for faults no real printer can be told to have."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from printing.ipp import Operation

Reply = bytes | None
"""Body of the answer; None breaks the line without one."""


def message(status: int, *groups: bytes) -> bytes:
    """An IPP answer."""
    return struct.pack(">HHI", 0x0200, status, 1) + b"".join(groups) + b"\x03"


def group(tag: int, **attributes: int | str | bool) -> bytes:
    """An attribute group; integers as enum when the name ends in ``state``, texts as keywords."""
    out = bytes([tag])
    for raw_name, value in attributes.items():
        name = raw_name.replace("_", "-").encode()
        if isinstance(value, bool):
            kind, data = 0x22, bytes([value])
        elif isinstance(value, int):
            kind, data = (0x23 if name.endswith(b"state") else 0x21), struct.pack(">i", value)
        else:
            kind, data = 0x44, value.encode()
        out += bytes([kind]) + struct.pack(">H", len(name)) + name + struct.pack(">H", len(data)) + data
    return out


def printer(**attributes: int | str | bool) -> bytes:
    """Attributes of an idle printer, changed as given."""
    return message(0, group(4, **{"printer_state": 3, "printer_state_reasons": "none", **attributes}))


class IppStub:
    """`answer` gets the operation code and says what comes back. Listens while the ``with`` block runs."""

    def __init__(self, answer: Callable[[int], Reply], *, content_type: str = "application/ipp") -> None:
        self.asked: list[int] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = struct.unpack(">H", body[2:4])[0]
                stub.asked.append(operation)
                reply = answer(operation)
                if reply is None:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def finish(self) -> None:
                try:
                    super().finish()
                except (OSError, ValueError):
                    return

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def uri(self) -> str:
        """Its address."""
        return f"ipp://127.0.0.1:{self._server.server_address[1]}/ipp/print"

    def count(self, operation: Operation) -> int:
        """How often it was asked for one operation."""
        return self.asked.count(operation)

    def __enter__(self) -> IppStub:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
