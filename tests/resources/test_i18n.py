"""The sentences people read: every code has one in both languages, and each keeps the manners of UX chapter 4."""

from __future__ import annotations

import ast
import enum
import functools
import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest

from inspector_app import bootstrap, config
from inspector_app.domain import (
    authority,
    catalogue,
    certificate,
    continuity,
    credential,
    custody,
    declaration,
    destruction,
    documents,
    late_rejections,
    numbering,
    organisations,
    quantities,
    stock_refusals,
    supply,
    trust,
    typed_text,
    verdicts,
    writing_off,
)
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.sentences import Entry, Sentences, placeholders
from inspector_app.journal import chain, envelope
from inspector_app.journal.books import late_cases
from inspector_app.services import outcomes
from inspector_app.services.inspecting import InspectionForm
from inspector_app.services.noticing import NoticeDraft
from inspector_app.services.sampling import ResultForm, SampleForm
from inspector_app.store import database
from inspector_app.vault.faults import VaultFault
from inspector_app.vault.witness import WitnessFinding
from printing.ipp_printer import BLOCKING
from province.journal.judging.case import CONSEQUENCES, Finding
from province.numbers.ranges import NumbersCode
from sync import client, diagnosis, frames, protocol, replies, transport
from tests import source_tree

CODES: dict[type[enum.StrEnum], tuple[str, str]] = {
    RefusalCode: ("refusals", "{}"),
    typed_text.TextProblem: ("refusals", "field_invalid.text_{}"),
    quantities.QuantityProblem: ("refusals", "field_invalid.quantity_{}"),
    VaultFault: ("faults", "{}"),
    documents.DocumentFault: ("faults", "{}"),
    numbering.BlockFault: ("faults", "{}"),
    trust.TrustFault: ("faults", "{}"),
    frames.FrameFault: ("faults", "{}"),
    protocol.Status: ("faults", "sync.{}"),
    chain.ChainFault: ("faults", "chain_{}"),
    credential.Reason: ("reasons", "{}"),
    credential.CodeFault: ("reasons", "{}"),
    WitnessFinding: ("reasons", "{}"),
    verdicts.Judgement: ("judgements", "{}"),
    credential.Verdict: ("verdicts", "{}"),
    stock_refusals.StockCode: ("stock", "{}"),
    NumbersCode: ("desk", "numbers_{}"),
    supply.SupplyCode: ("stock", "{}"),
}
"""Every enum whose members people may meet: the family and key of their sentences."""

OTHERWISE = {
    "CborFault": "told as document_<member>",
    "Verdict": "of the envelope: told as a judgement, see ENVELOPE",
    "FreezeReason": "a word inside the refusal device_frozen, see WORDS",
}
ENVELOPE = [member.value for member in envelope.Verdict if member is not envelope.Verdict.OK]
TELLING = re.compile(r"(Fault|Problem|Code|Reason|Finding|Judgement|Verdict|Status)$")

WORDS: dict[type[enum.StrEnum], str] = {
    authority.Action: "action",
    authority.Post: "post",
    declaration.DeclarationState: "state",
    certificate.CertificateState: "state",
    custody.SheetState: "state",
    destruction.DestructionState: "state",
    destruction.Step: "step",
    writing_off.Trait: "unlawful",
    writing_off.Mismatch: "unlawful",
    numbering.NumberState: "state",
    continuity.Standing: "standing",
    credential.Tone: "tone",
    client.FreezeReason: "frozen",
    WitnessFinding: "witness",
    organisations.Tier: "tier",
    catalogue.Shape: "shape",
    late_rejections.LateCase: "late_case",
    late_cases.Settled: "settled",
    outcomes.Outcome: "outcome",
    diagnosis.Step: "probe_step",
    diagnosis.Outcome: "probe_outcome",
}
FORMS = (declaration.DeclarationForm, certificate.IssueDraft, InspectionForm, SampleForm, ResultForm, NoticeDraft)
PROGRAM = ("inspector_app", "sync", "printing", "province", "simulation", "ui")
OWN_VALUES = {"code", "field", "limit", "current"}


