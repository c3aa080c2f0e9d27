"""What an answer of the network means, by what happens next (STYLE habit 10); sync never looks at a status code again.

======================== =====================================================================================
``captive_portal``       somebody else answered: a log-in page of the network, a proxy, a wrong address
``server_busy``          the province is there and cannot now: later
``server_error``         the province is there and failed: later, and somebody there should look
``unknown_device``       the province does not know this device's key: another province, or never enrolled
``frame_refused``        the province found the request unsound: sending the same again will not help
``server_full``          the province is there and has no room left: later, and somebody there should look
``too_large``            the request was too large for what lies between: the next one is smaller
======================== =====================================================================================
"""

from __future__ import annotations

from inspector_app.errors import StationError
from inspector_app.ports import Reply
from sync.protocol import CONTENT_TYPE

_BY_STATUS = {
    403: "network.unknown_device",
    404: "network.captive_portal",
    408: "network.timeout",
    413: "network.too_large",
    429: "network.server_busy",
    503: "network.server_busy",
    507: "network.server_full",
    511: "network.captive_portal",
}
_PLAIN = "text/plain"
_SHORT = 80


def accepted(reply: Reply) -> bytes:
    """The frame of a proper answer; StationError ``network.*`` for anything else."""
    content_type = reply.content_type.partition(";")[0].strip().lower()
    if reply.status == 200 and content_type == CONTENT_TYPE:
        return reply.body
    if reply.status == 200 or 300 <= reply.status < 400 or _is_page(reply, content_type):
        raise StationError("network.captive_portal", status=reply.status)
    if reply.status in _BY_STATUS:
        raise StationError(_BY_STATUS[reply.status], status=reply.status, said=_said(reply, content_type))
    if reply.status >= 500:
        raise StationError("network.server_error", status=reply.status)
    raise StationError("network.frame_refused", status=reply.status, said=_said(reply, content_type))


def _is_page(reply: Reply, content_type: str) -> bool:
    """A page where a frame was asked for, with a status a log-in page may use; the province itself never sends one."""
    return content_type == "text/html" and reply.status < 500


def _said(reply: Reply, content_type: str) -> str:
    """The province's own short code, when it gave one."""
    if content_type != _PLAIN or len(reply.body) > _SHORT:
        return ""
    text = reply.body.decode("ascii", "replace")
    return text if text.replace("_", "").replace(".", "").isalnum() else ""
