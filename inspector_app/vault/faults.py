"""Why the vault does not open: expected outcomes of a normal day, returned as values."""

from __future__ import annotations

import enum


class VaultFault(enum.StrEnum):
    """The order of definition is the order of precedence. Sentences are in ``resources/i18n``.

    A wrong passphrase, a slot moved from another person and a planted one look the same to AES-GCM, and that is all
    the person is told.
    """

    NEWER_VERSION = "vault_newer_version"
    DEVICE_SECRET_MISSING = "vault_device_secret_missing"  # noqa: S105 - a code, not a secret
    DEVICE_SECRET_FOREIGN = "vault_device_secret_foreign"  # noqa: S105
    DEVICE_SECRET_DAMAGED = "vault_device_secret_damaged"  # noqa: S105
    SLOT_FOREIGN = "vault_slot_foreign"
    SLOT_DAMAGED = "vault_slot_damaged"
    SLOT_MISSING = "vault_slot_missing"
    SLOT_WAITS = "vault_slot_waits"
    WRONG_PASSPHRASE = "vault_wrong_passphrase"  # noqa: S105
    WRONG_DATA_KEY = "vault_wrong_data_key"
    PERSON_EXISTS = "vault_person_exists"
    LAST_PERSON = "vault_last_person"
    ROTATION_OPEN = "vault_rotation_open"
