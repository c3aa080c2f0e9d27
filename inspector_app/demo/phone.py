"""``--phone``: the practice province's public page on the local network, for a few minutes.

Only the public page is served, with a list of the day's certificates in front of it; devices' interface, declaration
form and admin stay closed. The codes on the papers name a host that does not exist, so a telephone starts from the
address printed here.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from inspector_app.clock import SystemClock, clock_text
from inspector_app.demo.page.html import plain
from inspector_app.demo.papers import Papers
from inspector_app.demo.telling import Both, Tale

SECONDS = 600
OPEN_PATHS = ("/q/", "/static/public/")
NOWHERE = "192.0.2.1"  # TEST-NET-1, RFC 5737: asking for the way there sends nothing
QUIET = 2
INK = "\x1b[30;47m", "\x1b[0m"

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


def own_address() -> str:
    """This computer's address on the local network; loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((NOWHERE, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def serve(tale: Tale, province: Path, papers: Papers, *, seconds: int, colours: bool) -> None:
    """Serve until the time is over or somebody presses Ctrl+C; ``province`` is the folder it lies in now."""
    from waitress import create_server

    _move_in(province)
    address = own_address()
    server = create_server(_front(tale, papers), host="0.0.0.0", port=0, threads=4)  # noqa: S104  # that is the point
    url = f"http://{address}:{server.effective_port}/"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _announce(tale, url, seconds, colours=colours)
    try:
        SystemClock().wait(seconds)
    except KeyboardInterrupt:
        pass  # that is how one ends it early
    finally:
        server.close()
        thread.join(timeout=5)
    tale.say(Both("The page is closed again.", "查验页已关闭。"))


def _move_in(province: Path) -> None:
    """The province lies where the reader wanted it now, and lives by the computer's own clock."""
    import msgspec
    from django.db import connections

    from province import provinces
    from province.databases import DEFAULT

    connections.close_all()
    connections.settings[DEFAULT]["NAME"] = str(province / "province.sqlite3")
    del connections[DEFAULT]
    provinces.register(msgspec.structs.replace(provinces.of(DEFAULT), clock=SystemClock()))


def _announce(tale: Tale, url: str, seconds: int, *, colours: bool) -> None:
    minutes = max(1, round(seconds / 60))
    tale.head(
        Both(
            f"For {minutes} minutes a telephone in the same network can open  {url}  (Ctrl+C ends it)",
            f"{minutes} 分钟内，同一网络中的手机可以打开 {url} （按 Ctrl+C 结束）",
        )
    )
    drawing = text_code(url, colours=colours)
    tale.say(Both(drawing, drawing))


def text_code(text: str, *, colours: bool) -> str:
    """A QR code of half blocks, dark on light; without colours it is right for light letters on a dark ground."""
    from printing import qr

    code = qr.make(text, 1.0)
    rows = code.rows if code else ()
    side = len(rows) + 2 * QUIET
    empty = " " * side
    framed = [empty] * QUIET + [" " * QUIET + row + " " * QUIET for row in rows] + [empty] * (QUIET + side % 2)
    blocks = "█▀▄ " if colours else " ▄▀█"
    lines = []
    for upper, lower in zip(framed[::2], framed[1::2], strict=True):
        pairs = zip(upper, lower, strict=True)
        line = "".join(blocks[(one != "#") * 2 + (other != "#")] for one, other in pairs)
        lines.append(f"{INK[0]}{line}{INK[1]}" if colours else line)
    return "\n".join(lines)


def _front(tale: Tale, papers: Papers) -> Application:
    from province.wsgi import application

    listing = _listing(papers).encode()

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if path == "/":
            start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
            return [listing]
        if not path.startswith(OPEN_PATHS):
            start("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"not served here"]
        if path.startswith("/q/"):
            _told(tale, str(environ.get("REMOTE_ADDR", "")))
        answered: Iterable[bytes] = application(environ, start)
        return answered

    return answer


def _told(tale: Tale, who: str) -> None:
    time = clock_text(SystemClock().now().at)
    tale.say(Both(f"{time} {who} looks a certificate up", f"{time} {who} 正在查验"))


def _listing(papers: Papers) -> str:
    """A page with a link per certificate: what scanning its paper would open."""
    items = "".join(
        f'<li><a href="/q/{plain(prints[-1].content.code.rpartition("/")[2])}?lang=en">{plain(number)}</a></li>'
        for number, prints in papers.prints.items()
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Inspector · practice</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>body{font:18px/1.5 sans-serif;'
        "margin:24px;max-width:28em}a{display:block;padding:12px 0;color:#0B5CAD}ul{list-style:none;padding:0}"
        "li{border-bottom:1px solid #dde3ea}</style></head><body><h1>练习 · SPECIMEN</h1>"
        "<p>The day's certificates. Each link is what scanning the paper would open. 以下为当天的证书，"
        f"点开即为扫码所见。</p><ul>{items}</ul></body></html>"
    )
