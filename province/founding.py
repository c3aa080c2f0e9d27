"""Founding a province (`province init`): its keys, its root sheet, what it publishes first."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from inspector_app.clock import MS_PER_DAY
from inspector_app.config import RESOURCES, read_resource, resource_names
from inspector_app.domain.documents import (
    PRACTICE_PROVINCE,
    KeyStatement,
    Role,
    RootSheet,
    SignedDocument,
    sign_document,
)
from inspector_app.errors import BugError, StationError
from inspector_app.suites import SigningKey, sha256
from province import granting, provinces
from province.journal import feed
from province.journal.models import State
from province.journal.projecting import ensure_projections
from province.numbers import custody
from province.reference import POLICY_FILE
from province.registry import publishing
from sync.protocol import ProvinceBox, epoch_text

KEY_LIFE_MS = 5 * 365 * MS_PER_DAY
SEQUENCE_DIGITS = 8


def found(using: str, *, code: str, name: str, name_en: str, practice: bool = False, hosts: str = "localhost") -> State:
    """Found the province registered under ``using``: state, root sheet, key statements, schemes, policy, forms.

    Only province 99 is practice and practice is only province 99. StationError ``province.founded_already``.
    """
    if practice != (code == PRACTICE_PROVINCE) or len(code) != 2 or not code.isdigit():
        raise StationError("province.code_wrong", province=code)
    province = provinces.of(using)
    if province.keys.root is None or province.keys.authority is None:
        raise BugError("founding needs root and authority key")
    with transaction.atomic(using=using):
        if State.objects.using(using).exists():
            raise StationError("province.founded_already")
        granting.hold_first(using)
        now = province.clock.now().at
        epoch = epoch_text(1, province.random.bytes(4))
        state = State.objects.using(using).create(
            province=code, name=name, name_en=name_en, epoch=epoch, founded_at=now, hosts=hosts
        )
        ensure_projections(using)
        _publish_roots(using, state, province.keys.root)
        _publish_first(using, code)
        state.refresh_from_db(using=using)
        return state


def _publish_roots(using: str, state: State, root: SigningKey) -> None:
    keys, now = provinces.of(using).keys, state.founded_at
    sheet = RootSheet(root.public.suite, root.public.raw, state.province, state.name, state.name_en)
    feed.publish(using, sign_document(sheet, root), feed.EVERYBODY, now)
    for role, key in ((Role.AUTHORITY, keys.authority), (Role.SERVER, keys.server)):
        if key is not None:
            feed.publish(using, key_statement(role, key, root, now), feed.EVERYBODY, now)


def key_statement(role: Role, key: SigningKey, root: SigningKey, now: int) -> SignedDocument:
    """The root's word that a key may act, from now (with a day for clocks that are slow) for five years."""
    return sign_document(
        KeyStatement(role.value, key.public.suite, key.public.raw, now - MS_PER_DAY, now + KEY_LIFE_MS), root
    )


def _publish_first(using: str, code: str) -> None:
    province = provinces.of(using)
    publishing.publish(using, ProvinceBox(1, province.keys.box.public_raw), publishing.authority_of(using))
    for kind in ("A", "B"):
        custody.add_scheme(using, scheme=f"{code}-{kind}", kind=kind, prefix=code, width=len(code) + SEQUENCE_DIGITS)
    if (RESOURCES / POLICY_FILE).exists():
        body = read_resource(POLICY_FILE).decode()
        publishing.publish_policy(using, str(tomllib.loads(body).get("version", "1")), body)
    for name in resource_names("forms", ".toml"):
        raw = read_resource(name)
        form = tomllib.loads(raw.decode())
        publishing.release_form(using, Path(name).stem, str(form.get("version", "1")), sha256(raw))