@functools.cache
def sentences() -> Sentences:
    names = config.resource_names("i18n", ".toml")
    return Sentences.parse(config.read_resource(name).decode("utf-8") for name in names)


class Told(NamedTuple):
    """One text a person reads, and where it stands."""

    where: str
    part: str
    lang: str
    text: str


def texts(*langs: str) -> Iterator[Told]:
    for family, code, entry in sentences().entries():
        for lang in langs:
            said = entry.said(lang)
            for part in ("happened", "safe", "todo", "title"):
                if text := getattr(said, part):
                    yield Told(f"{family} {code} {lang}.{part}", part, lang, text)


def filled(text: str) -> str:
    """The text with something short and Chinese or Latin in its places, as a reader would meet it."""
    return re.sub(r"\{\w+(:\w+\|\w+)?\}|\{\w+:(moment|id)\}", "12", re.sub(r"\{\w+:(kind)\}", "A 证", text))


# --- every code has a sentence --------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", CODES, ids=lambda told: f"{told.__module__.rpartition('.')[2]}.{told.__name__}")
def test_every_member_has_a_sentence_in_its_family(told: type[enum.StrEnum]) -> None:
    family, key = CODES[told]
    known = sentences().codes(family)
    assert not [member.value for member in told if key.format(member.value) not in known]


def test_what_the_envelope_finds_is_told_as_a_judgement() -> None:
    assert not set(ENVELOPE) - set(sentences().codes("judgements"))


def test_no_enum_of_codes_is_forgotten_here() -> None:
    listed = {told.__name__ for told in CODES} | set(OTHERWISE)
    assert not {name for name in _enums() if TELLING.search(name)} - listed


def _enums() -> Iterator[str]:
    for module in program_modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and any("StrEnum" in ast.dump(base) for base in node.bases):
                yield node.name


def program_modules() -> list[source_tree.Module]:
    return [module for module in source_tree.modules() if module.name.partition(".")[0] in PROGRAM]


def test_every_fault_raised_in_the_tree_has_a_sentence_of_its_own() -> None:
    lost = [f"{raised.where}: {raised.code}" for raised in raised_faults() if not _is_told(raised.code)]
    assert not lost, "\n" + "\n".join(lost)


def _is_told(code: str) -> bool:
    known = {*sentences().codes("faults"), *sentences().codes("reasons")}
    return code in known or code.rpartition(".")[2] in known


class Raised(NamedTuple):
    """One place where a StationError is made: its code, the names of its details (None: cannot be read off)."""

    where: str
    code: str
    details: frozenset[str] | None


def raised_faults() -> list[Raised]:
    found = [raised for module in program_modules() for raised in _raised_in(module)]
    assert len(found) > 40
    return found


def _raised_in(module: source_tree.Module) -> Iterator[Raised]:
    for node in ast.walk(module.tree):
        called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and called in ("StationError", "EnrolmentError"):
            names = [keyword.arg for keyword in node.keywords]
            details = None if None in names else frozenset(name for name in names if name)
            for code in _codes_of(node.args[0] if node.args else None, module.path):
                yield Raised(f"{module.path}:{node.lineno}", code, details)


def _codes_of(argument: ast.expr | None, path: str) -> list[str]:
    """The codes an argument may be: a literal, either side of a choice; an f-string stands for its whole enum."""
    match argument:
        case ast.Constant(value=str() as code):
            return [code]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_codes_of(body, path), *_codes_of(orelse, path)]
        case ast.JoinedStr(values=[ast.Constant(value=str() as prefix), *_]) if prefix in COMPOSED:
            return [prefix + member.value for told in COMPOSED[prefix] for member in told]
        case ast.Attribute(attr="value"):
            return []  # the member of a fault enum: test_every_member_has_a_sentence_in_its_family
        case ast.Name() | ast.Subscript() if path in LOOKED_UP:
            return sorted(LOOKED_UP[path])
        case _:
            raise AssertionError(f"{path}: a code this test cannot read: {argument and ast.unparse(argument)}")


