"""A stocktake as a person at the page takes it."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.services.device import Device
from tests.office import CLERK, HEAD, PASSPHRASE, VET
from tests.ui.at_work import at
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station
from ui.application import Shell
from ui.pages.stocktake import StocktakePage
from ui.places import Place
from ui.widgets.review import Review

FIRST, LAST = "9900000001", "9900000400"

PHOTO = b"%PDF-1.7 a sheet"


def page_of(shell: Shell, subject: str = "") -> StocktakePage:
    page = at(shell, Place.STOCKTAKE, subject)
    assert isinstance(page, StocktakePage)
    return page


def begun(shell: Shell, *kinds: str) -> StocktakePage:
    """A stocktake under way; of B numbers unless said otherwise."""
    page = page_of(shell)
    page.begin_pane.form.fields["kind"].set_value(list(kinds or ("B",)))
    page.submit()
    settle(shell)
    assert page.stand is not None
    assert page.stand.open is not None
    return page


def count_typed(shell: Shell, page: StocktakePage, numbers: str, *, pages: str = "") -> None:
    form = page.count_pane.form
    form.fields["means"].set_value("typed")
    form.fields["means"].editor.edited.emit()
    form.fields["numbers"].set_value(numbers)
    form.fields["pages"].set_value(pages)
    page.submit()
    settle(shell)


def fields(review: Review) -> dict[str, Any]:
    return {field.name: field for field in review._fields}


def counted(shell: Shell, numbers: str = f"{FIRST}-{LAST}") -> StocktakePage:
    page = begun(shell)
    count_typed(shell, page, numbers)
    return page


def join(station: Station, shell: Shell, *people: int) -> None:
    """Colleagues make their slots at this computer."""
    device = shell.home.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device)
    for person in people:
        station.office.let_join(device, shell.home.paths.folder, station.parts, person)
    shell.home.lock()


@pytest.fixture
def crew(station: Station, locked_shell: Shell) -> Shell:
    """The vet signed in, at a computer where head and clerk have a passphrase too."""
    join(station, locked_shell, HEAD, CLERK)
    locked_shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: locked_shell.workplace is not None, "signed in")
    settle(locked_shell)
    return locked_shell


def sign_in(shell: Shell, person: int) -> None:
    shell.lock()
    settle(shell)
    shell.unlock(person, PASSPHRASE)
    wait_for(lambda: shell.workplace is not None, "signed in")
    settle(shell)
