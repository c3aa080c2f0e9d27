"""Changes to the registers asked for at the desk: one person asks, a second agrees, the authority key carries them out.

The key does not lie where the desk runs (SECURITY, :mod:`province.keys`). What two persons agreed waits; where the key
lies, ``province registers --carry-out`` signs all of it in one go, and in practice it is signed at once. Every rule is
asked at each of the three steps: what was right when it was asked for may not be so any more, and the sheet it was
to replace may be another by then.

============  ======================================================  =========================================
register      who asks                                                who agrees
============  ======================================================  =========================================
organisation  head or keeper of it or of an institution above it      the head of an institution above it
store         its organisation's head (G02)                           the keeper who is named
seal          the keeper of the store                                 the organisation's head
============  ======================================================  =========================================
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.organisations import Line, LocationSheet, OrganisationSheet, Tier
from inspector_app.domain.register_changes import (
    OrganisationAsked,
    RegisterAgreed,
    RegisterCarriedOut,
    RegisterDropped,
    RegisterState,
    SealAsked,
    StoreAsked,
    Wish,
    register_of,
    subject_of,
)
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.register_changes import wish_of
from province import provinces
from province.custody import deciding, organisations, seals
from province.custody.deciding import Sides, record, record_by_authority, refuse
from province.custody.organisations import find, location_of
from province.custody.visits import acts_for
from province.journal.rows import DjangoRows

ACT = "register"


def ask(using: str, wish: Wish, *, second: int = 0) -> Wish | StockRefused:
    """Ask for a change; ``second`` where the second person stands beside and agrees at once.

    The wish's name and moment are set here; its sheet's ``by`` is who asks.
    """
    with deciding.deciding(using):
        found = asker_refusals(using, wish) + standing_refusals(using, wish)
        found += second_refusals(using, wish, second) if second else []
        if found:
            return _refused(using, wish, found)
        made = _named(using, wish)
        record(using, made)
        if second:
            _agree(using, made, second)
        return made


def agree(using: str, name: str, *, by: int) -> RegisterAgreed | StockRefused:
    """The second person agrees; where the authority key lies the change stands at once."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("register_asks", ask=name)
        if row is None:
            return _unknown(using, name, by)
        wish = wish_of(row)
        found = _state_refusals(row, RegisterState.ASKED) + second_refusals(using, wish, by)
        found += overtaken_refusals(using, wish) if not found else []
        found += standing_refusals(using, wish) if not found else []
        if found:
            return _refused(using, wish, found, by)
        return _agree(using, wish, by)


def _agree(using: str, wish: Wish, by: int) -> RegisterAgreed:
    made = RegisterAgreed(wish.ask, by, deciding.moment(using))
    record(using, made)
    if key_is_here(using):
        _carry_out(using, wish)
    return made


def drop(using: str, name: str, *, by: int) -> RegisterDropped | StockRefused:
    """Who asked takes it back, or who should agree does not; what is carried out stays."""
    with deciding.deciding(using):
        row = DjangoRows(using).one("register_asks", ask=name)
        if row is None:
            return _unknown(using, name, by)
        wish = wish_of(row)
        found = _state_refusals(row, RegisterState.ASKED, RegisterState.AGREED)
        if by != wish.sheet.by and by not in seconds(using, wish):
            found.append(_not_the_second(using, wish, by))
        if found:
            return _refused(using, wish, found, by)
        made = RegisterDropped(name, by, deciding.moment(using))
        record(using, made)
        return made


def carry_out(using: str, name: str) -> RegisterCarriedOut | StockRefused:
    """Sign a change two persons agreed on; what stands against it by now leaves it waiting.

    StationError where the authority key does not lie.
    """
    with deciding.deciding(using):
        row = DjangoRows(using).one("register_asks", ask=name)
        if row is None:
            return _unknown(using, name, 0)
        wish = wish_of(row)
        found = _state_refusals(row, RegisterState.AGREED)
        found += overtaken_refusals(using, wish) if not found else []
        found += standing_refusals(using, wish) if not found else []
        return _refused(using, wish, found) if found else _carry_out(using, wish)