COMPOSED: dict[str, tuple[type[enum.StrEnum], ...]] = {
    "document.": (documents.DocumentFault,),
    "block.": (numbering.BlockFault,),
    "trust.": (trust.TrustFault, documents.DocumentFault),
    "sync.": (protocol.Status,),
}
LOOKED_UP: dict[str, set[str]] = {
    "inspector_app/store/database.py": set(database._STATION_CODES.values()),
    "sync/transport.py": {code for _signs, code in transport._LINE_SIGNS},
    "sync/replies.py": set(replies._BY_STATUS.values()),
    "sync/enrolment.py": set(),  # what the province says, which is read off as its EnrolmentError
    "province/journal/sticks.py": set(),  # the same, told to whoever carries the stick
    "ui/pages/steps/answering.py": set(),  # what a printer's report says, which is a fault raised in printing
}


def test_every_value_a_fault_s_sentence_mentions_is_given_wherever_the_fault_is_raised() -> None:
    entries = {code: entry for family, code, entry in sentences().entries() if family == "faults"}
    lost = []
    for raised in raised_faults():
        entry = entries.get(raised.code) or entries.get(raised.code.rpartition(".")[2])
        if entry is not None and raised.details is not None:
            lost += [
                f"{raised.where}: {raised.code}: {{{name}}}" for name in mentioned(entry) - raised.details - {"code"}
            ]
    assert not lost


def test_every_value_a_refusal_s_sentence_mentions_is_given_where_it_is_refused() -> None:
    given = refused_details()
    lost = []
    for family, key, entry in sentences().entries():
        code, _, special = key.partition(".")
        if family == "refusals" and code in given and not special.startswith(("text_", "quantity_")):
            lost += [f"{key}: {{{name}}}" for name in mentioned(entry) - given[code] - OWN_VALUES]
    assert not lost


def refused_details() -> dict[str, set[str]]:
    """For every refusal made somewhere with literal details: the names given anywhere; others are left out."""
    found: dict[str, set[str]] = {}
    unreadable = set()
    for module in program_modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Refusal", "Reason"):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                code = ast.unparse(given.get("code", ast.Constant(""))).rpartition(".")[2].strip("'").lower()
                details = given.get("details", ast.Dict([], []))
                if not isinstance(details, ast.Dict):
                    unreadable.add(code)
                    continue
                keys = (ast.literal_eval(key) for key in details.keys if key is not None)
                found.setdefault(code, set()).update(map(str, keys))
    return {code: names for code, names in found.items() if code not in unreadable}


def mentioned(entry: Entry) -> set[str]:
    return {
        name for said in (entry.zh, entry.en) for part in msgspec.structs.astuple(said) for name in placeholders(part)
    }


def test_every_line_of_the_check_before_departure_has_a_sentence() -> None:
    codes = literals("inspector_app.services.ready", "Reason", "code")
    assert {"no_numbers_left", "waiting"} <= codes
    told = {*sentences().codes("reasons"), *sentences().codes("refusals"), *sentences().codes("stock")}
    assert not codes - told


def test_every_finding_of_the_doctor_has_a_sentence() -> None:
    codes = literals("inspector_app.store.doctor", "Finding", 0)
    assert "projection_differs" in codes
    assert not codes - set(sentences().codes("faults"))


def test_no_sentence_is_left_of_a_code_nobody_gives() -> None:
    given = {raised.code for raised in raised_faults()} | literals("inspector_app.store.doctor", "Finding", 0)
    given |= {code.rpartition(".")[2] for code in given} | {"unknown", "bug"}
    for told, (_family, key) in CODES.items():
        given |= {key.format(member.value) for member in told}
    refused = {key for key in sentences().codes("refusals") if key.partition(".")[0] not in set(RefusalCode)}
    assert not {*sentences().codes("faults")} - given
    assert not refused


def literals(module_name: str, called: str, argument: str | int) -> set[str]:
    """The literal values a module gives to one argument of a call."""
    module = next(module for module in source_tree.modules() if module.name == module_name)
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == called:
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            value = named.get(argument) if isinstance(argument, str) else node.args[argument]
            if isinstance(value, ast.Constant):
                found.add(str(value.value))
    return found


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_field_of_a_form_has_a_name(form: type[msgspec.Struct]) -> None:
    assert not set(form.__struct_fields__) - set(sentences().words()["field"])


