"""One digit of a QR code is changed: a forger's picture, read and judged like any other."""

from __future__ import annotations

import io

import msgspec

from inspector_app import bootstrap
from inspector_app.demo.papers import Papers, judge, write
from inspector_app.demo.story import Figure, Proof, Story
from inspector_app.demo.telling import Both
from inspector_app.domain.credential import Judgement
from inspector_app.domain.sentences import describe_verdict
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import BugError

PICTURE = "proofs/altered-code.png"
MODULE_PIXELS = 6
AROUND = 6


def change_a_digit(story: Story, papers: Papers, trust: TrustFile, number: str) -> None:
    """Change one digit in the middle of a certificate's code, draw it as a QR again and judge the picture."""
    code = papers.current(number).content.code
    place = len(code) // 2
    forged = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
    picture = qr_picture(forged)
    write(story.folder, PICTURE, picture)
    honest, judged = judge(qr_picture(code), trust), judge(picture, trust)
    if (honest.code, judged.code) != ("practice:genuine", "practice:altered"):
        raise BugError(f"an altered code was judged {judged.code}")
    digits = len(code.rpartition("/")[2])
    believed = _believed_of_all(code, digits, trust)
    if believed:
        raise BugError(f"{believed} altered codes were believed")
    around = slice(place - AROUND, place + AROUND + 1)
    story.tale.tell(
        Both(
            f"One digit of {digits} in the code of {number} changed, {code[place]} to {forged[place]}: {judged.code}",
            f"{number} 二维码 {digits} 位数字改动一位（{code[place]} 改为 {forged[place]}）：{judged.code}",
        ),
        place="proof",
        kind="altered",
        number=number,
    )
    story.proofs["altered"] = Proof(
        name="altered",
        title=Both("One digit of a code is changed", "二维码改动一位数字"),
        done=Both(
            f"The code of {number} holds {digits} digits. One of them was changed, a new QR picture was drawn from it, "
            f"and the picture was verified offline like any other.",
            f"{number} 的二维码有 {digits} 位数字。改动其中一位，重新绘成二维码图片，再照常离线查验。",
        ),
        columns=(Both("as printed", "原样"), Both("one digit changed", "改动一位")),
        figures=(
            Figure(Both("digits around the change", "改动处前后"), (f"…{code[around]}…", f"…{forged[around]}…")),
            Figure(Both("inspector verify", "inspector verify 查验"), (honest.code, judged.code)),
            Figure(Both("in words", "说明"), (_words(honest), _words(judged))),
            Figure(
                Both(f"each of the {digits} digits changed in turn: believed", f"{digits} 位数字逐位改动：显示有效"),
                ("", f"{believed} / {digits}"),
            ),
        ),
        follows=Both(
            f"The vet's signature is over what the code says. Each of its {digits} digits was changed in turn, "
            "and none of these codes was believed; no network was needed. "
            "An exact copy of a genuine paper is believed, so the officer compares animals and truck with it.",
            f"兽医的签名针对二维码的内容。{digits} 位数字逐位改动后再查验，无一显示有效，全程不需网络。"
            "原样复印的真证仍会显示有效，所以要核对动物和车辆。",
        ),
    )


def _believed_of_all(code: str, digits: int, trust: TrustFile) -> int:
    """How many of the codes that differ in one digit are believed: each digit is changed in turn."""
    places = range(len(code) - digits, len(code))
    changed = (code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :] for at in places)
    return sum(judge(one, trust).facts is not None for one in changed)


def _words(judged: Judgement) -> str:
    bare = msgspec.structs.replace(judged, practice=False)  # without the practice mark, which the line above shows
    return describe_verdict(bootstrap.sentences(), bare, "en").happened


def qr_picture(text: str) -> bytes:
    """A QR code as PNG, quiet zone included."""
    from PIL import Image

    from printing import qr

    code = qr.make(text, 1.0)
    if code is None:
        raise BugError("the code is too long")
    side = len(code.rows) + 2 * qr.QUIET_MODULES
    small = Image.new("1", (side, side), 1)
    for y, row in enumerate(code.rows, start=qr.QUIET_MODULES):
        for x, dark in enumerate(row, start=qr.QUIET_MODULES):
            if dark == "#":
                small.putpixel((x, y), 0)
    file = io.BytesIO()
    small.resize((side * MODULE_PIXELS, side * MODULE_PIXELS)).save(file, "PNG", optimize=True)
    return file.getvalue()
