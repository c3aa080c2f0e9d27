"""A document of the province as it was signed: every field, the signer, its place in the feed and its hash."""

from __future__ import annotations

import hashlib

import msgspec
from django.http import Http404, HttpResponse

from inspector_app.clock import moment_text
from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from province.databases import DEFAULT
from province.desk.showing import Fact, Section, show
from province.desk.visitor import Visitor, desk_page
from province.journal.models import FeedDocument

PERSONAL = ("online_declaration",)
ORGANISATIONS = frozenset({"organisation", "superior", "giver", "receiver", "payer", "payee", "counterpart"})
PEOPLE = frozenset({"by", "head", "deputy", "legal", "supervisor", "approved_by", "keeper", "previous", "holder"})


@desk_page()
def document(visitor: Visitor, cursor: int) -> HttpResponse:
    """One document; those that are personal as a whole are not shown here."""
    row = FeedDocument.objects.using(DEFAULT).filter(cursor=cursor).first()
    signed = decode_document(bytes(row.content)) if row is not None and not row.entry_device else None
    if row is None or not isinstance(signed, SignedDocument) or signed.type.partition("/")[0] in PERSONAL:
        raise Http404
    value = from_payload(signed.type, signed.payload)
    if not isinstance(value, msgspec.Struct):
        raise Http404
    title = visitor.say("document", kind=_name(visitor, signed.type))
    digest = hashlib.sha256(bytes(row.content)).hexdigest()
    proof = [
        Fact(visitor.say("feed_place"), f"{row.cursor} · {moment_text(row.at)}"),
        Fact(visitor.say("signer"), "\u3000".join(one.key_id.hex() for one in signed.signatures)),
        Fact("SHA-256", digest),
    ]
    sections = [Section(facts=_facts(visitor, value)), Section(title=visitor.say("proof"), facts=proof)]
    return show(visitor, "stock", title, sections)


def _name(visitor: Visitor, kind: str) -> str:
    named = visitor.term("document", kind.partition("/")[0])
    return named or kind


def _facts(visitor: Visitor, value: msgspec.Struct) -> list[Fact]:
    """Every field that says something; of a sheet inside a document its own fields."""
    facts = []
    for name in value.__struct_fields__:
        one = getattr(value, name)
        if isinstance(one, msgspec.Struct):
            facts += _facts(visitor, one)
        elif one not in ("", 0, ()):
            facts.append(Fact(field_label(visitor, name), field_value(visitor, name, one)))
    return facts


def field_label(visitor: Visitor, name: str) -> str:
    """The name of a document's field."""
    return visitor.term("document_field", name)


def field_value(visitor: Visitor, name: str, value: object) -> str:
    """A document's value as people read it."""
    match value:
        case bool():
            return visitor.say("yes" if value else "no")
        case int() if name in ORGANISATIONS:
            return visitor.organisation(value)
        case int() if name in PEOPLE:
            return visitor.who(value)
        case int() if name in ("at", "issued_at", "passed_at"):
            return moment_text(value)
        case str() if name == "kind":
            return visitor.kind(value)
        case tuple():
            return "\u3000".join("–".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value)
        case bytes():
            return value.hex()
        case _:
            return str(value)
