"""The ledgers in the admin: to be read and searched, never changed (UX 6.2 M16, M10)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from province.journal import views
from province.journal.models import AsideEntry, Attachment, Deferred, FeedDocument, Incident, Journal, StoredEntry
from province.public.login import GuardedLogin
from province.texts import moment_shown

admin.site.site_header = admin.site.site_title = "水产苗种产地检疫 · 省级平台"
admin.site.index_title = "管理"
admin.site.login_form = GuardedLogin


class ReadOnly(admin.ModelAdmin):
    """No adding, no changing, no deleting: the database would refuse it anyway."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


def moment(column: str, label: str) -> Any:
    """A column of UTC milliseconds shown as a moment at UTC+8; what a device claims may be on no calendar."""

    @admin.display(description=label, ordering=column)
    def shown(_admin: ReadOnly, row: Any) -> str:
        value = getattr(row, column)
        return moment_shown(value) if value else ""

    return shown


@admin.register(Journal)
class JournalAdmin(ReadOnly):
    """Where each device's journal stands."""

    list_display = ("device", "station", "seq", "judged", "state", "program", "contact")
    list_filter = ("state", "station")
    search_fields = ("device",)
    exclude = ("hash", "head_sig")
    contact = moment("contacted_at", "最近同步")


@admin.register(StoredEntry)
class EntryAdmin(ReadOnly):
    """Entries by kind and time; personal parts are not shown here."""

    list_display = ("device", "seq", "kind", "actor", "happened", "received")
    list_filter = ("kind",)
    search_fields = ("device", "kind")
    fields = ("device", "seq", "kind", "actor", "happened", "received", "text")
    show_full_result_count = False
    happened = moment("at", "时间")
    received = moment("received_at", "收到")

    @admin.display(description="内容（不含个人信息）")
    def text(self, row: StoredEntry) -> str:
        """The public bytes as written."""
        return bytes(row.public).decode("utf-8", "replace")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly):
    """Photographs and scans: what has come, what is on its way; those that are whole can be looked at."""

    list_display = ("short", "device", "size", "held", "whole", "begun", "arrived")
    list_filter = ("whole",)
    search_fields = ("name", "device")
    fields = ("name", "device", "size", "held", "whole", "begun", "arrived", "content")
    begun = moment("begun_at", "开始")
    arrived = moment("arrived_at", "收齐")

    def get_urls(self) -> list[URLPattern]:
        """One more: the bytes themselves."""
        show = path("<str:name>/content/", self.admin_site.admin_view(self.show), name="attachment-content")
        return [show, *super().get_urls()]

    def show(self, request: HttpRequest, name: str) -> HttpResponse:
        """A photograph that is here whole, for whoever may see the list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return views.attachment(name)

    @admin.display(description="SHA-256", ordering="name")
    def short(self, row: Attachment) -> str:
        """The beginning of its name."""
        return row.name[:16]

    @admin.display(description="内容")
    def content(self, row: Attachment) -> str:
        """The way to it, once it is whole."""
        if not row.whole:
            return "—"
        return format_html('<a href="{}">查看</a>', reverse("admin:attachment-content", args=[row.name]))


@admin.register(AsideEntry)
class AsideAdmin(ReadOnly):
    """What forked and fenced devices sent."""

    list_display = ("device", "seq", "cause", "received")
    list_filter = ("cause",)
    fields = ("device", "seq", "cause", "received")
    received = moment("received_at", "收到")


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    """What a person has to look at."""

    list_display = ("kind", "device", "seq", "happened")
    list_filter = ("kind",)
    fields = ("kind", "device", "seq", "happened")
    happened = moment("at", "时间")


@admin.register(Deferred)
class DeferredAdmin(ReadOnly):
    """Entries that wait for a sister device's."""

    list_display = ("device", "seq", "waits_for", "happened")
    happened = moment("since", "起始")


@admin.register(FeedDocument)
class FeedAdmin(ReadOnly):
    """What the province has told, and to whom."""

    list_display = ("cursor", "kind", "station", "device", "entry_device", "entry_seq", "happened")
    list_filter = ("kind", "station")
    fields = ("cursor", "epoch", "kind", "station", "device", "held_back", "entry_device", "entry_seq", "happened")
    show_full_result_count = False
    happened = moment("at", "时间")
