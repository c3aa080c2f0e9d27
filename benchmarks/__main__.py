"""``python -m benchmarks NAME [--json] …``: run one measurement; without a name, list them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

NOT_MEASUREMENTS = {"__main__", "peers", "proxy", "setting", "station"}


def names() -> list[str]:
    """The measurements there are."""
    found = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])}
    return sorted(found - NOT_MEASUREMENTS)


def main(arguments: list[str]) -> int:
    """Exit code of the measurement; 2 when there is none of that name."""
    if not arguments or arguments[0] not in names():
        print("usage: python -m benchmarks NAME [--json]\nmeasurements:", ", ".join(names()))
        return 0 if arguments[:1] in ([], ["--help"], ["-h"]) else 2
    module = importlib.import_module(f"benchmarks.{arguments[0]}")
    result: int = module.main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
