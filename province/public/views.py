"""The public page: ``/q/<digits>`` from the QR code, ``/q/`` with a number and its check code (UX 5).

No cookie, no script, no login. Works with whatever browser a telephone has.
"""

from __future__ import annotations

import unicodedata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inspector_app.clock import moment_text
from inspector_app.domain.credential import CHECK_CODE_LENGTH, Tone
from province import provinces
from province.databases import DEFAULT
from province.journal.models import State
from province.public import tallies
from province.public.looking import Facts, Finding, lines, look_at, look_up
from province.public.visitors import address_of
from province.texts import Language, language_of, table, word

LOOK_UPS = tallies.Limit(most=30, minutes=10)
"""Per address only: a limit by number would let a stranger keep everybody from looking one certificate up."""
_ICONS = {Tone.GOOD: "check", Tone.NOTICE: "alert", Tone.STOP: "cross", Tone.UNKNOWN: "question"}


def scanned(request: HttpRequest, digits: str) -> HttpResponse:
    """What a scanned code is worth."""
    return _page(request, look_at(DEFAULT, digits))


def typed(request: HttpRequest) -> HttpResponse:
    """The look-up form, and its answer."""
    number = _plain(request.GET.get("number", ""))
    if not number:
        return _page(request, None)
    kind = _plain(request.GET.get("kind", ""))[:1] or "B"
    digits = number.removeprefix(kind).strip()
    code = _plain(request.GET.get("code", ""))[:CHECK_CODE_LENGTH]
    if tallies.is_beyond(DEFAULT, "look-up", address_of(request), LOOK_UPS):
        practice = _state().province == "99"
        finding = Finding(state="too_often", tone=Tone.UNKNOWN, practice=practice, values={"minutes": LOOK_UPS.minutes})
        return _page(request, finding, status=429)
    return _page(request, look_up(DEFAULT, kind, digits, code))


def out_of_order(request: HttpRequest) -> HttpResponse:
    """What anybody sees when the page itself fails."""
    language = language_of(request.GET.get("lang", ""))
    context = _words(language, "out_of_order", {}) | {"tone": Tone.UNKNOWN.value, "icon": "again", "language": language}
    return _private(render(request, "public/verify.html", context | {"w": table("public", language)}, status=503))


def _private(response: HttpResponse) -> HttpResponse:
    """Where the reader goes next learns nothing of the certificate."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _state() -> State:
    return State.objects.using(DEFAULT).get(only=1)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)[:40].replace(" ", "").upper().strip()


def _page(request: HttpRequest, finding: Finding | None, *, status: int = 200) -> HttpResponse:
    language = language_of(request.GET.get("lang", ""))
    state = _state()
    context: dict[str, object] = {
        "w": table("public", language),
        "language": language,
        "other": "zh" if language == "en" else "en",
        "platform": word(
            "public", "platform", language, province=state.name_en if language == "en" and state.name_en else state.name
        ),
        "practice": state.province == "99",
        "path": request.path,
    }
    if finding is not None:
        context |= _of_finding(request, finding, language)
    return _private(render(request, "public/verify.html", context, status=status))


def _of_finding(request: HttpRequest, finding: Finding, language: Language) -> dict[str, object]:
    facts = finding.facts
    return _words(language, finding.state, finding.values) | {
        "tone": finding.tone.value,
        "icon": "clock" if finding.state == "not_yet_reported" else _ICONS[finding.tone],
        "lines": lines(facts, finding.station, language) if facts else [],
        "claimed": "" if facts else finding.claimed,
        "station": finding.station,
        "asked_at": word("public", "asked_at", language, at=moment_text(provinces.of(DEFAULT).clock.now().at)),
        "scanned": _scanned(finding.scanned, language),
        "stands": finding.tone is Tone.GOOD or finding.state == "not_yet_reported",
        "arrives": bool(facts) and finding.tone is Tone.GOOD and facts.kind == "A" if facts else False,
        "plate_answer": _plate_answer(request, facts),
        "offers_plate": bool(facts and len(facts.plate_now) > 3),
    }


def _words(language: Language, state: str, values: dict[str, str | int]) -> dict[str, object]:
    return {
        "headline": word("public_headline", state, language),
        "text": word("public_text", state, language, **values),
        "state": state,
    }


def _scanned(count: int, language: Language) -> str:
    if count < 1:
        return ""
    return word("public", "scanned_once" if count == 1 else "scanned", language, count=count)


def _plate_answer(request: HttpRequest, facts: Facts | None) -> str:
    """Whether the two characters somebody typed end the plate: "plate_same", "plate_differs", or "" unasked."""
    tail = _plain(request.GET.get("plate", ""))
    if not tail or facts is None:
        return ""
    return "plate_same" if len(tail) == 2 and facts.plate_now.upper().endswith(tail) else "plate_differs"