def test_every_field_a_refusal_names_has_a_name() -> None:
    named = {field for module in program_modules() for field in _fields_named(module)}
    assert "on_desk" in named
    assert not named - set(sentences().words()["field"])


def _fields_named(module: source_tree.Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal":
            for keyword in node.keywords:
                if keyword.arg == "field" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)


@pytest.mark.parametrize("told", WORDS, ids=lambda told: told.__name__)
def test_every_value_has_a_word(told: type[enum.StrEnum]) -> None:
    assert not {member.value for member in told} - set(sentences().words()[WORDS[told]])


def test_every_form_of_the_house_has_a_name() -> None:
    ids = {tomllib.loads(config.read_resource(name).decode())["id"] for name in config.resource_names("forms", ".toml")}
    assert "certificate_a" in ids
    assert not ids - set(sentences().words()["form"])


def test_every_table_a_sentence_reads_from_exists() -> None:
    reads = {how for told in texts("zh", "en") for how in placeholders(told.text).values()}
    known = {"", "moment", "span", "id", *sentences().naming(bootstrap.catalogue()).words()}
    assert not {how for how in reads if "|" not in how} - known


# --- both languages say the same ------------------------------------------------------------------------------------


def test_both_languages_mention_the_same_values() -> None:
    differing = []
    for family, code, entry in sentences().entries():
        zh, en = (
            {name for part in msgspec.structs.astuple(said) for name in placeholders(part)}
            for said in (entry.zh, entry.en)
        )
        differing += [f"{family} {code}: {sorted(zh ^ en)}"] if zh != en else []
    assert not differing


def test_both_languages_have_a_title_or_neither() -> None:
    assert not [code for _, code, entry in sentences().entries() if bool(entry.zh.title) != bool(entry.en.title)]


def test_english_is_not_chinese_and_chinese_is_not_english() -> None:
    examples = re.compile(r"“[^”]*”|苏K12345|万?尾|千克")
    assert not [told for told in texts("en") if re.search(r"[\u4e00-\u9fff]", examples.sub("", told.text))]
    assert not [
        told for told in texts("zh") if told.part == "happened" and not re.search(r"[\u4e00-\u9fff]", told.text)
    ]


def test_no_number_of_a_code_lies_outside_its_family() -> None:
    ranges = {
        "refusals": "278",
        "faults": "134578",
        "reasons": "679",
        "judgements": "78",
        "verdicts": "6",
        "stock": "78",
        "desk": "78",
    }
    assert not [code for family, code, entry in sentences().entries() if str(entry.no)[0] not in ranges[family]]


# --- verdicts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", credential.Verdict)
def test_every_verdict_has_a_title_fit_for_large_letters(verdict: credential.Verdict) -> None:
    for lang, longest in (("zh", 16), ("en", 40)):
        assert 0 < len(sentences().headline("verdicts", verdict, lang)) <= longest


def test_only_what_is_good_is_said_to_be_in_force() -> None:
    good = {verdict for verdict in credential.Verdict if verdict.tone is credential.Tone.GOOD}
    said = {v for v in credential.Verdict if sentences().headline("verdicts", v, "zh") == "证明有效"}
    assert said == good == {credential.Verdict.GENUINE}


@pytest.mark.parametrize("verdict", [v for v in credential.Verdict if v.tone is credential.Tone.STOP])
def test_a_verdict_that_stops_says_whom_to_ask_and_accuses_nobody(verdict: credential.Verdict) -> None:
    told = sentences().of("verdicts", verdict, "zh", {"number": "B 3200000001"}).whole
    assert verdict is credential.Verdict.SPECIMEN or "联系出证机构" in told
    assert not re.search("伪造|假证|造假|违法|骗", told)


@pytest.mark.parametrize("verdict", [v for v in credential.Verdict if v.tone is credential.Tone.UNKNOWN])
def test_a_verdict_that_cannot_judge_says_nothing_against_the_certificate(verdict: credential.Verdict) -> None:
    assert sentences().of("verdicts", verdict, "zh").safe == "这不说明证明有问题。"


