"""What every answer of the province carries, and what the interface of the devices does without.

Devices speak in signed frames: no cookies, no sessions, no headers but length and type; a contact without news shall
cost them some hundred bytes. People's pages get the headers of UX 5.5.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from province.journal import views
from sync.protocol import ATTACHMENTS_PATH, ENROL_PATH, SYNC_PATH

Next = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class ApiPassesBy:
    """Answers the devices' paths at once, before sessions, cookies and page headers."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on."""
        if request.path in (SYNC_PATH, ATTACHMENTS_PATH, ENROL_PATH):
            return views.device_api(request)
        return self._next(request)


class OwnHeaders:
    """The headers of UX 5.5 on every page."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what the page did not set itself."""
        response = self._next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
