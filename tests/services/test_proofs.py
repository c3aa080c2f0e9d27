"""What vouches for each step of a number: signatures and hashes that hold, and those that do not."""

from __future__ import annotations

import pytest

from inspector_app.domain.authority import PersonKey
from inspector_app.domain.credential import qr_text
from inspector_app.journal.books.lives import Life
from inspector_app.services.custody_cases import open_case
from inspector_app.services.device import Device
from inspector_app.services.print_orders import order_print, receive_order
from inspector_app.services.proofs import Evidence, Proof, prove
from inspector_app.services.tracing import Asked, asked_for, trace
from inspector_app.suites import SigningKey, Suite
from tests.office import CLERK, FAR, Office
from tests.services.work import done, issued, printed, void_paper

BLANK_SIGNATURES = "UPDATE entries SET actor_sig = zeroblob(64) WHERE length(actor_sig) = 64"


def past_the_triggers(device: Device, sql: str) -> None:
    """What somebody with the key and SQLite's own shell could do to the entries."""
    database = device.store.database
    for (name,) in database.all("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'entries'"):
        database.execute(f"DROP TRIGGER {name}")
    database.execute(sql)


def proofs(device: Device, life: Life) -> list[tuple[str, Proof]]:
    found = prove(device, life.steps)
    return [(step.what, found[step.ref].proof) for step in life.steps]


def of(device: Device, number: str, what: str) -> Evidence:
    """The evidence of the step of one kind."""
    life = done(trace(device, number))
    ref = next(step.ref for step in life.steps if step.what == what)
    return prove(device, life.steps)[ref]


def test_what_a_person_signs_is_signed_and_the_rest_is_chained(device: Device) -> None:
    number = printed(device)
    assert proofs(device, done(trace(device, number))) == [
        ("draw", Proof.DOCUMENT),
        ("block", Proof.DOCUMENT),
        ("certificate.issued", Proof.SIGNED),
        ("print.submitted", Proof.CHAINED),
        ("print.ended", Proof.CHAINED),
    ]


def test_a_step_says_why_and_in_whose_words(device: Device) -> None:
    number = printed(device)
    done(void_paper(device, number, reason="other", on_desk=2, note="货主改了主意"))
    found = of(device, number, "certificate.voided")
    assert (found.proof, found.reason, found.note) == (Proof.SIGNED, "other", "货主改了主意")
    assert len(found.hash) == 64


def test_a_signature_somebody_put_out_does_not_hold(device: Device) -> None:
    number = issued(device)
    past_the_triggers(device, "UPDATE entries SET actor_sig = zeroblob(64) WHERE length(actor_sig) = 64")
    assert of(device, number, "certificate.issued").proof is Proof.WRONG
    assert of(device, number, "draw").proof is Proof.DOCUMENT, "what the province signed is not touched by it"


def test_a_hash_somebody_changed_does_not_hold(device: Device) -> None:
    number = printed(device)
    life = done(trace(device, number))
    seq = next(step.ref.partition("/")[2] for step in life.steps if step.what == "print.ended")
    past_the_triggers(device, f"UPDATE entries SET hash = zeroblob(32) WHERE seq = {seq}")
    assert prove(device, life.steps)[f"{device.id}/{seq}"].proof is Proof.WRONG


def test_a_sisters_step_is_proved_by_what_was_relayed(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.grant(CLERK, "clerk", "vet", kinds=("B",)))
    number = issued(device)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    printed(sister, number)
    office.relay(sister, device)
    found = dict(proofs(device, done(trace(device, number))))
    assert (found["certificate.issued"], found["print.ended"]) == (Proof.SIGNED, Proof.CHAINED)


def test_a_sisters_signature_counts_by_a_published_key_alone(office: Office, device: Device, sister: Device) -> None:
    number = printed(device)
    done(receive_order(sister, done(order_print(device, issued(device), sister.id))))
    done(open_case(sister, "doubtful_paper", number))
    office.relay(sister, device)
    assert of(device, number, "custody_case.opened").proof is Proof.SIGNED
    device.store.rows.remove("person_keys", person=CLERK, device=sister.id)
    found = of(device, number, "custody_case.opened")
    assert (found.proof, len(found.hash)) == (Proof.NO_KEY, 64), "nobody is accused of what cannot be checked"
    key = SigningKey.generate(Suite.ED25519, device.random).public
    office.publish(device, PersonKey(CLERK, sister.id, key.suite, key.raw, 0, FAR))
    assert of(device, number, "custody_case.opened").proof is Proof.WRONG


def test_an_entry_that_has_not_come_yet_proves_nothing(device: Device, sister: Device) -> None:
    number = printed(device)
    life = done(trace(device, number))
    assert prove(sister, life.steps)[life.steps[-1].ref].proof is Proof.ABSENT


# --- what is asked for ------------------------------------------------------------------------------------------------


def test_the_code_on_a_paper_names_its_number(device: Device) -> None:
    number = issued(device)
    held = device.store.credential(number, 1)
    assert held is not None
    assert asked_for(qr_text("practice.example", held.credential or b"")) == Asked(number)


@pytest.mark.parametrize(
    ("typed", "number", "sheets"),
    [
        ("B 9900000003", "B 9900000003", ()),
        (" 9900000003 ", "9900000003", ()),
        ("B 9900000003 1/2", "B 9900000003", ((1, 2),)),
        ("ｂ　９９０００００００３　２／１", "b 9900000003", ((2, 1),)),
        ("B 9900000003/2", "B 9900000003/2", ()),
        ("第一号", "第一号", ()),
        ("", "", ()),
    ],
)
def test_a_number_or_one_sheet_of_it_is_asked_for(typed: str, number: str, sheets: tuple[tuple[int, int], ...]) -> None:
    assert asked_for(typed) == Asked(number, sheets)


def test_reading_is_watched_and_may_be_stopped(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    number = printed(device)
    monkeypatch.setattr("inspector_app.services.known_entries.TOLD_EVERY", 2)
    heard: list[tuple[int, int]] = []
    done(trace(device, number, watch=lambda read, of_all: heard.append((read, of_all))))
    assert heard[0] == (2, device.store.head().seq)

    def stop(_read: int, _of_all: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        trace(device, number, watch=stop)