@pytest.mark.parametrize("finding", CONSEQUENCES.values(), ids=lambda finding: finding.code.value)
def test_a_day_by_which_to_settle_is_named_only_where_the_province_sets_one(finding: Finding) -> None:
    entry = {code: entry for family, code, entry in sentences().entries() if family == "judgements"}[finding.code]
    assert "due_on" not in mentioned(entry) or not finding.holds


# --- manners --------------------------------------------------------------------------------------------------------


def offences(told: Told) -> list[str]:
    """What is wrong with the manners of one text."""
    rules = {
        "an exclamation mark": re.search("[!！]", told.text),
        "blame or officialese": re.search(BLAME, told.text, re.IGNORECASE),
        "a straight double quote": '"' in told.text,
        "blanks at the ends or doubled": told.text != told.text.strip() or "  " in told.text,
    }
    return [what for what, found in rules.items() if found]


BLAME = (
    r"非法|错误操作|操作失败|操作成功|您输入有误|失败了|亲[，,爱]|请您务必|抱歉|对不起|"
    r"\binvalid\b|\billegal\b|\bfailed to\b|\boops\b|\bsorry\b|\bfatal\b|\bplease\b|\babort|\byou entered an?\b"
)
ENDS = {"zh": ("。", "？"), "en": (".", "?")}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?()]|[,;:?(][\u4e00-\u9fff]")
UNSPACED = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
LAW_WORDS = re.compile(r"动物[AB]|“[^”]*”")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_speak_as_a_calm_colleague(lang: str) -> None:
    assert not [f"{told.where}: {what}" for told in texts(lang) for what in offences(told)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sentence_ends_like_one_and_a_title_does_not(lang: str) -> None:
    for told in texts(lang):
        ends_as_sentence = told.text.endswith(ENDS[lang]) or told.text.endswith(("{happened}", "{safe}", "{todo}"))
        assert ends_as_sentence != (told.part == "title"), told


def test_chinese_uses_its_own_punctuation_and_one_space_around_latin() -> None:
    wrong = []
    for told in texts("zh"):
        text = filled(LAW_WORDS.sub("", told.text))
        wrong += [told.where] if HALF_WIDTH.search(text) or UNSPACED.search(text) else []
    assert not wrong


def test_chinese_clauses_are_short_enough_to_take_in_at_a_glance() -> None:
    longest = {}
    for told in texts("zh"):
        for clause in re.split("[，。；：？（）]", re.sub(r"\{[^}]*\}", "某某", told.text)):
            if len(clause) > 24:
                longest[told.where] = clause
    assert not longest


def test_english_sentences_are_short_enough() -> None:
    assert not [told for told in texts("en") if len(told.text.split()) > 18]


def test_english_is_in_sentence_case() -> None:
    names = r"\b(Caps Lock|UTF-8|PDF|JPEG|PNG|MB|QR|A|B)\b|“[^”]*”|\{[^}]*\}"
    for told in texts("en"):
        plain = re.sub(names, "", told.text)
        starts = re.compile(r"(?:^|[.?:] )\s*\S+")
        assert not re.search(r"\b[A-Z]", starts.sub("", plain)), told


@pytest.mark.parametrize(
    "text",
    ["口令不正确！", "操作失败。", "您输入有误。", "Invalid number.", "Please sync.", "Failed to print.", "a  b."],
)
def test_bad_manners_are_recognised(text: str) -> None:
    assert offences(Told("here", "happened", "zh", text))


@pytest.mark.parametrize("text", ["请同步一次,再签发。", "第12条。", "还剩12 个。", "请联系管理员(站长)。"])
def test_wrong_punctuation_and_spacing_are_recognised(text: str) -> None:
    assert HALF_WIDTH.search(text) or UNSPACED.search(text)


def test_every_reason_of_a_printer_that_the_program_gives_has_a_word() -> None:
    words = set(sentences().words()["printer_reason"])
    given = {value for module in program_modules() for value in _reasons_given(module)}
    assert "no_data_accepted" in given
    assert not (given | BLOCKING) - words


def _reasons_given(module: source_tree.Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("StationError"):
            for keyword in node.keywords:
                if keyword.arg == "reasons" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)
