"""Two pages: the declaration form, and the reference it was given."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from inspector_app.clock import legal_date
from province import provinces, reference
from province.databases import DEFAULT
from province.journal.models import State
from province.portal.declaring import DeclinedError, declare
from province.portal.forms import PARTS, DeclarationPage
from province.portal.models import PortalDeclaration
from province.public.visitors import address_of
from province.registry.models import Station
from province.texts import Language, language_of, table, word


def form(request: HttpRequest) -> HttpResponse:
    """Show the form; take a declaration that is sound."""
    language = language_of(request.GET.get("lang", ""))
    page = DeclarationPage(DEFAULT, language, request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.is_valid():
        try:
            row = declare(DEFAULT, page.declared(), address=address_of(request))
        except DeclinedError as reason:
            said = {"problems": word("portal", reason.code, language, **reason.values)}
            context = _of_form(page, language) | said | _around(language, request.path)
            return render(request, "portal/declare.html", context, status=429)
        return redirect(f"{reverse('declared', args=[row.online])}{'?lang=en' if language == 'en' else ''}")
    return render(request, "portal/declare.html", _of_form(page, language) | _around(language, request.path))


def done(request: HttpRequest, online: str) -> HttpResponse:
    """The reference of a declaration, and whom to call."""
    language = language_of(request.GET.get("lang", ""))
    row = PortalDeclaration.objects.using(DEFAULT).filter(online=online).first()
    station = Station.objects.using(DEFAULT).filter(number=row.station).first() if row else None
    if row is None or station is None:
        raise Http404
    name = station.name_en if language == "en" and station.name_en else station.name
    text = word("portal", "done_text", language, station=name, phone=station.phone)
    context = {"online": row.online, "done_text": text, "phone": station.phone}
    return render(request, "portal/done.html", context | _around(language, request.path))


def _of_form(page: DeclarationPage, language: Language) -> dict[str, Any]:
    areas = reference.areas()
    near = {
        name: [
            (area.code, areas.full_name(area.code) if language == "zh" else areas.full_name_en(area.code))
            for area in found
        ]
        for name, found in page.near.items()
    }
    now = provinces.of(DEFAULT).clock.now().at
    days = reference.policy(DEFAULT).lead_time_days(legal_date(now))
    return {
        "parts": [
            (word("portal", title, language), [(page[name], near.get(name, [])) for name in names])
            for title, names in PARTS.items()
        ],
        "problems": word("portal", "problems", language, count=len(page.errors)) if page.errors else "",
        "lead_note": word("portal", "lead_note", language, days=days),
    }


def _around(language: Language, path: str) -> dict[str, Any]:
    state = State.objects.using(DEFAULT).get(only=1)
    return {
        "w": table("portal", language),
        "p": table("public", language),
        "language": language,
        "other": "zh" if language == "en" else "en",
        "path": path,
        "practice": state.province == "99",
        "platform": word("public", "platform", language, province=state.name if language == "zh" else state.name_en),
    }
