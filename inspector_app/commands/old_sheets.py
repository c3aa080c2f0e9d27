"""Sheets after use on the command line: spoiled, collected, found, handed in, written off, destroyed."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Sequence

from inspector_app.commands import values
from inspector_app.commands.forms import read_form, require_few
from inspector_app.commands.output import Output
from inspector_app.commands.papers import resolve
from inspector_app.commands.parsing import Commands, add_command, whole
from inspector_app.commands.session import read_file, require_writable, signed_in, write_file
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals, requested_sheets
from inspector_app.services import blanks, destroying, photographs, sheet_custody, taking_in, writing_off
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.on_desk import Sheet
from inspector_app.services.typed import day_refusals

BLANK = "blank"
"""Where a sheet is named that nothing was printed on."""


def add_commands(commands: Commands) -> None:
    """The commands of this module; a sheet is named by its print and its place in the form: ``1/2``."""
    _add_sheets(commands)
    _add_hand_in(commands)
    _add_reading(commands)
    _add_destruction(commands)


def _add_sheets(commands: Commands) -> None:
    text = "a sheet on the desk is no good any more; without a number, the register"
    parser = add_command(commands, "spoil", text, spoil)
    parser.add_argument("number", nargs="?")
    parser.add_argument("sheet", nargs="?", default="", metavar="PRINT/SHEET|blank")
    parser.add_argument("--category", default="", help="a code of the list spoil")
    parser.add_argument("--photo", action="append", default=[], metavar="F")
    parser.add_argument("--no-picture", default="", metavar="R", help="why there is none: list no_picture")
    back = add_command(commands, "collect", "a sheet came back from its holder", collect)
    back.add_argument("--reason", required=True, help="a code of the list collection")
    back.add_argument("--marked", action="store_true", help="void stands on it; a paper that ended needs it")
    back.add_argument("--photo", action="append", default=[], metavar="F")
    _add_taking_in(commands)
    late = add_command(commands, "add-photo", "put a photograph beside an act that a reason had excused", add_photo)
    late.add_argument("about", metavar="ENTRY", help="DEVICE/SEQ, as trace names it")
    late.add_argument("--photo", action="append", default=[], metavar="F")
    gone = add_command(commands, "lost", "a sheet that should be on hand cannot be found", lost)
    gone.add_argument("--cause", required=True, help="a code of the list loss")
    again = add_command(commands, "found", "a lost sheet was found; it is never used again", found)
    again.add_argument("--on", default="", metavar="DAY", help="when it was found; else today")
    for parser in (back, gone, again):
        parser.add_argument("number")
        parser.add_argument("sheet", metavar="PRINT/SHEET")
    for parser in (back, again):
        parser.add_argument("--note", default="")


def _add_taking_in(commands: Commands) -> None:
    parser = add_command(commands, "take-in", "take in a sheet that this station never issued", take_in)
    parser.add_argument("number", help="as it stands on the paper, with its kind, or its code as it was scanned")
    parser.add_argument(
        "place", type=int, metavar="SHEET", help="its place in the form: 1 the stub, 2 the one that travels"
    )
    parser.add_argument("--reason", required=True, help="a code of the list collection")
    parser.add_argument("--source", required=True, help="where it came from: a code of the list sheet_source")
    parser.add_argument("--photo", action="append", default=[], metavar="F")
    parser.add_argument("--no-picture", default="", metavar="R", help="why there is none: list no_picture")
    parser.add_argument("--note", default="")


def _add_hand_in(commands: Commands) -> None:
    parser = add_command(commands, "hand-in", "hand old sheets in to the keeper above", hand_in)
    parser.add_argument("--to", required=True, help="a code of the list hand_in")
    parser.add_argument("--sheets", default="", metavar='"NUMBER PRINT/SHEET, …"', help="else everything that goes in")
    parser.add_argument("--pdf", metavar="F", help="the slip both sign")
    parser.add_argument("--note", default="")
    parser = add_command(commands, "write-off", "record the checks of one print of a paper", write_off)
    parser.add_argument("file", metavar="FILE.json")
    parser.add_argument("--photo", action="append", default=[], metavar="F")


def _add_reading(commands: Commands) -> None:
    parser = add_command(commands, "due", "what may be destroyed, and what stands in the way", due)
    parser.add_argument("--on", default="", metavar="DAY", help="by that day; else today")
    parser.add_argument("--csv", metavar="F")


def _add_destruction(commands: Commands) -> None:
    """The way of a request for destruction, one command for each person."""
    asking = add_command(commands, "request-destruction", "ask that old sheets be destroyed", request_destruction)
    asking.add_argument("--sheets", default="", metavar='"NUMBER PRINT/SHEET, …"', help="else everything that is due")
    asking.add_argument("--on", required=True, metavar="DAY", help="the planned day")
    asking.add_argument("--pdf", metavar="F", help="the form to be signed and sealed")
    add_command(commands, "destructions", "open requests and what each still lacks", destructions)
    review = add_command(commands, "review-destruction", "the head's review", review_destruction)
    review.add_argument("--send-back", default="", metavar="R", help="a code of the list destruction_back")
    review.add_argument("--suspected", action="store_true", help="an offence is suspected; the sheets are traced")
    text = "deputy leader or legal representative approves"
    approve = add_command(commands, "approve-destruction", text, approve_destruction)
    text = "enter the request both signed and sealed on paper"
    sign = add_command(commands, "sign-destruction", text, sign_destruction)
    for name in ("deputy", "legal"):
        sign.add_argument(f"--{name}", type=whole, required=True, metavar="N", help="person's number")
    done = add_command(commands, "destroy", "the sheets of a request were destroyed", destroy)
    done.add_argument("--supervisor", type=whole, required=True, metavar="N", help="the deputy who was present")
    for parser in (sign, done):
        parser.add_argument("--on", default="", metavar="DAY", help="else today")
        parser.add_argument("--photo", action="append", default=[], metavar="F")
    for parser in (review, approve, sign, done):
        parser.add_argument("request")
    for parser in (asking, done):
        parser.add_argument("--method", required=True, help="a code of the list destruction")
    for parser in (asking, review, done):
        parser.add_argument("--count", type=whole, required=True, metavar="N", help="sheets counted in hand")
        parser.add_argument("--note", default="")


def spoil(arguments: Namespace, output: Output) -> int:
    """``inspector spoil NUMBER PRINT/SHEET|blank --category C --photo F``; without a number the register."""
    require_few(arguments.photo)
    if arguments.number is not None and arguments.sheet == BLANK:
        return _spoil_blank(arguments, output)
    at = values.place(arguments.sheet) if arguments.number is not None else Sheet(0, 0)
    with signed_in(arguments) as device:
        if arguments.number is None:
            return _register(device, output)
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = sheet_custody.spoil_sheet(
            device,
            number,
            at,
            category=arguments.category,
            photos=_photos(device, arguments),
            no_picture=arguments.no_picture,
        )
        return output.outcome(done, output.phrase("sheet_spoiled", sheet=_shown(number, at)))


def _spoil_blank(arguments: Namespace, output: Output) -> int:
    """A sheet of pre-numbered stock that nothing was printed on; its kind is typed too: no paper tells it."""
    with signed_in(arguments) as device:
        borne = taking_in.number_borne(arguments.number)
        if borne is None:
            return output.refused(
                refused(Refusal(code=RefusalCode.FIELD_INVALID, field="number", current=arguments.number))
            )
        said = {"category": arguments.category, "no_picture": arguments.no_picture}
        done = blanks.spoil_blank(device, borne.kind, borne.digits, photos=_photos(device, arguments), **said)
        return output.outcome(done, output.phrase("blank_spoiled", number=str(borne)))


def add_photo(arguments: Namespace, output: Output) -> int:
    """``inspector add-photo ENTRY --photo F``."""
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        done = photographs.add_photographs(device, arguments.about, _photos(device, arguments))
        return output.outcome(done, output.phrase("photographs_added"))


def _register(device: Device, output: Output) -> int:
    lines = sheet_custody.spoiled_register(device)
    for line in lines:
        phrase = "spoiled_overdue" if line.overdue else "spoiled_line"
        output.say(
            output.phrase(phrase, sheet=str(line.name), category=line.category, since=line.since, due=line.due_on)
        )
    return output.result({"sheets": lines}, output.phrase("spoiled_count", count=len(lines)))


def _photos(device: Device, arguments: Namespace) -> list[str]:
    return [attach(device, read_file(name)) for name in arguments.photo]


def _shown(number: str, at: Sheet) -> str:
    return f"{number} {at.print_no}/{at.sheet}"


def collect(arguments: Namespace, output: Output) -> int:
    """``inspector collect NUMBER PRINT/SHEET --reason R [--marked]``."""
    require_few(arguments.photo)
    at = values.place(arguments.sheet)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        photos = _photos(device, arguments)
        said = {"reason": arguments.reason, "marked": arguments.marked, "note": arguments.note}
        done = sheet_custody.collect_sheet(device, number, at, photos=photos, **said)
        return output.outcome(done, output.phrase("sheet_collected", sheet=_shown(number, at)))


def take_in(arguments: Namespace, output: Output) -> int:
    """``inspector take-in NUMBER SHEET --reason R --source S --photo F``."""
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        strange = taking_in.StrangeSheet(
            bears=arguments.number,
            sheet=arguments.place,
            reason=arguments.reason,
            source=arguments.source,
            photos=_photos(device, arguments),
            no_picture=arguments.no_picture,
            note=arguments.note,
        )
        done = taking_in.take_in_sheet(device, strange)
        return output.outcome(done, output.phrase("sheet_taken_in", sheet=_borne(strange)))


def _borne(strange: taking_in.StrangeSheet) -> str:
    return f"{taking_in.number_borne(strange.bears)} 0/{strange.sheet}"


def lost(arguments: Namespace, output: Output) -> int:
    """``inspector lost NUMBER PRINT/SHEET --cause C``."""
    at = values.place(arguments.sheet)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = sheet_custody.lose_sheet(device, number, at, cause=arguments.cause)
        return output.outcome(done, output.phrase("sheet_lost", sheet=_shown(number, at)))


def found(arguments: Namespace, output: Output) -> int:
    """``inspector found NUMBER PRINT/SHEET [--on DAY]``."""
    at = values.place(arguments.sheet)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = sheet_custody.find_lost(device, number, at, found_on=arguments.on, note=arguments.note)
        return output.outcome(done, output.phrase("sheet_found", sheet=_shown(number, at)))


def hand_in(arguments: Namespace, output: Output) -> int:
    """``inspector hand-in --to R [--sheets LIST] [--pdf F]``: everything that goes in, unless sheets are named."""
    require_writable(arguments.pdf)
    with signed_in(arguments) as device:
        sheets = _named(device, arguments.sheets) if arguments.sheets else sheet_custody.to_hand_in(device)
        if isinstance(sheets, Refused):
            return output.refused(sheets)
        done = sheet_custody.hand_in(device, sheets, to=arguments.to, note=arguments.note)
        if isinstance(done, Refused):
            return output.refused(done)
        _leave_file(device, arguments.pdf, done.slip)
        return output.result(done, _of_batch(output.phrase("handed_in", count=done.count), done.left, output))


def _of_batch(said: str, left: int, output: Output) -> str:
    """What was done, and how many sheets are left for another time."""
    return f"{said}\n{output.phrase('batch_left', count=left)}" if left else said


def _named(device: Device, typed: str) -> list[SheetName] | Refused:
    """Sheets as people write them: ``B 9900000003 1/2, B 9900000004 1/1``."""
    found = []
    for number, at in values.numbered_places(typed):
        key = resolve(device, number, field="sheets")
        if isinstance(key, Refused):
            return key
        kind, _, digits = key.partition(" ")
        found.append(SheetName(kind, digits, at.print_no, at.sheet))
    return found


def _leave_file(device: Device, name: str | None, kept: str) -> None:
    if name:
        write_file(name, device.files.read(kept))


def write_off(arguments: Namespace, output: Output) -> int:
    """``inspector write-off FILE.json``."""
    form = read_form(arguments.file, writing_off.WriteOffForm)
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        form.attachments.extend(_photos(device, arguments))
        done = writing_off.write_off(device, form)
        if isinstance(done, Refused):
            return output.refused(done)
        against = ", ".join(_against(output, code) for code in done.against)
        phrase = "written_off_suspect" if done.suspect else "written_off"
        values_said = {"number": form.number, **({"against": against} if done.suspect else {})}
        return output.result(done, output.phrase(phrase, **values_said))


def _against(output: Output, code: str) -> str:
    table = "unlawful" if code in output.sentences.words()["unlawful"] else "check"
    return output.sentences.word(table, code, output.lang)


def due(arguments: Namespace, output: Output) -> int:
    """``inspector due [--on DAY] [--csv F]``: what may be destroyed by then, and what stands in the way."""
    require_writable(arguments.csv)
    with signed_in(arguments) as device:
        day = arguments.on or device.today()
        if found := day_refusals("on", day):
            return output.refused(refused(*found))
        lines = destroying.due_for_destruction(device, day)
        for line in lines:
            said = {"sheet": str(line.name), "state": line.state, "until": line.kept_through}
            output.say(output.phrase("due_line", **said, check=output.phrase(_checked(line))))
        if arguments.csv:
            write_file(arguments.csv, _due_csv(lines))
        return output.result({"sheets": lines}, output.phrase("due_count", count=len(lines)))


def _checked(line: destroying.DueLine) -> str:
    if line.suspect:
        return "check_suspect"
    return "check_done" if line.written_off else "check_lacks"


def _due_csv(lines: Sequence[destroying.DueLine]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("number", "print", "sheet", "state", "kept_through", "written_off", "suspect"))
    for line in lines:
        place = (line.name.number, line.name.print, line.name.sheet)
        writer.writerow((*place, line.state, line.kept_through, int(line.written_off), int(line.suspect)))
    return text.getvalue().encode("utf-8-sig")


def request_destruction(arguments: Namespace, output: Output) -> int:
    """``inspector request-destruction --method M --on DAY --count N [--sheets LIST] [--pdf F]``."""
    require_writable(arguments.pdf)
    with signed_in(arguments) as device:
        sheets = _named(device, arguments.sheets) if arguments.sheets else _ready(device)
        if isinstance(sheets, Refused):
            return output.refused(sheets)
        asked = {"method": arguments.method, "planned_on": arguments.on, "note": arguments.note}
        done = destroying.request_destruction(device, sheets, counted=arguments.count, **asked)
        if isinstance(done, Refused):
            return output.refused(done)
        _leave_file(device, arguments.pdf, done.form)
        said = output.phrase("destruction_requested", count=done.count, request=done.ref)
        return output.result(done, _of_batch(said, done.left, output))


def _ready(device: Device) -> list[SheetName]:
    """Everything due that nothing stands in the way of."""
    asked = {one for row in destroying.open_requests(device) for one in requested_sheets(device.rows, str(row["ref"]))}
    lines = destroying.due_for_destruction(device)
    return [line.name for line in lines if line.written_off and not line.suspect and line.name not in asked]


def destructions(arguments: Namespace, output: Output) -> int:
    """``inspector destructions``: open requests and what each still lacks."""
    with signed_in(arguments) as device:
        rows = destroying.open_requests(device)
        for row in rows:
            output.say(_open_line(device, row, output))
        return output.result({"requests": rows}, output.phrase("destruction_count", count=len(rows)))


def _open_line(device: Device, row: Row, output: Output) -> str:
    lacks = approvals(device.rows, row).missing()[:1]
    step = output.sentences.word("step", lacks[0].value, output.lang) if lacks else output.phrase("destruction_ready")
    count = len(requested_sheets(device.rows, str(row["ref"])))
    return output.phrase("destruction_open", request=str(row["ref"]), count=count, method=str(row["method"]), step=step)


def review_destruction(arguments: Namespace, output: Output) -> int:
    """``inspector review-destruction REQUEST --count N [--send-back R] [--suspected]``."""
    with signed_in(arguments) as device:
        done = destroying.review(
            device,
            arguments.request,
            counted=arguments.count,
            sent_back=arguments.send_back,
            suspected=arguments.suspected,
            note=arguments.note,
        )
        phrase = "destruction_sent_back" if arguments.send_back else "destruction_reviewed"
        return output.outcome(done, output.phrase(phrase, request=arguments.request))


def approve_destruction(arguments: Namespace, output: Output) -> int:
    """``inspector approve-destruction REQUEST``."""
    with signed_in(arguments) as device:
        done = destroying.approve(device, arguments.request)
        return output.outcome(done, output.phrase("destruction_approved", request=arguments.request))


def sign_destruction(arguments: Namespace, output: Output) -> int:
    """``inspector sign-destruction REQUEST --deputy N --legal N --photo F``: enter the form both signed on paper."""
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        done = destroying.enter_signed(
            device,
            arguments.request,
            deputy=arguments.deputy,
            legal=arguments.legal,
            signed_on=arguments.on or device.today(),
            photos=_photos(device, arguments),
        )
        return output.outcome(done, output.phrase("destruction_signed", request=arguments.request, act=str(done)))


def destroy(arguments: Namespace, output: Output) -> int:
    """``inspector destroy REQUEST --method M --count N --supervisor N --photo F``."""
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        carried_out = destroying.Destruction(
            method=arguments.method,
            counted=arguments.count,
            destroyed_on=arguments.on or device.today(),
            supervisor=arguments.supervisor,
            photos=tuple(_photos(device, arguments)),
        )
        done = destroying.destroy(device, arguments.request, carried_out, note=arguments.note)
        return output.outcome(done, output.phrase("destruction_done", request=arguments.request))
