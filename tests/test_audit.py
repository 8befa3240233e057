"""The audit: whoever alters, removes or reorders its rows behind the box's back is found out, and the first row is named."""

import json
import shutil
import sqlite3
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

from box import Box, BoxTestCase


class WhatIsWritten(BoxTestCase):
    def test_calls_and_refusals_are_in_it_and_secrets_are_not(self):
        self.owner.call("grants.create", principal="app:notes", operations=["files.list"])
        with self.assertRaises(Exception):
            self.owner.call("grants.revoke", id="there-is-none")
        entries = self.owner.call("audit.list")["entries"]
        seen = {(entry["operation"], entry["outcome"]) for entry in entries}
        self.assertLessEqual({("identity.setup", "ok"), ("grants.create", "ok"), ("grants.revoke", "not_found")}, seen)
        created = next(entry for entry in entries if entry["operation"] == "grants.create")
        self.assertEqual(created["person"], self.owner.person["id"])
        self.assertEqual(created["effect"], "admin")
        self.assertEqual(created["address"], "127.0.0.1")
        self.box.stop()
        database = (self.box.home / "system.db").read_bytes()
        self.assertNotIn(b"a calm evening", database)

    def test_it_is_whole_after_a_kill(self):
        for _ in range(5):
            self.owner.call("grants.create", principal="app:notes", operations=["files.list"])
        self.box.kill9()
        self.box.start()
        verdict = json.loads(self.box.cli("audit", "verify", "--json").stdout)
        self.assertTrue(verdict["ok"], verdict)
        created = [e for e in self.owner.call("audit.list", operation="grants.create")["entries"] if e["outcome"] == "ok"]
        self.assertEqual(len(created), 5)


