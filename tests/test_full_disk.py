"""A disk that is full: said clearly, nothing stored is lost, and work goes on once there is room."""

import contextlib
import os
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from box import Box, Failure, wait_until
from test_memory import write_mbox

SIZE = 48  # MiB


@unittest.skipUnless(os.geteuid() == 0, "needs root, to mount a small file system")
class FullDisk(unittest.TestCase):
    def setUp(self) -> None:
        self.small = Path(tempfile.mkdtemp(prefix="hearth-small-"))
        self.addCleanup(self.small.rmdir)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", self.small], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.small], check=True)
        self.outside = tempfile.TemporaryDirectory(prefix="hearth-test-")
        self.addCleanup(self.outside.cleanup)
        self.box = Box(self.small / "home")
        self.addCleanup(self.box.close)
        self.box.start()
        self.owner = self.box.claim()

    def fill(self, leave: int = 0) -> None:
        """Takes all room but `leave` bytes."""
        room = os.statvfs(self.small)
        filler = os.open(self.small / "filler", os.O_CREAT | os.O_WRONLY)
        os.posix_fallocate(filler, 0, room.f_bavail * room.f_frsize - leave)
        if leave == 0:
            try:
                while True:
                    os.write(filler, bytes(4096))
            except OSError:
                pass
        os.close(filler)

    def free(self) -> None:
        os.remove(self.small / "filler")

    def ended(self, job: str) -> dict:
        """The job once it has an outcome, stored or not."""
        return wait_until(lambda: (found := self.owner.call("jobs.get", id=job))["state"] in ("done", "failed", "cancelled") and found,
                          60, f"job {job}")

    def mailbox(self, name: str, count: int, length: int) -> Path:
        """Letters that tell themselves apart and do not compress away in an index."""
        path = Path(self.outside.name) / f"{name}.mbox"
        write_mbox(path, ((f"Letter {name}{i}", " ".join(f"{name}{(i * length + j) * 2654435761 % (1 << 32):08x}" for j in range(length)))
                          for i in range(count)))
        return path

    def read(self, path: Path) -> dict:
        job = self.ended(self.owner.call("memory.import", kind="mail", path=str(path))["job"])
        self.assertEqual(job["state"], "done", job["error"])
        return job["result"]

    def finds(self, word: str) -> bool:
        return bool(self.owner.call("memory.search", query=word)["results"])

    def test_an_import_stops_with_a_reason_and_goes_on_when_there_is_room(self):
        self.read(self.mailbox("first", 20, 20))
        large = self.mailbox("second", 4000, 150)
        self.fill(leave=6 << 20)
        job = self.owner.call("memory.import", kind="mail", path=str(large))["job"]
        ended = self.ended(job)
        self.assertEqual(ended["state"], "failed")
        self.assertRegex(ended["error"], r"disk is full\. Free some space")
        self.assertTrue(self.finds("first7"))  # what was there is there, and the box answers
        self.free()
        # How it ended is written down as soon as there is room, though there was none when it happened.
        wait_until(lambda: self.stored_state(job) == "failed", what="the job's end on the disk")
        result = self.read(large)
        self.assertEqual(result["failed"], 0)
        sources = {source["name"]: source["items"] for source in self.owner.call("memory.sources")["sources"]}
        self.assertEqual(sources, {"first.mbox": 20, "second.mbox": 4000})
        self.assertTrue(self.finds("second0") and self.finds("second3999"))
        self.box.kill9()
        self.box.start()
        self.assertTrue(self.finds("first7") and self.finds("second3999"))

    def stored_state(self, job: str) -> str:
        with contextlib.closing(sqlite3.connect(f"file:{self.box.home}/system.db?mode=ro", uri=True)) as database:
            return database.execute("SELECT state FROM jobs WHERE id = ?", (job,)).fetchone()[0]

    def test_what_cannot_be_written_down_is_refused_and_what_was_written_stays(self):
        kept = self.owner.call("grants.create", principal="app:notes", operations=["files.list"])["id"]
        self.fill()
        refused = None
        acknowledged = {kept}
        for _ in range(3000):  # the database's log has some room of its own at first
            try:
                acknowledged.add(self.owner.call("grants.create", principal="app:notes", operations=["files.read"])["id"])
            except Failure as failure:
                refused = failure
                break
        self.assertIsNotNone(refused, "the disk was never full")
        self.assertEqual((refused.status, refused.code), (507, "no_space"), refused.message)
        self.assertRegex(refused.message, "disk is full.*Free some space")
        grants = {grant["id"] for grant in self.owner.call("grants.list")["grants"]}
        self.assertLessEqual(acknowledged, grants)
        self.assertLessEqual(len(grants - acknowledged), 1)  # given, but its line in the audit found no room
        self.free()
        acknowledged.add(self.owner.call("grants.create", principal="app:notes", operations=["files.read"])["id"])
        self.box.kill9()
        self.box.start()
        self.assertEqual({grant["id"] for grant in self.owner.call("grants.list")["grants"]}, grants | acknowledged)
        verdict = self.owner.call("audit.verify")
        self.assertTrue(verdict["ok"], verdict["message"])

    def test_a_box_on_a_full_disk_starts_and_reads(self):
        self.owner.call("files.write", path="/kept.txt", text="still here")
        self.box.stop()
        self.fill(leave=64 << 10)
        self.box.start()
        self.assertEqual(self.owner.call("files.read", path="/kept.txt")["text"], "still here")
        self.assertEqual(self.owner.request("PUT", "/dav/more.txt", b"x" * 100_000).status, 507)
        self.free()
        self.assertEqual(self.owner.request("PUT", "/dav/more.txt", b"x" * 100_000).status, 201)


if __name__ == "__main__":
    unittest.main()
