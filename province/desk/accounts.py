"""Which person of the roster an account acts as, and a second person who signs in beside the first (当面复核)."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest

from inspector_app.errors import StationError
from province.databases import DEFAULT
from province.desk.models import RosterAccount
from province.public import tallies
from province.public.login import OF_ADDRESS, OF_NAME
from province.public.visitors import address_of
from province.registry.models import Person


def bind(using: str, name: str, person: int) -> None:
    """Let an account act as a person.

    StationError ``province.administrator_unknown`` or ``province.person_unknown``.
    """
    user = User.objects.using(using).filter(username=name).first()
    if user is None:
        raise StationError("province.administrator_unknown", name=name)
    if not Person.objects.using(using).filter(number=person).exists():
        raise StationError("province.person_unknown", person=person)
    RosterAccount.objects.using(using).update_or_create(account=user, defaults={"person": person})


def person_of(using: str, user: AbstractBaseUser | AnonymousUser) -> int:
    """The roster number an account acts under; 0 for one that acts as nobody."""
    held = RosterAccount.objects.using(using).filter(account_id=user.pk).values_list("person", flat=True).first()
    return held or 0


def second_person(request: HttpRequest, name: str, passphrase: str) -> int:
    """The roster number of somebody who signs in beside the first; 0 where name and passphrase open no account.

    Who guesses is made to wait as at the sign-in itself.
    """
    address = address_of(request)
    doors = (("login", f"{name.casefold()} {address}", OF_NAME), ("login from", address, OF_ADDRESS))
    if any(tallies.is_reached(DEFAULT, *door) for door in doors):
        return 0
    user = authenticate(request, username=name, password=passphrase)
    if user is None or not getattr(user, "is_staff", False):
        for door in doors:
            tallies.is_beyond(DEFAULT, *door)
        return 0
    tallies.forget(DEFAULT, *doors[0][:2])
    return person_of(DEFAULT, user)
