"""The request for the destruction of stock (证章标志销毁申请单) as a PDF, on the form stations use."""

from __future__ import annotations

from inspector_app.clock import moment_text
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.ports import ReportTable
from printing.letters import Report
from province import reference
from province.papers import draw_letter

FORM, TITLE = "destruction_request", "证章标志销毁申请单"
HEAD = ("品种", "起号", "止号", "数量")


def draw_request(using: str, ask: Row, organisation: OrganisationSheet, keeper: str) -> bytes:
    """The PDF with room for four signatures and two seals; ``keeper`` is who asks, by name.

    StationError as :func:`province.papers.draw_letter`.
    """
    said = Report(
        title=TITLE,
        made_at=int(ask["at"] or 0),
        facts=_facts(ask, organisation, keeper),
        tables=(ReportTable("品种、数量、号码", HEAD, _rows(ask)),),
    )
    return draw_letter(using, FORM, said, organisation)


def _facts(ask: Row, organisation: OrganisationSheet, keeper: str) -> dict[str, str]:
    return {
        "申请单位": organisation.name,
        "申请号": str(ask["ask"]),
        "经办人": keeper,
        "申请时间": moment_text(int(ask["at"] or 0)),
        "销毁原因": _reason("loss", ask["cause"]),
        "合计": str(int(ask["count"] or 0)),
        "销毁方式": _reason("destruction", ask["method"]),
        "拟销毁时间": str(ask["planned_on"]),
        "监督销毁": "分管领导",
    }


def _rows(ask: Row) -> tuple[tuple[str, ...], ...]:
    kind = reference.catalogue().stock_kind(str(ask["kind"]))
    name = kind.name("zh") if kind is not None else str(ask["kind"])
    ranges = ranges_of(str(ask["ranges"]))
    if not ranges:
        return ((name, "—", "—", str(ask["count"])),)
    return tuple((name, first, last, str(int(last) - int(first) + 1)) for first, last in ranges)


def _reason(listed: str, code: object) -> str:
    found = reference.catalogue().reason(listed, str(code))
    return found.name("zh") if found is not None else str(code)