def _carry_out(using: str, wish: Wish) -> RegisterCarriedOut:
    made = RegisterCarriedOut(wish.ask, _register(using, wish), deciding.moment(using))
    record_by_authority(using, made)
    return made


def _register(using: str, wish: Wish) -> int:
    """The ordinal of the sheet that stands now; the rules were asked just before, in the same transaction."""
    outcome: OrganisationSheet | LocationSheet | SealSheet | StockRefused
    match wish:
        case OrganisationAsked(sheet=sheet):
            outcome = organisations.register(using, sheet)
        case StoreAsked(sheet=place, counted=counted):
            outcome = organisations.place_store(
                using,
                place.organisation,
                place.location,
                store=place.name,
                keeper=place.keeper,
                by=place.by,
                counted=dict(counted),
            )
        case SealAsked(sheet=seal, location=location):
            outcome = seals.keep_seal(using, seal, location=location)
    assert not isinstance(outcome, StockRefused), outcome
    return outcome.ordinal


def key_is_here(using: str) -> bool:
    """Whether this process can sign what it is asked for."""
    return provinces.of(using).keys.authority is not None


def waiting(using: str) -> list[Row]:
    """The changes that are neither carried out nor dropped, the oldest first."""
    rows = DjangoRows(using).many("register_asks", order="at")
    return [row for row in rows if row["state"] in (RegisterState.ASKED, RegisterState.AGREED)]


# --- who may ---------------------------------------------------------------------------------------------------------


def asker_refusals(using: str, wish: Wish) -> list[StockRefusal]:
    """Who asks belongs to the organisation, or to an institution above it; of stores and seals their own rules say."""
    by = wish.sheet.by
    if not isinstance(wish, OrganisationAsked):
        return []
    speaks = any(acts_for(using, one, by) for one in [wish.sheet.organisation, *uppers(using, wish.sheet)])
    return [] if speaks else [refusal(StockCode.NOT_FOR_REGISTER, current=by or "")]


def second_refusals(using: str, wish: Wish, person: int) -> list[StockRefusal]:
    """One of the persons who may agree, and another one than who asked."""
    if person and person == wish.sheet.by:
        return [refusal(StockCode.SAME_PERSON, current=person)]
    return [] if person in seconds(using, wish) else [_not_the_second(using, wish, person)]


def _not_the_second(using: str, wish: Wish, person: int) -> StockRefusal:
    named = "、".join(str(one) for one in seconds(using, wish))
    return refusal(StockCode.NOT_THE_SECOND, limit=named or "—", current=person or "")


def seconds(using: str, wish: Wish) -> list[int]:
    """Who may agree to a change, never who asked for it."""
    heads: list[int] = []
    match wish:
        case OrganisationAsked(sheet=sheet):
            heads = [unit.head for one in uppers(using, sheet) if (unit := find(using, one)) is not None]
        case StoreAsked(sheet=place):
            heads = [place.keeper]
        case SealAsked(sheet=seal):
            unit = find(using, seal.organisation)
            heads = [unit.head] if unit is not None else []
    return [one for one in dict.fromkeys(heads) if one and one != wish.sheet.by]


def uppers(using: str, sheet: OrganisationSheet) -> list[int]:
    """The organisations above one, as it stands and as it shall stand, the nearest first; then the province's own.

    For the province's own it is itself: nobody stands above it.
    """
    held = find(using, sheet.organisation)
    found = [*_chain(using, sheet.superior), *(_chain(using, held.superior) if held is not None else [])]
    rows = DjangoRows(using).many("organisations", level=Tier.PROVINCE.value, line=Line.INSTITUTION.value)
    return list(dict.fromkeys([*found, *(int(row["organisation"] or 0) for row in rows)]))


def _chain(using: str, organisation: int) -> list[int]:
    found: list[int] = []
    while organisation and organisation not in found and (unit := find(using, organisation)) is not None:
        found.append(organisation)
        organisation = unit.superior
    return found


# --- what stands against it ------------------------------------------------------------------------------------------


