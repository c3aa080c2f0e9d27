"""Samples, laboratory reports and treatment notices of one batch: the forms beside the inspection list (S07, S08)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.services import drafts, noticing, sampling
from inspector_app.services.device import Device
from inspector_app.services.sampling import DiseaseOutcome
from ui import explain
from ui.desk import Desk
from ui.forms.counts import typed_count
from ui.forms.form import Form
from ui.forms.form_pane import FormPane, Question
from ui.models.inspections import BatchDetail, SampleLine
from ui.models.naming import Naming
from ui.places import Place
from ui.texts import text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option

SAMPLE, SENDING, RESULT, NOTICE = "sample", "sending", "result", "notice"


class SamplePane(FormPane):
    """Take a sample; the label's code is made by the program."""

    def __init__(self, desk: Desk) -> None:
        self.individuals = CodeLine()
        self.preservation = DropDown()
        self.diseases = CheckList(2)
        form = Form()
        form.add_section(
            [
                Field("individuals", self.individuals, required=True),
                Field("preservation", self.preservation, required=True),
                Field("diseases", self.diseases, required=True, span=2),
                Field("note", Note(2), span=2),
                Field("attachments", AttachmentEdit(desk), span=2),
            ]
        )
        super().__init__(desk, form, draft_of=SAMPLE)
        self._detail: BatchDetail | None = None
        self.begin()

    def start(self, detail: BatchDetail, kept: drafts.Kept | None = None) -> None:
        """A sample of this batch, tested for what the certificate needs."""
        self._detail = detail
        naming = Naming(self.desk.device)
        hosts = self.desk.device.catalogue.diseases_for(int(detail.line.row["species"] or 0), self.desk.today())
        self.diseases.offer([Option(host.disease, naming.disease(host.disease)) for host in hosts])
        for box in self.diseases.boxes:
            self.form.watch(box)
        self._set_texts()
        self.form.fill({"individuals": "150", "preservation": "live", "diseases": detail.missing, "note": ""})
        self.form.fill({"attachments": []})
        self.begin_draft(kept, detail.line.inspection)
        self.form.go_to("individuals")

    def deed(self) -> Callable[[Device], str | Refused]:
        """Record it."""
        assert self._detail is not None
        values, inspection = self.form.values(), self._detail.line.inspection
        form = sampling.SampleForm(
            inspection=inspection,
            individuals=typed_count(str(values["individuals"]), 0),
            preservation=str(values["preservation"] or ""),
            diseases=values["diseases"],
            note=values["note"],
            attachments=values["attachments"],
        )
        return lambda device: sampling.take_sample(device, form)

    def _set_texts(self) -> None:
        line = self._detail.line if self._detail else None
        self.title(text("inspection.sample_title"), f"{line.owner} · {line.batch}" if line else "")
        self.preservation.offer(Naming(self.desk.device).reasons("preservation", self.desk.today()))
        self.act_button.say(text("inspection.record_sample"), "Ctrl+Enter")
        self.later_button.say(text("form.later"))


class SendPane(FormPane):
    """A sample leaves for a laboratory."""

    def __init__(self, desk: Desk) -> None:
        self.laboratory = DropDown()
        self.sent_on = DayEdit(desk.today)
        form = Form()
        form.add_section(
            [Field("laboratory", self.laboratory, required=True), Field("sent_on", self.sent_on, required=True)]
        )
        super().__init__(desk, form, draft_of=SENDING)
        self._sample: SampleLine | None = None
        self.begin()

    def start(self, sample: SampleLine, kept: drafts.Kept | None = None) -> None:
        """Send this one."""
        self._sample = sample
        self.form.fill({"laboratory": None, "sent_on": self.desk.today()})
        self.begin_draft(kept, sample.ref)
        self._set_texts()
        self.form.go_to("laboratory")

    def deed(self) -> Callable[[Device], str | Refused]:
        """Record it."""
        assert self._sample is not None
        values, ref = self.form.values(), self._sample.ref
        laboratory, sent_on = int(values["laboratory"] or 0), str(values["sent_on"])
        missing = _missing({"laboratory": laboratory, "sent_on": sent_on})
        if missing:
            return lambda _device: Refused(tuple(missing))
        return lambda device: sampling.send_sample(device, ref, laboratory=laboratory, sent_on=sent_on)

    def _set_texts(self) -> None:
        self.title(text("inspection.send_title"), self._sample.code if self._sample else "")
        self.laboratory.offer(Naming(self.desk.device).laboratories())
        self.act_button.say(text("inspection.record_sent"), "Ctrl+Enter")
        self.later_button.say(text("form.later"))


