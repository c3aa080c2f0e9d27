"""The same upload twice: the very bytes of the evening's upload are posted again, and nothing changes."""

from __future__ import annotations

import hashlib

from inspector_app.demo.stage import Wire
from inspector_app.demo.story import Figure, Proof, Story
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError

SHOWN = 12


def upload_again(story: Story, wire: Wire) -> None:
    """Post the largest frame of the evening's upload again, as after a lost answer."""
    path, frame, first = max(wire.sent, key=lambda sent: len(sent[1]))
    before = province_state()
    again = story.stage.wire().post(path, frame)
    after = province_state()
    if (first.status, again.status) != (200, 200) or before != after:
        raise BugError("the same upload twice changed the province")
    story.tale.tell(
        Both(
            f"The same {len(frame):,} bytes are uploaded again, as after a lost answer: answered {again.status}, "
            f"{after['journal entries']} entries as before, no byte of the province's database changed",
            f"同样的 {len(frame):,} 字节再次上传（如同回执丢失）：应答 {again.status}，"
            f"账本仍为 {after['journal entries']} 条，省平台数据库一字节未变",
        ),
        place="province",
        online=True,
        kind="doubled",
    )
    story.proofs["doubled"] = Proof(
        name="doubled",
        title=Both("The same upload arrives twice", "同一上传到达两次"),
        done=Both(
            f"The evening's upload, {len(frame):,} bytes, was posted to the province a second time, byte for byte, "
            "as happens when an answer gets lost on the way back.",
            f"傍晚的上传（{len(frame):,} 字节）原样再次发给省平台，如同回执在途中丢失。",
        ),
        columns=(Both("first upload", "第一次上传"), Both("the same again", "再次上传")),
        figures=(
            Figure(Both("bytes sent", "发送字节"), (f"{len(frame):,}",) * 2),
            Figure(Both("SHA-256 of what was sent", "所发内容的 SHA-256"), (_short(frame),) * 2),
            Figure(Both("answer", "应答"), (str(first.status), str(again.status))),
            *(Figure(Both(name, ZH[name]), (before[name], after[name])) for name in before),
        ),
        follows=Both(
            "Whatever the line does, an entry counts once. A device may therefore always send again.",
            "无论线路如何，一条记录只算一次；设备随时可以重发。",
        ),
    )


ZH = {
    "journal entries": "账本条数",
    "certificates": "证书数",
    "numbers used, the notice's too": "已用编号（含通知单）",
    "documents published": "已发布文件",
    "SHA-256 of the whole database": "整个数据库的 SHA-256",
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
        "journal entries": str(StoredEntry.objects.using(DEFAULT).count()),
        "certificates": str(len(rows.many("certificates"))),
        "numbers used, the notice's too": str(rows.count("numbers", state="used")),
        "documents published": str(FeedDocument.objects.using(DEFAULT).count()),
        "SHA-256 of the whole database": digest(DEFAULT)[:SHOWN],
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
