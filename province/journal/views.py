"""The interface of the devices, bytes in and bytes out (rules: :mod:`province.journal.contact`), and what they sent."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from inspector_app.ports import Reply
from province.databases import DEFAULT
from province.journal import attachments, contact
from province.public.visitors import address_of


def device_api(request: HttpRequest) -> HttpResponse:
    """``POST /api/v1/sync``, ``…/attachments`` and ``…/enrol``."""
    if request.method != "POST":
        return _response(contact.refusal(405, "method_not_allowed"))
    try:
        reply = contact.answer(DEFAULT, request.path, request.body, address=address_of(request))
    except RequestDataTooBig:
        reply = contact.refusal(413, "frame_too_large")
    except OperationalError:  # the database is away or full: nothing was acknowledged, the device keeps everything
        reply = contact.refusal(503, "province_busy")
    return _response(reply)


def attachment(name: str) -> HttpResponse:
    """A photograph or scan that is here whole: a picture to look at, anything else to save. Http404 for any other.

    Whatever a device sent in its place, no browser takes it for a page of ours.
    """
    content = attachments.read(DEFAULT, name)
    if content is None:
        raise Http404
    kind = attachments.media_type(content)
    how = "inline" if kind.startswith("image/") else "attachment"
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{how}; filename="{name[:12]}.{kind.rpartition("/")[2][:4]}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _response(reply: Reply) -> HttpResponse:
    # A stated length keeps the connection open for the next request: each one made anew costs a bad line a round trip.
    length = {"Content-Length": str(len(reply.body))}
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=length)
