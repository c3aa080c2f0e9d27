"""Verifying a certificate (查验): from a scanned or typed text, a photograph or a PDF, without signing in.

Needs the trust file and nothing else: no database, no network, no person. Every answer says how old the trust file is.
"""

from __future__ import annotations

from inspector_app import suites
from inspector_app.domain.credential import CodeFault, Judgement, Reason, ScannedCode, Verdict, judge, read_code
from inspector_app.domain.trust import Trust, TrustFile, open_pack
from inspector_app.errors import StationError
from inspector_app.ports import CodeReader

_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


def verify(content: str | bytes, trust: TrustFile, now_ms: int, reader: CodeReader) -> Judgement:
    """Judge a text (str), or the code in a picture or PDF (bytes).

    Both copies of a print bear the same code and get one answer; where a page bears several different codes of ours,
    the answer is the one that comes first in `Verdict`, so a bad sheet cannot hide behind a good one. Raises
    StationError when the bytes are neither picture nor PDF.
    """
    return verify_all(content, trust, now_ms, reader)[0]


def verify_all(content: str | bytes, trust: TrustFile, now_ms: int, reader: CodeReader) -> tuple[Judgement, ...]:
    """One judgement per different code, the gravest first; never empty."""
    if isinstance(content, str):
        return (judge(content, trust, now_ms, suites.verify),)
    texts = _ours_first(reader.read(content))
    judged = [judge(text, trust, now_ms, suites.verify) for text in texts]
    return tuple(sorted(judged, key=lambda one: _RANK[one.verdict])) or (_no_code(trust, now_ms),)


def _ours_first(texts: list[str]) -> list[str]:
    """Different codes, as read. Codes that are none of ours (a telephone's, a shop's) count only if all are."""
    read = [(read_code(text), text) for text in texts]
    ours = {code: text for code, text in read if isinstance(code, ScannedCode) or code is CodeFault.DAMAGED}
    return list(ours.values()) or texts[:1]


def _no_code(trust: TrustFile, now_ms: int) -> Judgement:
    return Judgement(
        verdict=Verdict.UNREADABLE,
        practice=trust.practice,
        trust_age_ms=trust.age_ms(now_ms),
        reasons=(Reason.NO_CODE_FOUND.value,),
    )


def trust_from_pack(raw: bytes) -> TrustFile:
    """The trust file a person named, checked from its own root down. StationError ``trust_unreadable``.

    Naming the file is what vouches for its root; the verdict still says whether that root is practice.
    """
    opened = open_pack(raw, suites.verify, root=None)
    if not isinstance(opened, Trust):
        raise StationError("trust_unreadable", detail=opened.value)
    return opened.file
