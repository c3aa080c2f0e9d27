"""The door to the background: order, callbacks on the main thread, failures, cancel, widgets that are gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from inspector_app.errors import StationError
from tests.ui.conftest import wait_for
from ui.tasks import Lane, Progress, Tasks


class Uncaught:
    """Where the error boundary would stand."""

    def __init__(self) -> None:
        self.problems: list[BaseException] = []

    def __call__(self, problem: BaseException) -> None:
        self.problems.append(problem)


@pytest.fixture
def uncaught() -> Uncaught:
    return Uncaught()


@pytest.fixture
def tasks(app: QApplication, uncaught: Uncaught) -> Iterator[Tasks]:
    made = Tasks(uncaught)
    yield made
    made.close()


def idle(tasks: Tasks) -> None:
    wait_for(lambda: tasks.under_way == 0)


def test_an_operation_runs_elsewhere_and_is_answered_here(tasks: Tasks) -> None:
    threads: list[int] = []

    def operation() -> int:
        threads.append(threading.get_ident())
        return 7

    answers: list[int] = []
    tasks.run(operation).on_success(lambda found: (answers.append(found), threads.append(threading.get_ident())))
    idle(tasks)
    assert answers == [7]
    assert threads[0] != threads[1] == threading.get_ident()


def test_acts_on_the_database_never_overlap_and_keep_their_order(tasks: Tasks) -> None:
    inside: list[int] = []
    order: list[int] = []

    def act(number: int) -> None:
        assert not inside
        inside.append(number)
        order.append(number)
        inside.clear()

    for number in range(20):
        tasks.run(partial(act, number))
    idle(tasks)
    assert order == list(range(20))


def test_a_slow_line_does_not_hold_up_the_database(tasks: Tasks) -> None:
    gate, answers = threading.Event(), []
    tasks.run(gate.wait, Lane.OUTSIDE).on_success(lambda _done: answers.append("network"))
    tasks.run(lambda: "saved").on_success(answers.append)
    wait_for(lambda: answers == ["saved"])
    gate.set()
    idle(tasks)
    assert answers == ["saved", "network"]


def test_a_failure_is_explained_to_whoever_asked(tasks: Tasks, uncaught: Uncaught) -> None:
    told: list[Exception] = []

    def fail() -> None:
        raise StationError("disk_full")

    tasks.run(fail).on_success(lambda _: pytest.fail("no success")).on_failure(told.append)
    idle(tasks)
    assert [error.code for error in told if isinstance(error, StationError)] == ["disk_full"]
    assert not uncaught.problems


def test_a_failure_nobody_explains_reaches_the_error_boundary(tasks: Tasks, uncaught: Uncaught) -> None:
    tasks.run(lambda: 1 // 0)
    idle(tasks)
    assert [type(problem) for problem in uncaught.problems] == [ZeroDivisionError]


def test_a_widget_that_is_gone_is_not_called(tasks: Tasks) -> None:
    gate = threading.Event()
    widget = QWidget()
    tasks.run(gate.wait, owner=widget).on_success(lambda _: pytest.fail("the widget is gone"))
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)
    gate.set()
    idle(tasks)


def test_cancel_ends_an_operation_between_its_steps(tasks: Tasks) -> None:
    told: list[str] = []

    def long(progress: Progress) -> None:
        for done in range(10_000):
            progress.step(done, 10_000)
            threading.Event().wait(0.001)

    steps: list[tuple[int, int]] = []
    task = tasks.run_with_progress(long, Lane.OUTSIDE)
    task.on_progress(lambda done, total, _note: steps.append((done, total)))
    task.on_success(lambda _: pytest.fail("it was stopped")).on_cancelled(lambda: told.append("stopped"))
    wait_for(lambda: bool(steps))
    task.cancel()
    idle(tasks)
    assert told == ["stopped"]
    assert steps[0][1] == 10_000


def test_closing_waits_for_what_runs_and_delivers_nothing_more(app: QApplication, uncaught: Uncaught) -> None:
    tasks, ran = Tasks(uncaught), []
    tasks.run(lambda: ran.append(True)).on_success(lambda _: pytest.fail("the window is closed"))
    tasks.close()
    app.processEvents()
    assert ran in ([True], [])


def test_whether_anything_is_under_way_is_told_once_each_way(tasks: Tasks) -> None:
    told: list[bool] = []
    tasks.busy_changed.connect(told.append)
    tasks.run(lambda: None)
    tasks.run(lambda: None)
    idle(tasks)
    assert told == [True, False]
