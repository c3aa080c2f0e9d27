"""One run of the demonstration for all tests that only look at what it left."""

from __future__ import annotations

import pytest

from tests.demo import running


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> running.Told:
    """The demonstration, run once without display, network and Qt."""
    out = tmp_path_factory.mktemp("demo") / "out"
    done = running.demo(out, tmp_path_factory.mktemp("alone"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    return running.Told(out, done.stdout)
