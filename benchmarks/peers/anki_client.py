"""Anki's side, run by the Python Anki is installed in: ``anki_client.py FOLDER URL``, commands on standard input."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

# Of the interpreter this is run with; no dependency of ours.
ANKI = importlib.import_module("anki.collection")
NETWORK_ERROR: type[Exception] = importlib.import_module("anki.errors").NetworkError
_LOOK_AGAIN_S = 0.005


class Station:
    """A collection that is synced; opened anew for each sync, so that each has its own connection."""

    def __init__(self, folder: str, url: str) -> None:
        self.folder, self.url = Path(folder), url
        self.collection = self._open()
        self.auth = self.collection.sync_login("bench", "bench", url)

    def _open(self, name: str = "one") -> Any:
        return ANKI.Collection(str(self.folder / f"{name}.anki2"))

    def add(self, file: str) -> None:
        """Notes of an id and a content, one a line."""
        kind, deck = self.collection.models.by_name("Basic"), self.collection.decks.id("entries")
        wanted = []
        for line in Path(file).read_text("utf-8").splitlines():
            note = self.collection.new_note(kind)
            note["Front"], note["Back"] = json.loads(line)["id"], line
            wanted.append(ANKI.AddNoteRequest(note=note, deck_id=deck))
        self.collection.add_notes(wanted)

    def begin(self) -> None:
        """The first sync of a collection goes one way, whole."""
        note = self.collection.new_note(self.collection.models.by_name("Basic"))
        note["Front"] = "begin"
        self.collection.add_note(note, 1)
        self.collection.sync_collection(self.auth, False)
        self.collection.close_for_full_sync()
        self.collection.full_upload_or_download(auth=self.auth, server_usn=None, upload=True)
        self.collection.reopen(after_full_sync=True)

    def change(self) -> None:
        """One record gets another content of the same size."""
        number = self.collection.find_notes("deck:entries")[5]
        note = self.collection.get_note(number)
        note["Back"] = note["Back"].replace('"passed"', '"failed"', 1).replace('"farming"', '"release"', 1) + " "
        self.collection.update_note(note)

    def sync(self) -> dict[str, Any]:
        """One sync over a new connection; what the server required and said."""
        self.collection.close()
        self.collection = self._open()
        began = time.perf_counter()
        try:
            said = self.collection.sync_collection(self.auth, False)
        except NETWORK_ERROR as problem:
            return {"seconds": time.perf_counter() - began, "failed": str(problem)}
        failed = f"a whole upload is required ({said.required})" if said.required else ""
        return {"seconds": time.perf_counter() - began, "failed": failed}

    def attach(self, files: list[str]) -> None:
        """Pictures beside the records."""
        for file in files:
            shutil.copy(file, self.collection.media.dir())

    def sync_pictures(self) -> dict[str, Any]:
        """Upload what is new of them."""
        began = time.perf_counter()
        self.collection.sync_media(self.auth)
        # It runs in a thread of the library's own, which can only be asked whether it still does.
        while self.collection.media_sync_status().active:
            time.sleep(_LOOK_AGAIN_S)
        return {"seconds": time.perf_counter() - began}

    def copy(self) -> dict[str, Any]:
        """The collection's folder is copied to a second computer, and both write the same number."""
        self.collection.close()
        for path in self.folder.glob("one.*"):
            if path.is_file():
                shutil.copy(path, path.with_name(path.name.replace("one.", "two.", 1)))
        said: list[str] = []
        held: list[str] = []
        for name in ("one", "two", "one"):
            collection = self._open(name)
            if len(said) < 2:
                note = collection.new_note(collection.models.by_name("Basic"))
                note["Front"], note["Back"] = "B 9900000001", name
                collection.add_note(note, 1)
            answer = collection.sync_collection(self.auth, False)
            said.append(f"required {answer.required}, message {answer.server_message!r}")
            held = [collection.get_note(number)["Back"] for number in collection.find_notes('"B 9900000001"')]
            collection.close()
        self.collection = self._open()
        return {"said": said, "held": sorted(held)}


def main(folder: str, url: str) -> None:
    """Do what standard input says until it ends."""
    station = Station(folder, url)
    for line in sys.stdin:
        wanted = json.loads(line)
        answer = getattr(station, wanted.pop("do"))(**wanted)
        sys.stdout.write(json.dumps(answer or {}) + "\n")
        sys.stdout.flush()
    station.collection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
