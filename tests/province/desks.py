"""Somebody at the provincial desk: an account that acts as a person, and what a page answered."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from province.desk import accounts
from tests.province.fixtures import Province
from tests.province.institutions import COUNTY_HEAD, COUNTY_KEEPER, PROVINCE_KEEPER

PASSPHRASE = "luyu chitang qingchen 7"


def open_account(site: Province, name: str, person: int = 0) -> None:
    """An administrator's account; with a person it acts as that roster number."""
    User.objects.db_manager(site.using).create_superuser(name, password=PASSPHRASE)
    if person:
        accounts.bind(site.using, name, person)


class Desk:
    """A browser without scripts, signed in."""

    def __init__(self, site: Province, person: int = PROVINCE_KEEPER, name: str = "") -> None:
        self.name = name or f"person{person}"
        open_account(site, self.name, person)
        self.client = Client()
        self.client.force_login(User.objects.using(site.using).get(username=self.name))

    def get(self, path: str, status: int = 200) -> str:
        """A page's text."""
        answer = self.client.get(f"/desk/{path}")
        assert answer.status_code == status, (path, answer.status_code)
        return html.unescape(answer.content.decode())

    def post(self, path: str, **typed: str | SimpleUploadedFile) -> str:
        """What a form answers, followed to the page it leads to."""
        return self._posted(path, typed, 200)

    def refused(self, path: str, **typed: str) -> str:
        """What an act of one press answers when it is not done."""
        return self._posted(path, typed, 409)

    def _posted(self, path: str, typed: Mapping[str, str | SimpleUploadedFile], status: int) -> str:
        answer = self.client.post(f"/desk/{path}", typed, follow=True)
        assert answer.status_code == status, (path, answer.status_code)
        return html.unescape(answer.content.decode())


def county(site: Province) -> Desk:
    """The county's keeper."""
    return Desk(site, COUNTY_KEEPER)


def county_head(site: Province) -> Desk:
    """The county's head."""
    return Desk(site, COUNTY_HEAD)


def error_at(page: str, field: str) -> str:
    """What a page says beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', page)
    return found[1] if found else ""


def problems(page: str) -> list[str]:
    """What a page says above a form."""
    return re.findall(r'class="problem"[^>]*>(.*?)</p>', page)