def standing_refusals(using: str, wish: Wish) -> list[StockRefusal]:
    """The register's own rules, one open change at a time of each subject, and something that does change."""
    found: list[StockRefusal] = []
    match wish:
        case OrganisationAsked(sheet=sheet):
            found = organisations.register_refusals(using, sheet)
        case StoreAsked(sheet=place, counted=counted):
            found = organisations.store_refusals(using, place, dict(counted))
        case SealAsked(sheet=seal, location=location):
            found = seals.seal_refusals(using, seal, location)
    return found + _twice_refusals(using, wish) + _idle_refusals(using, wish)


def overtaken_refusals(using: str, wish: Wish) -> list[StockRefusal]:
    """A wish is a whole sheet: carried out over one that came meanwhile, it would undo silently what that one says."""
    if _ordinal_now(using, wish) == wish.sheet.ordinal:
        return []
    return [refusal(StockCode.REGISTER_OVERTAKEN, current=subject_of(wish))]


def _ordinal_now(using: str, wish: Wish) -> int:
    held = held_sheet(using, wish)
    return held.ordinal if held is not None else 0


def _twice_refusals(using: str, wish: Wish) -> list[StockRefusal]:
    same = (register_of(wish), subject_of(wish))
    others = [row for row in waiting(using) if row["ask"] != wish.ask and (row["register"], row["subject"]) == same]
    return [refusal(StockCode.ASKED_ALREADY, current=str(row["ask"])) for row in others[:1]]


def _idle_refusals(using: str, wish: Wish) -> list[StockRefusal]:
    return [] if changes(using, wish) else [refusal(StockCode.REGISTER_AS_IT_IS, current=subject_of(wish))]


class Change(msgspec.Struct, frozen=True):
    """One field of a sheet as it stands (None: there is no sheet yet) and as it is wanted."""

    field: str
    before: str | int | None
    after: str | int


def changes(using: str, wish: Wish) -> list[Change]:
    """What a wish changes; of a new sheet every field that says something."""
    held = held_sheet(using, wish)
    if held is None:
        return as_asked(wish)
    named = [name for name in held.__struct_fields__ if name not in ("ordinal", "by", "at")]
    pairs = [(name, getattr(held, name), getattr(wish.sheet, name)) for name in named]
    return [Change(name, before, after) for name, before, after in pairs if before != after]


def as_asked(wish: Wish) -> list[Change]:
    """Every field of a wish that says something, whatever stands on the register by now."""
    named = [name for name in wish.sheet.__struct_fields__ if name not in ("ordinal", "by", "at")]
    return [Change(name, None, value) for name in named if (value := getattr(wish.sheet, name)) not in ("", 0)]


def held_sheet(using: str, wish: Wish) -> OrganisationSheet | LocationSheet | SealSheet | None:
    """The sheet that stands on the register now."""
    match wish:
        case OrganisationAsked(sheet=sheet):
            return find(using, sheet.organisation)
        case StoreAsked(sheet=place):
            return location_of(using, place.organisation, place.location)
        case SealAsked(sheet=seal):
            return seals.seal_now(using, seal.seal)


# --- what the steps share --------------------------------------------------------------------------------------------


def _named(using: str, wish: Wish) -> Wish:
    name, at = deciding.name(using, "X", "register_asks"), deciding.moment(using)
    over = _ordinal_now(using, wish)
    match wish:
        case OrganisationAsked(sheet=sheet):
            return OrganisationAsked(name, msgspec.structs.replace(sheet, ordinal=over, at=at))
        case StoreAsked(sheet=place, counted=counted):
            return StoreAsked(name, msgspec.structs.replace(place, ordinal=over, at=at), counted)
        case SealAsked(sheet=seal, location=location):
            return SealAsked(name, msgspec.structs.replace(seal, ordinal=over, at=at), location)


def _state_refusals(row: Row, *wanted: RegisterState) -> list[StockRefusal]:
    if row["state"] in wanted:
        return []
    return [refusal(StockCode.RECORD_SETTLED, current=str(row["ask"]))]


def _refused(using: str, wish: Wish, found: list[StockRefusal], by: int = 0) -> StockRefused:
    return refuse(using, Sides(act=ACT, by=by or wish.sheet.by, organisation=wish.sheet.organisation), found)


def _unknown(using: str, name: str, by: int) -> StockRefused:
    return refuse(using, Sides(act=ACT, by=by, organisation=0), [refusal(StockCode.RECORD_UNKNOWN, current=name)])
