"""Provincial policy: where law or documents are silent, or change, the rule is dated data, signed by the province.

The text is TOML: ``version``, ``issued_on`` and a list of rules, each with name, value, days in force, source and
confidence. ``resources/catalogue/policy.toml`` is what the program ships. A :class:`Policy` answers for one day: that
of its issue until :meth:`Policy.on` names another; a service asks ``policy.on(today)``, a check of an old entry asks
for the entry's day. A rule this program does not know is kept and ignored. A policy published before the program asked
for a rule does not have it: the shipped policy's stands in, at the station and at the province alike.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import pairwise

import msgspec

from inspector_app.domain.catalogue import Host
from inspector_app.domain.days import after_months
from inspector_app.domain.numerals import iso_date, small_chinese_numeral
from inspector_app.domain.reference import Confidence, in_force

_SATURDAY = 5
Value = bool | int | str | tuple[str, ...]

RULES: dict[str, type] = {
    "lead_time_days": int,
    "short_notice_allowed": bool,
    "wild_declare_within_days": int,
    "validity_days_max": int,
    "validity_wording_a": str,
    "validity_wording_b": str,
    "b_departs_on_issue_date": bool,
    "arrival_report_hours": int,
    "result_required_kinds": tuple,
    "result_required_on_suspicion": bool,
    "retention_months": int,
    "stub_retention_months": int,
    "spare_prints": int,
    "copies_a": int,
    "copies_b": int,
    "sheets_a": int,
    "sheets_b": int,
    "stub_required": bool,
    "seal_image_counts": bool,
    "paper_mode": str,
    "thermal_kinds": tuple,
    "offline_kinds": tuple,
    "certificate_title": str,
    "portable_title": str,
    "ear_tags_text": str,
    "fee_text": str,
    "correctable_fields": tuple,
    "lease_days": int,
    "number_width": int,
    "notice_number_width": int,
    "warn_equal_digits": bool,
    "a_uploaded_before_departure": bool,
    "a_upload_hours": int,
    "clock_tolerance_minutes": int,
    "distribution_upload_working_days": int,
    "void_confirm_working_days": int,
    "loss_report_working_days": int,
    "loss_notice_working_days": int,
    "loss_ack_working_days": int,
    "loss_conclude_working_days": int,
    "unclosed_day_soft_days": int,
    "ledger_format": str,
    "custody_rules": str,
    "ceremony_void": str,
    "ceremony_day_close": str,
    "ceremony_stocktake": str,
    "stocktake_days": int,
    "stocktake_freeze_minutes": int,
    "storage_check_days": int,
    "case_working_days": int,
    "days_off": tuple,
    "days_worked": tuple,
    "draw_months": int,
    "draws_in_arrears": int,
    "draw_quota_new": int,
    "order_window_day": int,
    "stub_settled_by": str,
    "licence_file_months": int,
    "spoiled_write_off_working_days": int,
    "photograph_working_days": int,
}
"""Every rule this program asks for, and the type of its value."""

CHOICES = {
    "paper_mode": ("plain", "pre_numbered"),
    "ceremony_void": ("together", "apart", "on_paper"),
    "ceremony_day_close": ("together", "apart", "on_paper"),
    "ceremony_stocktake": ("together", "apart", "on_paper"),
    "stub_settled_by": ("filed", "handed_in"),
}
"""Rules whose value is one of a few words."""


class PolicyError(ValueError):
    """A policy text that cannot be used, or a day before the first rule."""


class PolicyRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule while it holds, both days included."""

    name: str
    value: Value
    effective_from: str
    source: str
    confidence: Confidence
    effective_to: str = ""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """All rules, asked for one ``day`` (ISO)."""

    version: str
    issued_on: str
    day: str
    rules: tuple[PolicyRule, ...]

    def on(self, day: str) -> Policy:
        """The same policy asked for another day; ValueError for what is no ISO date."""
        return msgspec.structs.replace(self, day=iso_date(day).isoformat())

    def rule(self, name: str, on: str = "") -> PolicyRule:
        """The rule of this name in force; :class:`PolicyError` when there is none on that day."""
        found = in_force((rule for rule in self.rules if rule.name == name), on or self.day)
        if not found:
            raise PolicyError(f"no rule {name} on {on or self.day}")
        return found[0]

    # declaration and validity

    def lead_time_days(self, on: str) -> int:
        """Days between declaration and departure for what is declared on that day (提前申报)."""
        return self._number("lead_time_days", on)

    @property
    def short_notice_allowed(self) -> bool:
        """Whether a shorter lead time is accepted with a recorded reason."""
        return self._flag("short_notice_allowed")

    @property
    def wild_declare_within_days(self) -> int:
        """Days after the catch within which wild-caught seed is declared."""
        return self._number("wild_declare_within_days")

    @property
    def validity_days_max(self) -> int:
        """The longest validity of an A certificate in days."""
        return self._number("validity_days_max")

    @property
    def b_departs_on_issue_date(self) -> bool:
        """Whether a B must be signed on the date of departure (night loading is prepared, signed after midnight)."""
        return self._flag("b_departs_on_issue_date")

    @property
    def arrival_report_hours(self) -> int:
        """Hours after arrival within which a cross-province consignment is reported."""
        return self._number("arrival_report_hours")

    def validity_text(self, kind: str, days: int) -> str:
        """The words on the paper: 应于贰日内到达有效; ValueError for other kinds and impossible days."""
        if kind == "B":
            return self._text("validity_wording_b")
        if kind != "A" or not 1 <= days <= self.validity_days_max:
            raise ValueError(f"no validity of {days} days for {kind}")
        return self._text("validity_wording_a").replace("{days}", small_chinese_numeral(days))

    # laboratory results

    def required_results(
        self, kind: str, diseases: Iterable[Host], on: str = "", suspected: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Codes of the diseases whose result must stand before a certificate of this kind, without repeats.

        ``diseases`` are the catalogue's rows for the species; an A needs a result for each that a laboratory must
        confirm, any kind needs one for what the vet suspects.
        """
        found = []
        if kind in self._texts("result_required_kinds", on):
            found += [row.disease for row in diseases if row.lab_required]
        if self.rule("result_required_on_suspicion", on).value:
            found += suspected
        return tuple(dict.fromkeys(found))

    # paper

    @property
    def spare_prints(self) -> int:
        """How many further prints are signed at issue and stay sealed."""
        return self._number("spare_prints")

    def copies(self, kind: str) -> int:
        """Copies (联) of one print."""
        return self._number(f"copies_{kind.lower()}")

    def sheets(self, kind: str) -> int:
        """Sheets of paper one print takes."""
        return self._number(f"sheets_{kind.lower()}")

    @property
    def stub_required(self) -> bool:
        """Whether a paper stub (存根) must be filed."""
        return self._flag("stub_required")

    @property
    def seal_image_counts(self) -> bool:
        """Whether the registered seal image, drawn in its place, stands for the wet seal."""
        return self._flag("seal_image_counts")

    @property
    def paper_mode(self) -> str:
        """``plain`` (number printed by the system) or ``pre_numbered``."""
        return self._text("paper_mode")

    def thermal_allowed(self, kind: str) -> bool:
        """Whether certificates of this kind may be printed on thermal paper."""
        return kind in self._texts("thermal_kinds")

    def offline_allowed(self, kind: str) -> bool:
        """Whether certificates of this kind may be issued without a network."""
        return kind in self._texts("offline_kinds")

    def certificate_title(self, kind: str, *, portable: bool = False) -> str:
        """The title on the paper: 动物检疫合格证明（动物A）."""
        return f"{self._text('portable_title' if portable else 'certificate_title')}（动物{kind}）"

    @property
    def ear_tags_text(self) -> str:
        """What stands in 牲畜耳标号, which fish do not have."""
        return self._text("ear_tags_text")

    @property
    def fee_text(self) -> str:
        """What the declarant pays."""
        return self._text("fee_text")

    def may_correct(self, field: str) -> bool:
        """Whether a field of an issued certificate may be corrected by a note (更正说明)."""
        return field in self._texts("correctable_fields")

    # keeping, reporting, people

    @property
    def retention_months(self) -> int:
        """Months after the end of a case for which its personal part is kept."""
        return max(self._number("retention_months"), self._number("stub_retention_months"))

    def kept_through(self, ended_on: str) -> str:
        """The last legal day for which the personal part of a case that ended on ``ended_on`` is kept."""
        return after_months(ended_on, self.retention_months)

    def sheet_kept_through(self, since: str, *, stub: bool) -> str:
        """The last legal day for which a sheet is kept that was filed or came back on ``since``.

        A stub belongs to the work record and is kept as long as that; what came back for the term of the measures
        (GX-2014 Art. 16).
        """
        return after_months(since, self.retention_months if stub else self._number("stub_retention_months"))

    @property
    def spoiled_write_off_working_days(self) -> int:
        """Working days within which a spoiled sheet is written off or handed in."""
        return self._number("spoiled_write_off_working_days")

    @property
    def photograph_working_days(self) -> int:
        """Working days within which a photograph that a reason excused is added."""
        return self._number("photograph_working_days")

    @property
    def draws_in_arrears(self) -> int:
        """How many of the latest draws of a kind may still have old sheets outstanding (缴旧领新)."""
        return self._number("draws_in_arrears")

    @property
    def lease_days(self) -> int:
        """How long the right to issue lasts without contact."""
        return self._number("lease_days")

    @property
    def a_upload_hours(self) -> int:
        """Hours within which an A certificate is uploaded when there was no way before departure."""
        return self._number("a_upload_hours")

    @property
    def clock_tolerance_ms(self) -> int:
        """How far apart two clocks may be without anything following from it."""
        return self._number("clock_tolerance_minutes") * 60_000

    @property
    def distribution_upload_working_days(self) -> int:
        """Working days within which a distribution record (发放) is uploaded."""
        return self._number("distribution_upload_working_days")

    @property
    def void_confirm_working_days(self) -> int:
        """Working days within which the second person confirms a void."""
        return self._number("void_confirm_working_days")

    def loss_working_days(self, step: str) -> int:
        """Working days within which a loss gets its ``notice``, ``report``, ``ack`` and is ``conclude``d."""
        return self._number(f"loss_{step}_working_days")

    @property
    def unclosed_day_soft_days(self) -> int:
        """Working days for which an unclosed day is only a reminder."""
        return self._number("unclosed_day_soft_days")

    @property
    def stocktake_days(self) -> int:
        """Days after which the next periodic stocktake is due."""
        return self._number("stocktake_days")

    @property
    def stocktake_freeze_ms(self) -> int:
        """How long a counted block that a vet works with is frozen at most."""
        return self._number("stocktake_freeze_minutes") * 60_000

    @property
    def storage_check_days(self) -> int:
        """Days after which a store is checked again."""
        return self._number("storage_check_days")

    def case_due_on(self, day: str) -> str:
        """The legal day by which a case of custody opened on ``day`` is to be concluded."""
        return self.after_working_days(day, self._number("case_working_days"))

    @property
    def custody_rules(self) -> str:
        """The profile of custody rules (规则集) in force, by its name."""
        return self._text("custody_rules")

    @property
    def ledger_format(self) -> str:
        """The ledger format (台账格式) everybody uses, by name and version (GX-2014 Art. 11)."""
        return self._text("ledger_format")

    def is_working_day(self, day: str) -> bool:
        """Whether a legal day is a working day: weekdays but for ``days_off``, and the weekend days worked instead."""
        if day in self._texts("days_worked", day):
            return True
        return iso_date(day).weekday() < _SATURDAY and day not in self._texts("days_off", day)

    def after_working_days(self, day: str, count: int) -> str:
        """The ``count``-th working day after a legal day, which itself does not count (起算日不计)."""
        found = iso_date(day)
        while count:
            found += timedelta(days=1)
            count -= self.is_working_day(found.isoformat())
        return found.isoformat()

    def working_days_left(self, today: str, due_on: str) -> int:
        """Working days after ``today`` through ``due_on``; negative by as many as have passed since it was due."""
        sign, first, last = (1, today, due_on) if today <= due_on else (-1, due_on, today)
        days = (iso_date(last) - iso_date(first)).days
        after = ((iso_date(first) + timedelta(days=n)).isoformat() for n in range(1, days + 1))
        return sign * sum(self.is_working_day(day) for day in after)

    # stock and draws

    @property
    def draw_months(self) -> int:
        """Months of use one draw may cover at most (GX-2014 Art. 12)."""
        return self._number("draw_months")

    @property
    def draw_quota_new(self) -> int:
        """Numbers one draw may hold for a vet or station that has no history yet."""
        return self._number("draw_quota_new")

    @property
    def order_window_day(self) -> int:
        """The last day of the month on which a county's order counts for that month."""
        return self._number("order_window_day")

    @property
    def stubs_handed_in(self) -> bool:
        """Whether a stub (存根) is settled only when it was handed in; otherwise being on file settles it."""
        return self._text("stub_settled_by") == "handed_in"

    @property
    def licence_file_months(self) -> int:
        """Months for which the papers of a licence's application are kept after it was cancelled."""
        return self._number("licence_file_months")

    def ceremony(self, act: str) -> str:
        """How two persons share ``void``, ``day_close`` or ``stocktake``: together, apart or on_paper."""
        return self._text(f"ceremony_{act}")

    def _number(self, name: str, on: str = "") -> int:
        value = self.rule(name, on).value
        assert isinstance(value, int)
        return value

    def _flag(self, name: str) -> bool:
        value = self.rule(name).value
        assert isinstance(value, bool)
        return value

    def _text(self, name: str) -> str:
        value = self.rule(name).value
        assert isinstance(value, str)
        return value

    def _texts(self, name: str, on: str = "") -> tuple[str, ...]:
        value = self.rule(name, on).value
        assert isinstance(value, tuple)
        return value


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: str
    issued_on: str
    rule: tuple[PolicyRule, ...]


def parse_policy(text: str, base: Policy | None = None) -> Policy:
    """Read a policy; :class:`PolicyError` when it is malformed, contradicts itself or lacks a rule on its first day.

    Rules of which ``text`` says nothing at all are those of ``base``, the policy the program ships.
    """
    file = _read_file(text)
    rules = (*file.rule, *_unsaid(file.rule, base))
    policy = Policy(version=file.version, issued_on=file.issued_on, day=file.issued_on, rules=rules)
    for name in RULES:
        policy.rule(name)
        _check_days([rule for rule in file.rule if rule.name == name])
    return policy


@functools.lru_cache(maxsize=8)
def _read_file(text: str) -> _File:
    """The file in a text, each of its rules looked at on its own; the same few are read whenever somebody signs in."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
        iso_date(file.issued_on)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise PolicyError(f"not a policy: {error}") from error
    for rule in file.rule:
        _check_rule(rule)
    return file


def _unsaid(said: Collection[PolicyRule], base: Policy | None) -> list[PolicyRule]:
    names = {rule.name for rule in said}
    return [rule for rule in base.rules if rule.name not in names] if base is not None else []


def _check_rule(rule: PolicyRule) -> None:
    wanted = RULES.get(rule.name)
    if wanted is not None and type(rule.value) is not wanted:
        raise PolicyError(f"{rule.name} is not a {wanted.__name__}: {rule.value!r}")
    if rule.value not in CHOICES.get(rule.name, (rule.value,)):
        raise PolicyError(f"{rule.name} cannot be {rule.value!r}")
    if type(rule.value) is int and rule.value < 0:
        raise PolicyError(f"{rule.name} cannot be negative")
    if rule.name == "validity_wording_a" and "{days}" not in str(rule.value):
        raise PolicyError("validity_wording_a has no {days}")


def _check_days(rules: list[PolicyRule]) -> None:
    """Days are dates, and the rows of one rule follow each other without overlap."""
    for rule in rules:
        for day in (rule.effective_from, rule.effective_to or rule.effective_from):
            try:
                iso_date(day)
            except ValueError as error:
                raise PolicyError(f"{rule.name}: {error}") from error
    ordered = sorted(rules, key=lambda rule: rule.effective_from)
    for earlier, later in pairwise(ordered):
        if not earlier.effective_to or earlier.effective_to >= later.effective_from:
            raise PolicyError(f"{earlier.name} has two values from {later.effective_from}")
