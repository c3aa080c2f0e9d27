"""Doing what a form asks for: the person who acts, everything that stands against it, and the document made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.errors import StationError
from province.databases import DEFAULT
from province.desk.accounts import second_person
from province.desk.forms import ActForm, WithSecond
from province.desk.visitor import Visitor
from province.journal.models import State
from province.numbers.ranges import NumbersError

T = TypeVar("T")


def attempt(visitor: Visitor, form: ActForm, act: Callable[[], T | StockRefused]) -> tuple[T, int] | None:
    """What was done and the cursor of its document; None with the reasons in the form."""
    if not visitor.person:
        form.refuse_by("acts_as_nobody", {})
        return None
    try:
        with transaction.atomic(using=DEFAULT):
            outcome = act()
            cursor = State.objects.using(DEFAULT).get(only=1).cursor
    except NumbersError as problem:
        form.refuse_by(problem.code.sentence, problem.details, "station", "ranges", "count")
        return None
    except StationError as problem:
        form.tell(visitor.sentence("faults", problem.code, problem.details), ())
        return None
    if isinstance(outcome, StockRefused):
        form.refuse(outcome.refusals)
        return None
    return outcome, cursor


def approved_by(visitor: Visitor, form: WithSecond) -> int | None:
    """The second person's roster number where the form asks for approval; None, said in the form, for who is nobody.

    0 where nobody signs in beside: then the head is asked and answers later.
    """
    return seconded_by(visitor, form) if form.cleaned_data.get("reason") else 0


def seconded_by(visitor: Visitor, form: WithSecond) -> int | None:
    """The roster number of who signed in beside the first; None, said in the form, for who is nobody, 0 for no one."""
    if not any(form.second()):
        return 0
    person = second_person(visitor.request, *form.second())
    if not person:
        form.refuse_by("second_unknown", {}, "second_name")
        return None
    return person
