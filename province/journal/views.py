"""The devices' interface: bytes in, bytes out; every rule lies in :mod:`province.journal.contact`."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from inspector_app.ports import Reply
from province.databases import DEFAULT
from province.journal import contact
from province.public.visitors import address_of


def device_api(request: HttpRequest) -> HttpResponse:
    """``POST /api/v1/sync`` and ``POST /api/v1/enrol``."""
    if request.method != "POST":
        return _response(contact.refusal(405, "method_not_allowed"))
    try:
        reply = contact.answer(DEFAULT, request.path, request.body, address=address_of(request))
    except RequestDataTooBig:
        reply = contact.refusal(413, "frame_too_large")
    except OperationalError:  # the database is away or full: nothing was acknowledged, the device keeps everything
        reply = contact.refusal(503, "province_busy")
    return _response(reply)


def _response(reply: Reply) -> HttpResponse:
    # A stated length keeps the connection open for the next request: each one made anew costs a bad line a round trip.
    length = {"Content-Length": str(len(reply.body))}
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=length)
