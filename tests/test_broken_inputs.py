"""Broken inputs of every format (tests/broken/make.py): what can be read is, the rest is reported, and the import goes on, in little memory."""

import contextlib
import os
import sqlite3
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from box import BoxTestCase, wait_until
from broken import make

MOST_MEMORY = 200 << 20


class Memory:
    """The most resident memory that hearthd and each hearth-extract reached, looked up while they live."""

    def __init__(self, hearthd: int):
        self.hearthd, self.most, self.ended = hearthd, {"hearthd": 0, "hearth-extract": 0}, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.ended.set()
        self.thread.join()

    def watch(self) -> None:
        while True:
            last = self.ended.is_set()
            self.look(self.hearthd, "hearthd")
            for child in self.children():
                self.look(child, "hearth-extract")
            if last:
                return
            self.ended.wait(0.03)

    def children(self) -> list[int]:
        found = []
        for task in Path(f"/proc/{self.hearthd}/task").iterdir():
            try:
                found += [int(one) for one in (task / "children").read_text().split()]
            except OSError:
                pass  # ended
        return found

    def look(self, process: int, name: str) -> None:
        try:
            if Path(f"/proc/{process}/comm").read_text().strip() != name:
                return  # on its way from one program to the other
            line = next(one for one in Path(f"/proc/{process}/status").read_text().splitlines() if one.startswith("VmHWM"))
            self.most[name] = max(self.most[name], int(line.split()[1]) << 10)
        except (OSError, StopIteration):
            pass  # ended


class BrokenInputs(BoxTestCase):
    def read(self, path: Path, kind: str, seconds: float = 400) -> dict:
        with Memory(self.box.process.pid) as memory:
            started = self.owner.call("memory.import", kind=kind, path=str(path))

            def ended():
                found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == started["job"])
                return found if found["state"] in ("done", "failed", "cancelled") else None

            job = wait_until(ended, seconds, f"the import of {path}")
        self.assertEqual(job["state"], "done", job["error"])
        if "HEARTH_SANITIZED" not in os.environ:
            for program, most in memory.most.items():
                self.assertLess(most, MOST_MEMORY, f"{program} took {most >> 20} MB for {path}")
        return {**job["result"], "source": started["source"], "most": memory.most}

    def rows(self, sql: str, source: str) -> list[tuple]:
        path = next(self.box.home.rglob("memory.db"))
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(sql, (int(source),)).fetchall()

    def failures(self, source: str) -> dict[str, str]:
        """All of them: memory.sources lists the first."""
        return dict(self.rows("SELECT place, reason FROM failures WHERE source = ?", source))

    def places(self, source: str) -> list[str]:
        """Where items were found."""
        return [row[0] for row in self.rows("SELECT place FROM origins WHERE source = ?", source)]

    def assertFound(self, query: str) -> None:
        self.assertTrue(self.owner.call("memory.search", query=query)["results"], f"{query} is not found")

    def check(self, format: str) -> None:
        folder = self.box.home.parent / format.replace(" ", "-")
        folder.mkdir()
        sizes = make.write_format(folder, format)
        result = self.read(folder, make.good(format)[0])
        self.assertFound(make.word(format))
        failures, places = self.failures(result["source"]), self.places(result["source"])
        for place, reason in failures.items():
            self.assertTrue(reason.strip(), place)
        silent = []
        for path in sizes:
            told = any(place == path or place.startswith(path + "/#") for place in [*failures, *places])
            if not told:
                silent.append(path)
        self.assertFalse([path for path in silent if path.startswith("good/")], failures)
        # What is of no format at all any more is counted.
        self.assertLessEqual(len(silent), result["passed_over"] + sizes_of_none(sizes, silent), f"{silent}: neither read nor reported")
        if os.environ.get("HEARTH_TELL"):
            print(format, {key: value for key, value in result.items() if key != "source"}, "silent", silent, failures)

    def test_bombs(self):
        folder = self.box.home.parent / "bombs"
        names = make.write_bombs(folder)
        result = self.read(folder, "folder")
        self.assertFound("markerbomb")
        failures = self.failures(result["source"])
        if os.environ.get("HEARTH_TELL"):
            print(result, failures)
        hit = {place.split("/#")[0] for place in failures}
        self.assertLessEqual({"zip.zip", "overlapping.zip", "gigabyte.txt.gz", "bomb.tar.gz", "entities.docx"}, hit)
        self.assertLessEqual(hit, set(names))
        self.assertIn("zip.zip/#bomb.txt", failures)
        self.assertIn("entities", failures["entities.docx"])
        for secret in ("root", os.uname().nodename):
            self.assertEqual([one for one in self.owner.call("memory.search", query=f'"{secret}"')["results"] if one["title"].startswith("outside")], [])

    def test_lines_of_a_gigabyte(self):
        for kind in sorted({make.good(format)[0] for format in make.SEARCHED}):
            folder = self.box.home.parent / kind
            found = make.write_gigabytes(folder, kind)
            result = self.read(folder, kind)
            failures, places = self.failures(result["source"]), self.places(result["source"])
            if os.environ.get("HEARTH_TELL"):
                print(kind, result, failures)
            for format, path in found.items():
                told = any(place == path or place.startswith(path + "/#") for place in [*failures, *places])
                self.assertTrue(told, f"{format}: {path} is neither read nor reported: {failures}")

    def test_hostile_names(self):
        folder = self.box.home.parent / "names"
        readable = make.write_hostile_names(folder)
        result = self.read(folder, "folder")
        self.assertEqual((result["added"], result["failed"]), (readable, 0), self.failures(result["source"]))
        self.assertEqual(len(self.owner.call("memory.search", query="hostilename", limit=50)["results"]), readable)
        for place in self.places(result["source"]):
            self.assertNotIn("/../", "/" + place)
        self.assertEqual(self.read(folder, "folder")["added"], 0)


def sizes_of_none(sizes: dict[str, int], silent: list[str]) -> int:
    """Empty files hold nothing to read."""
    return sum(sizes[path] == 0 for path in silent)


def add_tests() -> None:
    for format in make.FORMATS:
        setattr(BrokenInputs, "test_" + format.replace(" ", "_"), lambda self, format=format: self.check(format))


add_tests()

if __name__ == "__main__":
    unittest.main()
