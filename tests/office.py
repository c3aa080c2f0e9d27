"""A province in the palm of a hand: it signs documents and enrols devices, nothing more.

Tests of the station use it where the real province server would only add time; its documents are the real ones.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from inspector_app import bootstrap, config
from inspector_app.clock import MS_PER_DAY, Stamp
from inspector_app.domain.authority import (
    DeviceSheet,
    FormSheet,
    Grant,
    Lease,
    PersonKey,
    PolicySheet,
    StationSheet,
)
from inspector_app.domain.documents import KeyStatement, Role, RootSheet, registered_types, sign_document
from inspector_app.domain.numbering import Block, Draw
from inspector_app.journal.feed import RELAYED, Pulled, relay
from inspector_app.ports import Leave, PaperContent, PaperProblem, ReportLetter, ReportTable
from inspector_app.services.catching_up import take_in
from inspector_app.services.device import Device, Session
from inspector_app.services.enrolment import Enrolment, found_home, join, prepare_home
from inspector_app.services.sign_in import Parts, vault_of
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import HomePaths
from inspector_app.suites import Argon2Cost, SigningKey, Suite, sha256
from inspector_app.vault.device import DeviceIdentity
from inspector_app.vault.vault import Unlocked

NOON = 1_795_233_600_000  # 2026-11-21 12:00 at UTC+8
STATION = 7
VET, CLERK, HEAD = 11, 12, 13
CHEAP = Argon2Cost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "luyu chitang qingchen bandeng 7"
EPOCH = "1-test"
FAR = 2**52


class HandClock:
    """A clock that moves only when told."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def now(self) -> Stamp:
        return Stamp(self.at, self.at - 1_000_000, "boot-under-test")

    def wait(self, seconds: float) -> None:
        self.at += round(seconds * 1000)

    def forward(self, *, days: int = 0, minutes: int = 0) -> None:
        self.at += days * MS_PER_DAY + minutes * 60_000


class CountingRandom:
    """Bytes that are never twice the same and always the same in the next run."""

    def __init__(self, seed: str = "test") -> None:
        self._seed, self._count = seed.encode(), 0

    def bytes(self, count: int) -> bytes:
        made = b""
        while len(made) < count:
            self._count += 1
            made += sha256(self._seed, self._count.to_bytes(8, "big"))
        return made[:count]


class PlainPaper:
    """Paper for tests that do not look at it: content in, JSON bytes out; ``unprintable`` characters are reported."""

    unprintable = "\uf8ff"

    def form_hash(self, form: str) -> str:
        return sha256(form.encode()).hex()

    def copies(self, form: str) -> int:
        return 2

    def check(self, content: PaperContent) -> tuple[PaperProblem, ...]:
        return tuple(
            PaperProblem("no_glyph", field, character)
            for field, text in content.values.items()
            for character in text
            if character in self.unprintable
        )

    def render(self, content: PaperContent) -> bytes:
        return msgspec.json.encode(content)

    def picture(self, content: PaperContent, dpi: int) -> tuple[bytes, ...]:
        return (self.render(content),)

    def draws_seal(self) -> bool:
        return False

    def report_form(self, title: str) -> str:
        return "report"

    def report(
        self,
        title: str,
        facts: dict[str, str],
        tables: Sequence[ReportTable],
        made_at: int,
        *,
        leave: Leave | None = None,
        signatures: tuple[str, ...] = (),
        letter: ReportLetter | None = None,
    ) -> bytes:
        return msgspec.json.encode([title, facts, tables, made_at, leave, signatures, *([letter] if letter else [])])


def parts(clock: HandClock | None = None, *, seed: str = "test", **changes: object) -> Parts:
    """Parts of a home whose clock and randomness are in the test's hand."""
    used = clock or HandClock()
    made = Parts(
        clock=used,
        random=CountingRandom(seed),
        disk=LocalDisk(used),
        catalogue=bootstrap.catalogue(),
        areas=bootstrap.areas(),
        paper=PlainPaper(),
        base_policy=bootstrap.base_policy().on("2026-11-21"),
        machine=b"machine-under-test",
        cost=CHEAP,
    )
    return msgspec.structs.replace(made, **changes)


