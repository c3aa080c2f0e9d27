"""The registers in the admin.

Laboratories and producers are kept here. Stations, people, grants and devices are changed by signed documents only
(``province station``, ``grant``, …), where the authority key lies; here they are read.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from province.journal.admin import ReadOnly, moment
from province.registry.models import (
    Device,
    EnrolmentCode,
    GivenLease,
    Laboratory,
    Person,
    PersonSigningKey,
    ProductionUnit,
    PublishedGrant,
    Station,
    TrustRelease,
)


class Kept(admin.ModelAdmin):
    """Registers kept by hand: an end date instead of deleting."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what was in force stays readable."""
        return False


@admin.register(Laboratory)
class LaboratoryAdmin(Kept):
    """Laboratories whose reports count."""

    list_display = ("number", "name", "accreditation", "valid_until")
    search_fields = ("name",)


@admin.register(ProductionUnit)
class ProductionUnitAdmin(Kept):
    """Producers and their permits."""

    list_display = ("permit", "name", "area", "valid_until")
    search_fields = ("permit", "name")


@admin.register(Station)
class StationAdmin(ReadOnly):
    """Stations as published."""

    list_display = ("number", "name", "area", "phone", "agency", "ordinal")
    search_fields = ("name",)


@admin.register(Person)
class PersonAdmin(ReadOnly):
    """People."""

    list_display = ("number", "name", "name_en")
    search_fields = ("name", "name_en")


@admin.register(PublishedGrant)
class GrantAdmin(ReadOnly):
    """Grants as published."""

    list_display = ("person", "ordinal", "station", "posts", "kinds", "filings", "begins", "ends")
    list_filter = ("station",)
    begins, ends = moment("valid_from", "生效"), moment("valid_until", "截止")


@admin.register(PersonSigningKey)
class KeyAdmin(ReadOnly):
    """Signing keys of people, each on one device."""

    list_display = ("key_id", "person", "device", "begins", "ends", "compromised")
    exclude = ("key",)
    begins, ends = moment("valid_from", "生效"), moment("valid_until", "截止")
    compromised = moment("valid_before", "失密时间")


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    """Enrolled devices."""

    list_display = ("name", "device", "station", "state", "enrolled")
    list_filter = ("state", "station")
    exclude = ("key", "box_key")
    enrolled = moment("enrolled_at", "登记时间")


@admin.register(EnrolmentCode)
class CodeAdmin(ReadOnly):
    """One-time codes: their public part and what became of them."""

    list_display = ("code", "station", "made", "ends", "tries", "used_by")
    exclude = ("secret",)
    made, ends = moment("made_at", "生成时间"), moment("expires", "截止")


@admin.register(GivenLease)
class LeaseAdmin(ReadOnly):
    """Leases as given."""

    list_display = ("device", "granted", "ends")
    granted, ends = moment("granted_at", "给予"), moment("issue_until", "截止")


@admin.register(TrustRelease)
class TrustAdmin(ReadOnly):
    """Trust files as released."""

    list_display = ("seq", "epoch", "released")
    exclude = ("pack", "content_hash")
    released = moment("issued_at", "发布时间")
