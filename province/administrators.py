"""Who may enter the pages of the administrator (``/admin/``): accounts of Django, made and stopped by command."""

from __future__ import annotations

import getpass
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from inspector_app.errors import StationError


def admit(using: str, name: str, passphrase: str) -> bool:
    """Make an administrator, or give one a new passphrase; False for one who was there already.

    StationError ``province.passphrase_weak`` by the rules of the settings.
    """
    user = User.objects.using(using).filter(username=name).first()
    try:
        validate_password(passphrase, user or User(username=name))
    except ValidationError as problem:
        raise StationError("province.passphrase_weak", why=" ".join(problem.messages)) from problem
    if user is None:
        User.objects.db_manager(using).create_superuser(name, password=passphrase)
        return True
    user.set_password(passphrase)
    user.is_active = user.is_staff = user.is_superuser = True
    user.save(using=using)
    return False


def shut_out(using: str, name: str) -> None:
    """Let an administrator in no more; what the account did stays on record. StationError for an unknown name."""
    if not User.objects.using(using).filter(username=name).update(is_active=False):
        raise StationError("province.administrator_unknown", name=name)


def passphrase_from(file: Path | None) -> str:
    """The passphrase in a file, or typed twice; never an argument, which other users of the machine can read."""
    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\r\n")
        except OSError as problem:
            raise StationError("file_unreadable", name=file.name) from problem
    typed = getpass.getpass()
    if typed != getpass.getpass():
        raise StationError("province.passphrase_differs")
    return typed