def _signer(struct: msgspec.Struct) -> Role:
    """Whose signature a document's type asks for."""
    return next(shape.signed_by[0] for shape in registered_types() if shape.struct is type(struct))


class Office:
    """Keys and feed of a province."""

    def __init__(self, *, practice: bool = True, province: str = "99") -> None:
        random = CountingRandom(f"office {province}")
        self.root, self.authority, self.server = (SigningKey.generate(Suite.ED25519, random) for _ in range(3))
        self.practice, self.province = practice, province
        self._cursor = 0
        self._ordinal: dict[str, int] = {}
        self._next = {"A": 1, "B": 1, "N": 1}

    def root_bytes(self) -> bytes:
        public = self.root.public
        sheet = RootSheet(public.suite, public.raw, self.province, "练习省", "Practice Province")
        return sign_document(sheet, self.root).encoded()

    def statements(self) -> list[bytes]:
        pairs = ((Role.AUTHORITY, self.authority.public), (Role.SERVER, self.server.public))
        sheets = [KeyStatement(role, key.suite, key.raw, 0, FAR) for role, key in pairs]
        return [sign_document(sheet, self.root).encoded() for sheet in sheets]

    def documents(self, *structs: msgspec.Struct) -> list[Pulled]:
        """The structs as the next documents of the feed, signed by whom their type asks for."""
        made = []
        for struct in structs:
            signed = sign_document(struct, self.server if _signer(struct) is Role.SERVER else self.authority)
            self._cursor += 1
            made.append(Pulled(EPOCH, self._cursor, signed.type, signed.encoded()))
        return made

    def publish(self, device: Device, *structs: msgspec.Struct) -> None:
        """Let a device pull these documents."""
        take_in(device, EPOCH, self.documents(*structs))

    def publish_raw(self, device: Device, struct: msgspec.Struct, signer: SigningKey) -> None:
        """Let a device pull a document that another key signed."""
        self._cursor += 1
        signed = sign_document(struct, signer)
        take_in(device, EPOCH, [Pulled(EPOCH, self._cursor, signed.type, signed.encoded())])

    def grant(
        self,
        person: int,
        *posts: str,
        kinds: Sequence[str] = (),
        name: str = "",
        station: int = STATION,
        valid_from: int = 0,
        valid_until: int = FAR,
    ) -> Grant:
        self._ordinal["grant"] = self._ordinal.get("grant", 0) + 1
        shown = name or {VET: "陆清河", CLERK: "钱小满", HEAD: "周望山"}.get(person, f"人{person}")
        return Grant(
            person, self._ordinal["grant"], shown, shown, station, posts, tuple(kinds), valid_from, valid_until
        )

    def policy(self, **values: bool | int | str | list[str]) -> PolicySheet:
        """The next version of the policy: the shipped one with these rules changed on all days."""
        self._ordinal["policy"] = ordinal = self._ordinal.get("policy", 0) + 1
        shipped = tomllib.loads(config.read_resource("catalogue/policy.toml").decode())
        lines = [f'version = "changed-{ordinal}"', f'issued_on = "{shipped["issued_on"]}"']
        for rule in shipped["rule"]:
            changed = rule | ({"value": values[rule["name"]]} if rule["name"] in values else {})
            # For what stands in a policy JSON and TOML write the same.
            lines += ["[[rule]]", *(f"{name} = {json.dumps(value)}" for name, value in changed.items())]
        return PolicySheet(f"changed-{ordinal}", NOON + ordinal, "\n".join(lines))

    def station_documents(self, device: str) -> list[msgspec.Struct]:
        """What every device of the test station gets at enrolment."""
        forms = [name.removesuffix(".toml").partition("/")[2] for name in config.resource_names("forms", ".toml")]
        return [
            StationSheet(STATION, 1, "练习站", "Practice Station", 321084, "0514-84600000", "练习检疫站", "湖西"),
            PolicySheet("test", NOON, config.read_resource("catalogue/policy.toml").decode()),
            *(FormSheet(form, "1", sha256(form.encode()), 0) for form in forms),
            self.grant(VET, "vet", kinds=("A", "B")),
            self.grant(CLERK, "clerk", "reception"),
            self.grant(HEAD, "head", "keeper"),
            Lease(device, NOON, NOON + 7 * MS_PER_DAY, 0, b""),
        ]

    def numbers(self, device: str, kind: str, *, size: int = 10, holder: int = VET) -> tuple[Draw, Block]:
        """A draw and one block that covers it."""
        first = self._next[kind]
        self._next[kind] += size
        ordinal = self._ordinal[device] = self._ordinal.get(device, 0) + 1
        lowest, highest = f"99{first:08d}", f"99{first + size - 1:08d}"
        draw = Draw(f"draw-{kind}-{first}", "99-10", kind, lowest, highest, STATION, holder, NOON)
        block = Block(f"block-{kind}-{first}", draw.draw, "99-10", kind, lowest, highest, device, holder, ordinal, NOON)
        return draw, block

    def enrol(self, folder: Path, home_parts: Parts, *, person: int = VET, blocks: int = 10) -> Device:
        """A founded home with its first person signed in, keys published and numbers to issue."""
        identity = prepare_home(folder, home_parts)
        structs = self.station_documents(identity.device_id)
        for kind in ("A", "B", "N") if blocks else ():
            structs += self.numbers(identity.device_id, kind, size=blocks, holder=person)
        device = found_home(
            folder,
            home_parts,
            self.enrolment(identity, self.documents(*structs)),
            name="测试机",
            person=person,
            passphrase=PASSPHRASE,
        )
        self.publish_key(device)
        return device

    def enrolment(self, identity: DeviceIdentity, documents: list[Pulled]) -> Enrolment:
        return Enrolment(
            device=identity.device_id,
            station=STATION,
            province=self.province,
            practice=self.practice,
            server="http://127.0.0.1:1",
            host="q.practice.example",
            root=self.root_bytes(),
            statements=self.statements(),
            epoch=EPOCH,
            documents=documents,
        )

    def publish_key(self, device: Device) -> None:
        """Publish the signed-in person's key on this device."""
        key = device.session_key().public
        self.publish(device, PersonKey(device.person(), device.id, key.suite, key.raw, 0, FAR))

    def let_join(self, device: Device, folder: Path, home_parts: Parts, person: int) -> Session:
        """A colleague of whoever signed in makes a slot on the device; the device is in the earlier person's hands."""
        before = device.session
        assert before is not None
        vault = vault_of(HomePaths(folder), home_parts)
        opened = vault.unlock(before.person, PASSPHRASE)
        assert isinstance(opened, Unlocked)
        join(device, vault, person=person, passphrase=PASSPHRASE, data_key=opened.data_key)
        self.publish_key(device)
        joined = device.session
        assert joined is not None
        device.session = before
        return joined

    def device_sheet(self, device: Device, *, state: str = "active", name: str = "练习机") -> DeviceSheet:
        """What the province tells a station about one of its devices."""
        ordinal = self._ordinal["device"] = self._ordinal.get("device", 0) + 1
        key, box = device.identity.signing.public, device.identity.box.public_raw
        return DeviceSheet(device.id, ordinal, STATION, name, key.suite, key.raw, box, state)

    def introduce(self, *devices: Device) -> None:
        """Let the devices of a station know each other, and the keys of whoever is signed in there."""
        sheets: list[msgspec.Struct] = [self.device_sheet(device) for device in devices]
        for device in devices:
            key = device.session_key().public
            sheets.append(PersonKey(device.person(), device.id, key.suite, key.raw, 0, FAR))
        for device in devices:
            self.publish(device, *sheets)

    def show_blocks(self, source: Device, target: Device) -> None:
        """Let a device know its sister's blocks, as the province tells the whole station."""
        for kind, table in ((Draw, "draws"), (Block, "blocks")):
            rows = source.rows.many(table)
            names = kind.__struct_fields__
            wanted = [[row[name] for name in names] for row in rows]
            self.publish(target, *(msgspec.convert(one, type=kind) for one in wanted))

    def relay(self, source: Device, target: Device) -> None:
        """Let a device pull every entry of its sister."""
        documents, previous = [], source.store.hash_at(0)
        for stored_hash, written in source.store.stored():
            self._cursor += 1
            documents.append(Pulled(EPOCH, self._cursor, RELAYED, relay(previous, written)))
            previous = stored_hash
        take_in(target, EPOCH, documents)
