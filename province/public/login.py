"""Signing in to the admin: who guesses passwords is made to wait, by name and address together and by address alone.

Not by name alone: a stranger could then keep an administrator out.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from province.databases import DEFAULT
from province.public import tallies
from province.public.visitors import address_of
from province.texts import word

OF_NAME = tallies.Limit(most=5, minutes=15)
OF_ADDRESS = tallies.Limit(most=30, minutes=15)


class GuardedLogin(AdminAuthenticationForm):
    """The admin's login form, which stops looking at passwords after too many wrong ones."""

    def clean(self) -> dict[str, Any]:
        """Check name and password, unless there were too many wrong ones."""
        address = address_of(self.request) if self.request else ""
        name = str(self.cleaned_data.get("username") or "").casefold()
        doors = (("login", f"{name} {address}", OF_NAME), ("login from", address, OF_ADDRESS))
        if any(tallies.is_reached(DEFAULT, *door) for door in doors):
            raise forms.ValidationError(word("admin", "locked", "zh", minutes=OF_NAME.minutes), code="locked")
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            for door in doors:
                tallies.is_beyond(DEFAULT, *door)
            raise
        tallies.forget(DEFAULT, *doors[0][:2])
        return cleaned
