"""Who may do what: posts, grants (授权), the issuing lease (签发期), policy and form documents signed by the province.

Everything here is a document of the province; the device trusts none of it without its signature. Persons, stations and
laboratories have small integers assigned by the province.
"""

from __future__ import annotations

import enum
from collections.abc import Collection

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.filings import Filing


class Post(enum.StrEnum):
    """Posts a person may hold at a station; one person may hold several by signed grant (兼任)."""

    VET = "vet"
    ASSISTANT = "assistant"
    CLERK = "clerk"
    KEEPER = "keeper"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    RECEPTION = "reception"
    DEPUTY = "deputy"
    LEGAL = "legal"


class Action(enum.StrEnum):
    """What the matrix of SECURITY 2.16 speaks of, for what exists."""

    DECLARE = "declare"
    DECIDE = "decide"
    INSPECT = "inspect"
    SAMPLE = "sample"
    RECORD_RESULT = "record_result"
    ISSUE = "issue"
    PRINT = "print"
    RELEASE_SPARE = "release_spare"
    HAND_OVER = "hand_over"
    VOID = "void"
    CONFIRM_VOID = "confirm_void"
    CORRECT = "correct"
    NOTIFY_OWNER = "notify_owner"
    CLOSE_DAY = "close_day"
    CONFIRM_DAY = "confirm_day"
    REQUEST_BLOCK = "request_block"
    RETURN_NUMBERS = "return_numbers"
    REPORT_LOSS = "report_loss"
    FOLLOW_LOSS = "follow_loss"
    CONCLUDE_LOSS = "conclude_loss"
    REPORT_FOUND = "report_found"
    STOCKTAKE = "stocktake"
    CONFIRM_STOCKTAKE = "confirm_stocktake"
    COUNTERSIGN_STOCKTAKE = "countersign_stocktake"
    OPEN_CUSTODY_CASE = "open_custody_case"
    CONCLUDE_CUSTODY_CASE = "conclude_custody_case"
    ASSIGN_STORE = "assign_store"
    DESCRIBE_STORE = "describe_store"
    CHECK_STORE = "check_store"
    RECEIVE_DRAW = "receive_draw"
    RECEIVE_FOR_KEEPER = "receive_for_keeper"
    SUPERVISE = "supervise"
    RECTIFY = "rectify"
    RECORD_OPENING = "record_opening"
    CONFIRM_OPENING = "confirm_opening"
    SPOIL_SHEET = "spoil_sheet"
    ADD_PHOTOGRAPH = "add_photograph"
    COLLECT_SHEET = "collect_sheet"
    HAND_IN_SHEETS = "hand_in_sheets"
    WRITE_OFF = "write_off"
    REQUEST_DESTRUCTION = "request_destruction"
    REVIEW_DESTRUCTION = "review_destruction"
    APPROVE_DESTRUCTION = "approve_destruction"
    CONFIRM_DESTRUCTION = "confirm_destruction"
    DESTROY_SHEETS = "destroy_sheets"
    ORDER_SEIZURE = "order_seizure"
    SIGN_VISIT = "sign_visit"
    CONFIRM_VISIT = "confirm_visit"
    SUCCEED_DEVICE = "succeed_device"


