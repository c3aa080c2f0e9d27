"""One word per idea: the synonyms that docs/glossary.md rules out stand in no name of ours and in no sentence."""

from __future__ import annotations

import ast
import fnmatch
import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests import source_tree
from tests.source_tree import ROOT, Module

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
LITTLE_WORDS = {"a", "an", "the", "this", "that", "of", "is", "was", "are", "were", "be", "been", "has", "have", "to"}
WORD = re.compile(r"(?<!-)(?<!\w)[A-Za-z]+(?!\w)|[.,;:!?()\n]")  # --ticket is an option's name, not a word
SNAKE_OR_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Banned(NamedTuple):
    """One phrase the glossary rules out: its words (or one Chinese string), where, what to say instead and why."""

    phrase: str
    where: str
    instead: str
    because: str

    def stands_in(self, words: list[str]) -> bool:
        """Whether the phrase's words stand next to each other in ``words``."""
        wanted = self.phrase.split()
        starts = range(len(words) - len(wanted) + 1)
        return any(all(map(fnmatch.fnmatchcase, words[at:], wanted)) for at in starts)


def banned_words() -> list[Banned]:
    """The rows of the last table of the glossary, one per phrase."""
    table = GLOSSARY.partition("## Words we do not use")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| `")
    ]
    return [Banned(phrase, *row[1:]) for row in rows for phrase in re.findall(r"`([^`]+)`", row[0])]


BANNED = banned_words()


def offences_in_name(name: str) -> list[str]:
    """What is wrong with one identifier or key, as sentences."""
    words = [word.lower() for word in SNAKE_OR_CAMEL.findall(name)]
    return [_told(ban) for ban in BANNED if "names" in ban.where and ban.stands_in(words)]


def offences_in_text(text: str) -> list[str]:
    """What is wrong with one sentence, as sentences."""
    words = [word for word in (found.lower() for found in WORD.findall(text)) if word not in LITTLE_WORDS]
    found = (ban for ban in BANNED if "texts" in ban.where)
    return [_told(ban) for ban in found if (ban.phrase in text if _is_chinese(ban.phrase) else ban.stands_in(words))]


def _told(ban: Banned) -> str:
    return f"not “{ban.phrase}” but “{ban.instead}”: {ban.because} (docs/glossary.md)"


def _is_chinese(phrase: str) -> bool:
    return not phrase.isascii()


def defined_names(module: Module) -> Iterator[tuple[int, str]]:
    """Names the module gives, with their lines, its own first; not those it calls, which may be other people's."""
    yield from ((1, part) for part in module.name.split("."))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def sentences(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a parsed TOML file with its dotted key."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from sentences(below, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for below in value:
            yield from sentences(below, key)
    elif isinstance(value, str):
        yield key, value


# --- the tree obeys -------------------------------------------------------------------------------------------------


def test_no_name_of_ours_uses_a_ruled_out_word() -> None:
    named = ((module, *definition) for module in source_tree.modules() for definition in defined_names(module))
    found = [f"{module.path}:{line}: {name}: {told}" for module, line, name in named for told in offences_in_name(name)]
    assert not found, "\n" + "\n".join(found)


def test_no_sentence_people_read_uses_a_ruled_out_word() -> None:
    found = []
    for path in (path for path in source_tree.files() if path.suffix == ".toml" and path.parent.name == "i18n"):
        for key, text in sentences(tomllib.loads(path.read_text("utf-8"))):
            found += [f"{path.name} {key}: {told}" for told in offences_in_text(text) + offences_in_name(key)]
    assert not found, "\n" + "\n".join(found)


# --- and the words are recognised -----------------------------------------------------------------------------------


def test_the_glossary_says_what_to_say_instead_of_every_ruled_out_word() -> None:
    assert len(BANNED) >= 60
    assert not [ban for ban in BANNED if not (ban.where and ban.instead and ban.because)]
    assert {ban.where for ban in BANNED} == {"names", "texts", "names, texts"}


def test_the_words_of_the_trade_are_all_explained() -> None:
    terms = """号段 领用 签发期 授权 印章 封存 作废 回收 追回 核销 签发 发放 缴旧领新 到达确认 销账 退库 证章标志
        证章标志管理员 渔业官方兽医 协检员 打印员 检疫申报 受理单 不予受理 检疫处理通知单 监督检查 查验 使用单位
        监督机构 主管部门 申报点 日结 水产苗种 便携式动物检疫合格证明（动物B） 动物检疫合格证明（动物A）"""
    assert not [term for term in terms.split() if f"| {term}" not in GLOSSARY and f" · {term}" not in GLOSSARY]


@pytest.mark.parametrize(
    "name",
    [
        "reprint", "reprinted_at", "ReprintDialog", "reissue", "cancel_certificate", "certificate_cancelled",
        "CertificateCancelledError", "declaration_rejected", "refuse_declaration", "seedling_count", "voucher_no",
        "render_ticket", "portable_ticket", "serial_number", "certificate_serial", "number_lease", "lease_block",
        "leased_until", "number_segment", "allocate_numbers", "recovered_sheet", "custodian", "daily_close",
        "handoff_note", "applicant", "disposalNotice", "official_stamp", "issue_block",
    ],
)  # fmt: skip
def test_a_ruled_out_word_in_a_name_is_found(name: str) -> None:
    assert offences_in_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "print_no", "copy", "copies", "shutil_copy", "lease", "lease_until", "extend_lease", "serialise", "serializer",
        "cancel_job", "cancelled", "release_spare", "certificate", "reject", "rejected_by", "not_accepted", "refusal",
        "declaration", "ticket", "job_ticket", "segment", "numeric_segment", "recovery_code", "recover_keys", "blocks",
        "numbers_left", "declaration_refusals", "day_end",
        "issue_certificate", "issue_number", "application", "stamp", "timestamp", "invalidate_cache",
        "end_of_day_ms", "seed", "inspector_app", "handed_over", "allowed", "allocator",
    ],
)  # fmt: skip
def test_an_honest_name_is_left_alone(name: str) -> None:
    assert not offences_in_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "The certificate was cancelled.", "Cancel this certificate?", "Reprint it.", "Your ticket is ready.",
        "The serial number is missing.", "The declaration has been rejected.", "Numbers are leased for 7 days.",
        "该证明需重印。", "申报已被拒绝受理", "号码段不足", "请官方兽医或检疫员处理", "打印小票",
    ],
)  # fmt: skip
def test_a_ruled_out_word_in_a_sentence_is_found(text: str) -> None:
    assert offences_in_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Cancel. The certificate stays in force.", "Print 2 needs a reason.", "--ticket FILE saves the portable B.",
        "The lease ends on Friday; numbers stay.", "The declaration was not accepted.", "Recovery needs two officers.",
        "补打会注明“第 2 次打印”，原件需收回。", "该编号已作废。", "协检员只能录入。", "号段 1 个，剩余 20 号。",
    ],
)  # fmt: skip
def test_an_honest_sentence_is_left_alone(text: str) -> None:
    assert not offences_in_text(text)


def test_only_names_the_module_gives_are_looked_at() -> None:
    text = "import x509\nx509.serial_number(1)\ndef sign(reprint: int):\n    self.voucher = 1\n    seedling = 2"
    module = source_tree.parse("sync/example.py", text)
    assert {name for _, name in defined_names(module)} == {"sync", "example", "sign", "reprint", "voucher", "seedling"}


def test_sentences_are_found_at_any_depth_of_the_file() -> None:
    parsed = tomllib.loads('[a]\nb = "one"\n[[a.c]]\nd = "two"\nn = 3\n')
    assert list(sentences(parsed)) == [("a.b", "one"), ("a.c.d", "two")]