class Tampering(unittest.TestCase):
    """One stopped home with a full audit; each test alters a copy of it and asks `hearth audit verify`."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="hearth-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.whole = cls.folder / "whole"
        with Box(cls.whole) as box:
            owner = box.claim()
            owner.call("files.write", path="/a.txt", text="a")
            for number in range(12):
                owner.call("grants.create", principal=f"app:a{number}", operations=["files.list"])
            box.stop()
        with closing(sqlite3.connect(cls.whole / "system.db")) as database:
            cls.last = database.execute("SELECT max(seq) FROM audit").fetchone()[0]
        assert cls.last >= 13, cls.last

    def verdict(self, *statements: str) -> tuple[dict, int]:
        home = self.folder / self.id().rsplit(".", 1)[-1]
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.whole, home, ignore=shutil.ignore_patterns("*.sock", "lock"))
        with closing(sqlite3.connect(home / "system.db")) as database, database:
            for statement in statements:
                self.assertGreater(database.execute(statement).rowcount, 0, statement)
        with Box(home) as box:
            shown = box.cli("audit", "verify", "--json")
            return json.loads(shown.stdout), shown.returncode

    def assertFirstBad(self, seq: int, problem: str, *statements: str) -> None:
        verdict, status = self.verdict(*statements)
        self.assertFalse(verdict["ok"])
        self.assertEqual((verdict["first_bad"], verdict["problem"]), (seq, problem), verdict["message"])
        self.assertIn(str(seq), verdict["message"])
        self.assertEqual(status, 1, "a broken chain must show in the exit status")

    def test_an_untouched_one_is_whole(self):
        verdict, status = self.verdict("UPDATE audit SET outcome = outcome")
        self.assertTrue(verdict["ok"], verdict)
        self.assertGreaterEqual(verdict["entries"], self.last)
        self.assertEqual(status, 0)

    def test_each_altered_column_is_noticed(self):
        for column, value in [("outcome", "'forbidden'"), ("principal", "'person:x'"), ("person", "'x'"), ("time", "time + 1"),
                              ("operation", "'files.list'"), ("effect", "'read'"), ("resource", "'files:/x'"),
                              ("address", "'10.0.0.1'"), ("hash", "zeroblob(32)")]:
            with self.subTest(column=column):
                self.assertFirstBad(5, "altered", f"UPDATE audit SET {column} = {value} WHERE seq = 5")

    def test_the_first_of_several_is_named(self):
        self.assertFirstBad(3, "altered", "UPDATE audit SET outcome = 'x' WHERE seq IN (9, 3, 6)")

    def test_a_removed_row_is_noticed(self):
        self.assertFirstBad(6, "removed", "DELETE FROM audit WHERE seq = 6")

    def test_a_removed_row_whose_gap_was_closed_is_noticed(self):
        self.assertFirstBad(6, "altered", "DELETE FROM audit WHERE seq = 6", "UPDATE audit SET seq = -(seq - 1) WHERE seq > 6",
                            "UPDATE audit SET seq = -seq WHERE seq < 0")

    def test_the_first_row_removed_is_noticed(self):
        self.assertFirstBad(1, "removed", "DELETE FROM audit WHERE seq = 1")

    def test_a_cut_end_is_noticed(self):
        self.assertFirstBad(self.last - 2, "removed", f"DELETE FROM audit WHERE seq > {self.last - 3}")

    def test_one_that_was_removed_with_its_head_is_noticed_again_and_again(self):
        self.assertFirstBad(1, "removed", "DELETE FROM audit", "DELETE FROM audit_head")
        with Box(self.folder / self.id().rsplit(".", 1)[-1]) as box:
            box.cli("files", "list")
            shown = box.cli("audit", "verify", environment={"LC_ALL": "zh_CN.UTF-8"})
            self.assertEqual(shown.returncode, 1)
            self.assertRegex(shown.stdout, "第 1 条.*被删除")  # one entry or all, by what was called before

    def test_reordered_rows_are_noticed(self):
        self.assertFirstBad(4, "altered", "UPDATE audit SET seq = -4 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 7",
                            "UPDATE audit SET seq = 7 WHERE seq = -4")

    def test_an_earlier_state_put_back_is_noticed_again_and_again(self):
        home = self.folder / "earlier"
        shutil.copytree(self.whole, home, ignore=shutil.ignore_patterns("*.sock", "lock"))
        earlier = self.folder / "earlier.db"
        shutil.copy(home / "system.db", earlier)
        with Box(home) as box:
            for number in range(5):
                box.cli("grants", "create", "--principal", f"app:b{number}", "--operations", "files.list")
            box.stop()
        for leftover in home.glob("system.db*"):
            leftover.unlink()
        shutil.copy(earlier, home / "system.db")
        for _ in range(2):
            with Box(home) as box:
                for number in range(8):
                    box.cli("grants", "create", "--principal", f"app:c{number}", "--operations", "files.list")
                shown = box.cli("audit", "verify", "--json")
                verdict = json.loads(shown.stdout)
                self.assertEqual((verdict["ok"], verdict["first_bad"], verdict["problem"], shown.returncode), (False, self.last + 1, "removed", 1), verdict)
                box.stop()

    def test_an_inserted_row_is_noticed(self):
        forged = self.last + 1
        self.assertFirstBad(forged, "altered", "INSERT INTO audit SELECT seq + 1, time, principal, person, operation, effect, resource,"
                            f" 'ok', address, hash FROM audit WHERE seq = {self.last}")


class Keys(BoxTestCase):
    """What a key sealed cannot be opened with a new one."""

    def test_a_missing_key_is_missed(self):
        self.box.stop()
        for name in ("audit", "identity", "memory"):
            with self.subTest(key=name):
                key = self.box.home / "keys" / name
                kept = key.read_bytes()
                key.unlink()
                process = self.box.launch()
                output, _ = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1, output)
                self.assertIn(f"keys/{name} is missing", output)
                self.assertFalse(key.exists())
                key.write_bytes(kept[:20])
                self.assertIn(f"keys/{name} is damaged", self.box.launch().communicate(timeout=60)[0])
                key.write_bytes(kept)
        self.box.start()


class Lost(BoxTestCase):
    """Who holds the folder but not its backup is not made the owner of what is in it."""

    def refused(self) -> str:
        process = self.box.launch()
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, output)
        self.assertNotIn("Setup code", output)
        return output

    def test_a_home_with_peoples_data_does_not_start_anew_without_its_database(self):
        self.owner.call("files.write", path="/a.txt", text="a")
        self.box.stop()
        with closing(sqlite3.connect(self.box.home / "system.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = (self.box.home / "system.db").read_bytes()
        with closing(sqlite3.connect(self.box.home / "system.db")) as database, database:
            for table in ("identity_people", "identity_claim"):
                database.execute(f"DELETE FROM {table}")
        self.assertIn("Put a backup", self.refused())
        (self.box.home / "system.db").write_bytes(b"")
        self.assertIn("Put a backup", self.refused())
        (self.box.home / "system.db").unlink()
        self.assertIn("Put a backup", self.refused())
        self.assertFalse((self.box.home / "system.db").exists())
        (self.box.home / "system.db").write_bytes(kept)
        self.box.start()
        self.assertEqual(self.owner.call("files.read", path="/a.txt")["text"], "a")


if __name__ == "__main__":
    unittest.main()