_P = Post
ALLOWED: dict[Action, frozenset[Post]] = {
    Action.DECLARE: frozenset({_P.RECEPTION, _P.ASSISTANT, _P.VET, _P.HEAD}),
    Action.DECIDE: frozenset({_P.RECEPTION, _P.VET, _P.HEAD}),
    Action.INSPECT: frozenset({_P.VET}),
    Action.SAMPLE: frozenset({_P.VET}),
    Action.RECORD_RESULT: frozenset({_P.VET, _P.RECEPTION, _P.ASSISTANT}),
    Action.ISSUE: frozenset({_P.VET}),
    Action.PRINT: frozenset({_P.VET, _P.CLERK}),
    Action.RELEASE_SPARE: frozenset({_P.VET, _P.CLERK}),
    Action.HAND_OVER: frozenset({_P.VET, _P.CLERK, _P.RECEPTION}),
    Action.VOID: frozenset({_P.VET, _P.HEAD}),
    Action.CONFIRM_VOID: frozenset({_P.HEAD, _P.VET}),
    Action.CORRECT: frozenset({_P.VET, _P.HEAD}),
    Action.NOTIFY_OWNER: frozenset({_P.VET, _P.HEAD, _P.CLERK, _P.RECEPTION}),
    Action.CLOSE_DAY: frozenset({_P.VET, _P.KEEPER, _P.HEAD, _P.CLERK}),
    Action.CONFIRM_DAY: frozenset({_P.HEAD}),
    Action.REQUEST_BLOCK: frozenset({_P.VET, _P.KEEPER, _P.HEAD}),
    Action.RETURN_NUMBERS: frozenset({_P.VET, _P.KEEPER}),
    Action.REPORT_LOSS: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.HEAD}),
    Action.FOLLOW_LOSS: frozenset({_P.KEEPER, _P.HEAD}),
    Action.CONCLUDE_LOSS: frozenset({_P.HEAD}),
    Action.REPORT_FOUND: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.HEAD}),
    Action.STOCKTAKE: frozenset({_P.KEEPER, _P.HEAD, _P.VET}),
    Action.CONFIRM_STOCKTAKE: frozenset({_P.KEEPER, _P.HEAD, _P.VET, _P.SUPERVISOR}),
    Action.COUNTERSIGN_STOCKTAKE: frozenset({_P.SUPERVISOR}),
    Action.OPEN_CUSTODY_CASE: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.HEAD, _P.SUPERVISOR}),
    Action.SUCCEED_DEVICE: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.HEAD, _P.RECEPTION}),
    Action.CONCLUDE_CUSTODY_CASE: frozenset({_P.HEAD, _P.SUPERVISOR}),
    Action.ASSIGN_STORE: frozenset({_P.KEEPER, _P.HEAD, _P.SUPERVISOR}),
    Action.DESCRIBE_STORE: frozenset({_P.KEEPER, _P.HEAD}),
    Action.CHECK_STORE: frozenset({_P.KEEPER, _P.HEAD, _P.SUPERVISOR}),
    Action.RECEIVE_DRAW: frozenset({_P.KEEPER}),
    Action.RECEIVE_FOR_KEEPER: frozenset({_P.KEEPER, _P.VET, _P.HEAD}),
    Action.SUPERVISE: frozenset({_P.SUPERVISOR, _P.HEAD, _P.KEEPER}),
    Action.RECTIFY: frozenset({_P.HEAD, _P.KEEPER}),
    Action.RECORD_OPENING: frozenset({_P.KEEPER}),
    Action.CONFIRM_OPENING: frozenset({_P.HEAD, _P.VET, _P.SUPERVISOR}),
    Action.SPOIL_SHEET: frozenset({_P.VET, _P.CLERK, _P.KEEPER}),
    Action.ADD_PHOTOGRAPH: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.HEAD}),
    Action.COLLECT_SHEET: frozenset({_P.VET, _P.CLERK, _P.KEEPER, _P.RECEPTION, _P.SUPERVISOR}),
    Action.HAND_IN_SHEETS: frozenset({_P.VET, _P.KEEPER}),
    Action.WRITE_OFF: frozenset({_P.KEEPER}),
    Action.REQUEST_DESTRUCTION: frozenset({_P.KEEPER}),
    Action.REVIEW_DESTRUCTION: frozenset({_P.HEAD}),
    Action.APPROVE_DESTRUCTION: frozenset({_P.DEPUTY, _P.LEGAL}),
    Action.CONFIRM_DESTRUCTION: frozenset({_P.HEAD}),
    Action.DESTROY_SHEETS: frozenset({_P.KEEPER}),
    Action.ORDER_SEIZURE: frozenset({_P.VET, _P.HEAD, _P.SUPERVISOR}),
    Action.SIGN_VISIT: frozenset({_P.SUPERVISOR}),
    Action.CONFIRM_VISIT: frozenset({_P.HEAD, _P.VET, _P.SUPERVISOR}),
}

