"""The same upload twice: the very bytes of the evening's upload are posted again, and nothing changes."""

from __future__ import annotations

import hashlib

from inspector_app.demo.stage import Contact, Wire
from inspector_app.demo.story import Figure, Proof, Story
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError

SHOWN = 12


def upload_again(story: Story, wire: Wire, contact: Contact) -> None:
    """Post the largest message of the evening's upload again, as after a lost answer."""
    path, frame, first = max(wire.sent, key=lambda sent: len(sent[1]))
    before = province_state()
    again = story.stage.wire().post(path, frame)
    after = province_state()
    if (first.status, again.status) != (200, 200) or before != after:
        raise BugError("the same upload twice changed the province")
    held = int(before[ENTRIES])
    earlier = held - contact.pushed
    story.tale.tell(
        Both(
            f"The larger of these {contact.requests} requests, {len(frame):,} bytes, is sent again, as after a lost "
            f"answer: answered {again.status} (OK), the province still holds {after[ENTRIES]} entries "
            f"({earlier} it had before this contact and {contact.pushed} from it), no byte of its database changed",
            f"其中较大的一次请求（{len(frame):,} 字节）再次上传（如同回执丢失）：应答 {again.status}，"
            f"省平台仍为 {after[ENTRIES]} 条（此前 {earlier} 条，本次 {contact.pushed} 条），数据库一字节未变",
        ),
        place="province",
        online=True,
        kind="doubled",
    )
    story.proofs["doubled"] = Proof(
        name="doubled",
        title=Both("The same upload arrives twice", "同一上传到达两次"),
        done=Both(
            f"The laptop's evening contact took {contact.bytes_up:,} bytes up in {contact.requests} requests. The "
            f"larger request, {len(frame):,} bytes with all {contact.pushed} entries, was sent a second time, byte "
            "for byte, as happens when an answer gets lost on the way back.",
            f"笔记本傍晚同步共 {contact.requests} 次请求、上传 {contact.bytes_up:,} 字节；其中较大的一次"
            f"（{len(frame):,} 字节，含全部 {contact.pushed} 条）原样再发一次，如同回执在途中丢失。",
        ),
        columns=(Both("first upload", "第一次上传"), Both("the same again", "再次上传")),
        figures=(
            Figure(Both("bytes sent", "发送字节"), (f"{len(frame):,}",) * 2),
            Figure(Both("SHA-256 (fingerprint) of what was sent", "所发内容的 SHA-256（指纹）"), (_short(frame),) * 2),
            Figure(Both("answer (200: received)", "应答（200：已收到）"), (str(first.status), str(again.status))),
            Figure(Both(ENTRIES, ZH[ENTRIES]), (f"{earlier} + {contact.pushed} = {held}.", f"{after[ENTRIES]}.")),
            *(Figure(Both(name, ZH[name]), (before[name], after[name])) for name in before if name != ENTRIES),
        ),
        follows=Both(
            "Whatever the line does, an entry counts once. A device may therefore always send again.",
            "无论线路如何，一条记录只算一次；设备随时可以重发。",
        ),
    )


ENTRIES = "journal entries of both devices: held before this contact, and from it"
CERTIFICATES = "certificates"
NUMBERS = "numbers used: certificates and one notice"
DOCUMENTS = "signed documents and relayed entries told to devices"
WHOLE = "SHA-256 (fingerprint) of the whole database"
ZH = {
    ENTRIES: "两台设备的记录：此前已有，加本次",
    CERTIFICATES: "证书数",
    NUMBERS: "已用编号（证书加一份通知单）",
    DOCUMENTS: "下发的文件和转发的记录",
    WHOLE: "整个数据库的 SHA-256（指纹）",
}


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:SHOWN]


def province_state() -> dict[str, str]:
    """The province's database in figures: counts people know, and a digest over every row of every table."""
    from province.databases import DEFAULT
    from province.journal.models import FeedDocument, StoredEntry
    from province.journal.rows import DjangoRows

    rows = DjangoRows(DEFAULT)
    return {
        ENTRIES: str(StoredEntry.objects.using(DEFAULT).count()),
        CERTIFICATES: str(len(rows.many("certificates"))),
        NUMBERS: str(rows.count("numbers", state="used")),
        DOCUMENTS: str(FeedDocument.objects.using(DEFAULT).count()),
        WHOLE: digest(DEFAULT)[:SHOWN],
    }


def digest(using: str) -> str:
    """SHA-256 over all rows of all tables of a province."""
    from django.db import connections

    connection = connections[using]
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608  # the database's own names
            for row in sorted(map(repr, cursor.fetchall())):
                whole.update(f"{name} {row}\n".encode())
    return whole.hexdigest()