class ResultPane(FormPane):
    """A laboratory's report, entered from paper."""

    def __init__(self, desk: Desk) -> None:
        self.outcomes: dict[str, Segments] = {}
        self.laboratory = DropDown()
        form = Form()
        form.add_section(
            [
                Field("report_no", CodeLine(), required=True),
                Field("reported_on", DayEdit(desk.today), required=True),
                Field("laboratory", self.laboratory, required=True),
            ]
        )
        super().__init__(desk, form, draft_of=RESULT)
        self._host = QVBoxLayout()
        form.add_layout(self._host)
        self.photo = Field("attachments", AttachmentEdit(desk), words=lambda: text("attachments.report"))
        form.add_widget(self.photo)
        form.adopt(self.photo)
        self._sample: SampleLine | None = None
        self.begin()

    def start(self, sample: SampleLine, kept: drafts.Kept | None = None) -> None:
        """The report on this sample: one answer per disease."""
        self._sample = sample
        self._ask(sample.diseases)
        sent_to = sample.laboratory or None
        begun: dict[str, Any] = {
            "report_no": "",
            "reported_on": self.desk.today(),
            "laboratory": sent_to,
            "attachments": [],
        }
        self.form.fill(begun)
        self.begin_draft(kept, sample.ref)
        self._set_texts()
        self.form.go_to("report_no")

    def _ask(self, diseases: Sequence[str]) -> None:
        for name in [name for name in self.form.fields if name.startswith("outcome.")]:
            field = self.form.fields.pop(name)
            self._host.removeWidget(field)
            field.deleteLater()
        self.outcomes = {}
        naming = Naming(self.desk.device)
        for disease in diseases:
            answers = Segments()
            self.outcomes[disease] = answers
            field = Field(f"outcome.{disease}", answers, required=True, words=partial(naming.disease, disease))
            self._host.addWidget(field)
            self.form.adopt(field)
        self.form.fields["attachments"] = self.form.fields.pop("attachments")  # it stands last, so Enter comes last
        self._offer()

    def _offer(self) -> None:
        options = [Option(code, explain.label("state", code)) for code in sampling.OUTCOMES]
        for answers in self.outcomes.values():
            answers.offer(options)
            for button in answers.buttons:
                self.form.watch(button)

    def deed(self) -> Callable[[Device], str | Refused]:
        """Record it."""
        assert self._sample is not None
        values, sample = self.form.values(), self._sample.ref
        answered = {disease: str(answers.value() or "") for disease, answers in self.outcomes.items()}
        needed = {f"outcome.{disease}": answer for disease, answer in answered.items()}
        laboratory, reported_on = int(values["laboratory"] or 0), str(values["reported_on"])
        missing = _missing(
            {"report_no": values["report_no"], "laboratory": laboratory, "reported_on": reported_on, **needed}
        )
        form = sampling.ResultForm(
            sample=sample,
            laboratory=laboratory,
            report_no=values["report_no"],
            reported_on=reported_on,
            outcomes=[DiseaseOutcome(disease, answer) for disease, answer in answered.items()],
            attachments=values["attachments"],
        )
        if missing:
            return lambda _device: Refused(tuple(missing))
        return lambda device: sampling.receive_result(device, form)

    def _set_texts(self) -> None:
        self.title(text("inspection.result_title"), self._sample.code if self._sample else "")
        self.laboratory.offer(Naming(self.desk.device).laboratories())
        self.act_button.say(text("inspection.record_result"), "Ctrl+Enter")
        self.later_button.say(text("form.later"))
        self._offer()


class NoticePane(FormPane):
    """The treatment notice for a batch that failed: legal basis and what is to be done with the animals."""

    def __init__(self, desk: Desk) -> None:
        self.basis = CheckList(1)
        self.failures = CheckList(1)
        self.method = Segments(upright=True)
        form = Form()
        form.add_section(
            [
                Field("failures", self.failures, span=2, words=lambda: text("inspection.failures")),
                Field("basis", self.basis, required=True, span=2, words=lambda: text("inspection.basis")),
                Field("method", self.method, required=True, span=2, words=lambda: text("inspection.method")),
                Field("remarks", Note(2), span=2),
            ]
        )
        super().__init__(desk, form, draft_of=NOTICE)
        self._detail: BatchDetail | None = None
        self.begin()

    def start(self, detail: BatchDetail, kept: drafts.Kept | None = None) -> None:
        """A notice for this batch."""
        self._detail = detail
        self.form.fill({"basis": [], "failures": [], "remarks": ""})
        self.method.set_value(None)
        self._set_texts()  # offers the answers a draft may have chosen
        self.begin_draft(kept, detail.line.inspection)
        self.form.go_to("failures")

    def _draft(self) -> noticing.NoticeDraft | None:
        if self._detail is None:
            return None
        values = self.form.values()
        return noticing.NoticeDraft(
            inspection=self._detail.line.inspection,
            basis=values["basis"],
            method=str(values["method"] or ""),
            failures=values["failures"],
            remarks=values["remarks"],
        )

    def check(self) -> Question | None:
        """What stands against the notice."""
        draft = self._draft()
        return None if draft is None else lambda device: noticing.notice_refusals(device, draft)

    def deed(self) -> Callable[[Device], Any]:
        """Issue it."""
        draft = self._draft()
        assert draft is not None
        return lambda device: noticing.issue_notice(device, draft)

    def recorded(self, result: Any) -> None:
        """It has a number now; on to the printer."""
        super().recorded(result)
        self.desk.say(text("inspection.notice_done", number=result.number))
        self.desk.go(Place.PRINTS, result.number)

    def _set_texts(self) -> None:
        line = self._detail.line if self._detail else None
        self.title(text("inspection.notice_title"), f"{line.owner} · {line.batch}" if line else "")
        naming, on = Naming(self.desk.device), self.desk.today()
        self.basis.offer(naming.reasons("basis", on))
        self.failures.offer(naming.reasons("failure", on))
        self.method.offer(naming.reasons("treatment", on))
        for part in (*self.basis.boxes, *self.failures.boxes, *self.method.buttons):
            self.form.watch(part)
        self.act_button.say(text("inspection.issue_notice"), "Ctrl+Enter")
        self.later_button.say(text("form.later"))


def _missing(values: dict[str, Any]) -> list[Refusal]:
    return [Refusal(code=RefusalCode.FIELD_MISSING, field=name) for name, value in values.items() if not value]