COMBINED = frozenset({Post.KEEPER, Post.VET})
"""Who holds both keeps what they sign (兼任)."""


def second_action(action: Action, posts: Collection[str]) -> Action:
    """What the second person must be allowed to do, where the first holds these posts.

    Whoever is keeper and vet alike counts their own papers: their second person is the county's (DOMAIN 11).
    """
    if action is Action.CONFIRM_STOCKTAKE and set(posts) >= COMBINED:
        return Action.COUNTERSIGN_STOCKTAKE
    return action


@document("grant", 1, signed_by=Role.AUTHORITY)
class Grant(msgspec.Struct, frozen=True, array_like=True):
    """One person's posts and authority at one station, from–until in UTC ms; a later ``ordinal`` supersedes.

    ``kinds`` are the certificate kinds the person may sign: ``A`` by filing at the province, ``B`` at city or county
    (GX-2014 Art. 19); ``filings`` say where and under which number, and are empty in a grant older than the register.
    """

    person: int
    ordinal: int
    name: str
    name_en: str
    station: int
    posts: tuple[str, ...]
    kinds: tuple[str, ...]
    valid_from: int
    valid_until: int
    filings: tuple[Filing, ...] = ()

    def may(self, action: Action) -> bool:
        """Whether one of the posts allows the action."""
        return any(post in ALLOWED[action] for post in self.posts)


@document("person_key", 1, signed_by=Role.SERVER)
class PersonKey(msgspec.Struct, frozen=True, array_like=True):
    """A person's signing key on one device, as published by the province after ``person.key_added`` reached it."""

    person: int
    device: str
    suite: int
    key: bytes
    valid_from: int
    valid_until: int


@document("station", 1, signed_by=Role.AUTHORITY)
class StationSheet(msgspec.Struct, frozen=True, array_like=True):
    """A station (申报点/出证点): its names, area and public telephone; a later ``ordinal`` supersedes."""

    station: int
    ordinal: int
    name: str
    name_en: str
    area: int
    phone: str
    agency: str
    address: str


@document("device", 1, signed_by=Role.SERVER)
class DeviceSheet(msgspec.Struct, frozen=True, array_like=True):
    """A device of a station: its keys, whether it may work as a terminal; sisters get each other's."""

    device: str
    ordinal: int
    station: int
    name: str
    suite: int
    key: bytes
    box_key: bytes
    state: str


@document("licence", 1, signed_by=Role.AUTHORITY)
class TerminalLicence(msgspec.Struct, frozen=True, array_like=True):
    """The province's leave for one device to be a terminal of the unified system (GX-2014 Art. 20)."""

    device: str
    station: int
    valid_from: int
    valid_until: int


@document("lease", 1, signed_by=Role.SERVER)
class Lease(msgspec.Struct, frozen=True, array_like=True):
    """The right to issue (签发期) without contact until ``issue_until``; reading, drafting, syncing go on after it."""

    device: str
    granted_at: int
    issue_until: int
    accepted_seq: int
    accepted_hash: bytes


@document("policy", 1, signed_by=Role.AUTHORITY)
class PolicySheet(msgspec.Struct, frozen=True, array_like=True):
    """Dated provincial policy: ``body`` is the TOML text read by ``domain.policy``."""

    version: str
    issued_at: int
    body: str


@document("form", 1, signed_by=Role.AUTHORITY)
class FormSheet(msgspec.Struct, frozen=True, array_like=True):
    """A form template released for printing: its id, version and SHA-256 (G29)."""

    form: str
    version: str
    sha256: bytes
    valid_from: int
