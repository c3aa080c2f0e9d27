"""The one place where the province draws unpredictable bytes from the operating system."""

from __future__ import annotations

import os


class SystemRandom:
    """`inspector_app.ports.Random` from the operating system."""

    def bytes(self, count: int) -> bytes:
        """``count`` unpredictable bytes."""
        return os.urandom(count)
