"""How far the attachments of this computer are with the province, in words."""

from __future__ import annotations

from ui.texts import text

MEGABYTE = 1024 * 1024


def unsent_words(count: int, size: int) -> str:
    """How many attachments wait to be sent, and how large they are together."""
    return text("sync.unsent", n=count, size=size_words(size)) if count else text("sync.none_unsent")


def size_words(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{-(-size // 1024)} KB"
