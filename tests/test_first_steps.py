"""The first minutes with a box, and the first things that go wrong."""

import fcntl
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import unittest
from contextlib import closing
from pathlib import Path

from box import BIN, PASSWORD, Box, BoxTestCase, Client


class Claiming(BoxTestCase):
    claimed = False

    def test_the_code_on_the_console_makes_the_owner(self):
        self.assertFalse(self.box.anyone.call("identity.state")["claimed"])
        owner = self.box.claim()
        state = owner.call("identity.state")
        self.assertTrue(state["claimed"])
        self.assertEqual(state["person"]["name"], "mei")
        self.assertEqual(state["person"]["role"], "owner")
        self.assertNotIn("person", self.box.anyone.call("identity.state"))

    def test_nobody_claims_it_without_the_code(self):
        fields = {"name": "eve", "display_name": "Eve", "password": PASSWORD}
        for code in ("", "00000-00000", self.box.code()[:-1]):
            with self.assertRaises(Exception) as caught:
                self.box.anyone.call("identity.setup", fields, code=code)
            self.assertIn(caught.exception.status, (400, 401, 403, 429))
        self.assertFalse(self.box.anyone.call("identity.state")["claimed"])

    def test_it_is_claimed_once(self):
        code = self.box.code()
        self.box.claim()
        with self.assertRaises(Exception) as caught:
            self.box.anyone.call("identity.setup", code=code, name="eve", display_name="Eve", password=PASSWORD)
        self.assertIn(caught.exception.code, ("conflict", "already_exists", "forbidden"))
        self.box.restart()
        self.assertNotRegex(self.box.output(), code)

    def test_the_code_outlives_a_restart(self):
        code = self.box.code()
        self.box.restart()
        self.assertEqual(self.box.code(), code)
        self.box.claim()

    def test_a_weak_password_is_refused(self):
        self.assertFails("invalid_input", self.box.anyone.call, "identity.setup", code=self.box.code(), name="mei",
                         display_name="Mei", password="short")
        self.assertFalse(self.box.anyone.call("identity.state")["claimed"])

    def test_a_chinese_name(self):
        self.box.claim(name="小梅", language="zh-CN")
        self.assertEqual(self.box.sign_in("小梅").call("identity.state")["language"], "zh-CN")


class SigningIn(BoxTestCase):
    def test_a_session_lasts_over_a_restart_and_ends_with_sign_out(self):
        person = self.owner.call("identity.state")["person"]
        self.box.restart()
        self.assertEqual(self.owner.call("identity.state")["person"], person)
        cookies = dict(self.owner.cookies)
        self.owner.call("identity.sign_out")
        self.assertEqual(self.owner.cookies, {})
        stolen = Client(self.box)
        stolen.cookies = cookies
        self.assertNotIn("person", stolen.call("identity.state"))

    def test_a_wrong_password_and_a_wrong_name_fail_alike(self):
        wrong_password = self.assertFails("unauthenticated", self.box.sign_in, "mei", "not the password at all")
        wrong_name = self.assertFails("unauthenticated", self.box.sign_in, "nobody", PASSWORD)
        self.assertEqual(wrong_password.message, wrong_name.message)
        self.box.sign_in()

    def test_what_nobody_may_do_needs_a_sign_in(self):
        for operation in ("grants.list", "audit.list", "jobs.list", "system.state", "files.list"):
            self.assertEqual(self.assertFails("unauthenticated", self.box.anyone.call, operation).status, 401)

    def test_a_made_up_token_is_refused(self):
        self.assertFails("unauthenticated", Client(self.box, "made-up").call, "identity.state")

    def test_another_sites_page_cannot_use_the_cookie(self):
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
            answer = self.owner.request("POST", "/api/grants.list", "{}", headers)
            self.assertEqual(answer.status, 403, answer.body)


class WrongInput(BoxTestCase):
    def test_an_unknown_operation_is_named_with_its_neighbours(self):
        failure = self.assertFails("not_found", self.owner.call, "grants.lst")
        self.assertIn("grants.lst", failure.message)
        self.assertIn("grants.list", failure.message)
        self.assertEqual(failure.status, 404)

    def test_wrong_types_name_the_field(self):
        for operation, fields, named in [("jobs.list", {"limit": "ten"}, "limit"), ("jobs.list", {"limit": 0}, "limit"),
                                         ("jobs.list", {"limit": 1.5}, "limit"), ("jobs.get", {}, "id"),
                                         ("jobs.list", {"limits": 3}, "limits"), ("jobs.get", {"id": None}, "id"),
                                         ("approvals.decide", {"id": "x", "decision": "maybe"}, "decision"),
                                         ("grants.create", {"principal": "app:x", "operations": "files.*"}, "operations"),
                                         ("grants.create", {"principal": "app:x", "operations": ["a"], "until": "soon"}, "until")]:
            with self.subTest(operation=operation, fields=fields):
                failure = self.assertFails("invalid_input", self.owner.call, operation, fields)
                self.assertIn(named, failure.message)
                self.assertEqual(failure.status, 400)

    def test_broken_json_is_a_clear_error(self):
        for body in ("{", '{"limit": }', "[1,2", '{"a":1,"a":2}', "nul", '{"limit": 1} x', "\x00", "[" * 100_000, '"text"', "[]",
                     b'{"limit": "\xff\xfe"}'):
            with self.subTest(body=body[:20]):
                answer = self.owner.request("POST", "/api/jobs.list", body, {"Content-Type": "application/json"})
                self.assertEqual(answer.status, 400, answer.body)
                self.assertEqual(answer.json()["error"]["code"], "invalid_input")
        self.assertEqual(self.owner.call("jobs.list"), {"jobs": []})

    def test_another_method_says_what_to_send(self):
        answer = self.owner.request("GET", "/api/jobs.list")
        self.assertEqual(answer.status, 400)
        self.assertIn("POST", answer.json()["error"]["message"])

    def test_a_huge_input_is_too_large(self):
        answer = self.owner.request("POST", "/api/jobs.list", b'{"limit": "' + b"x" * (5 << 20) + b'"}',
                                    {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 413)
        self.assertEqual(self.owner.call("jobs.list"), {"jobs": []})


class CommandLine(BoxTestCase):
    def test_help_comes_from_the_definitions(self):
        rooms = self.box.cli("--help")
        self.assertEqual(rooms.returncode, 0, rooms.stderr)
        for room in ("audit", "grants", "identity", "system"):
            self.assertIn(room, rooms.stdout)
        verb = self.box.cli("grants", "create", "--help")
        self.assertIn("--principal", verb.stdout)
        self.assertIn("Calls a minute at most.", verb.stdout)
        chinese = self.box.cli("grants", "create", "--help", environment={"LC_ALL": "zh_CN.UTF-8"})
        self.assertIn("每分钟最多次数", chinese.stdout)

    def test_every_operation_has_a_command(self):
        for operation in self.box.anyone.call("kernel.operations")["operations"]:
            room, verb = operation["name"].split(".")
            shown = self.box.cli(room, verb.replace("_", "-"), "--help")
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertIn(operation["summary"], shown.stdout)
            for field in operation["input"]["properties"]:
                self.assertIn("--" + field.replace("_", "-"), shown.stdout)
            self.assertTrue(operation["summary_zh"], f"{operation['name']} has no Chinese summary")

    def test_json_is_the_operations_own_output(self):
        made = self.box.cli("grants", "create", "--principal", "app:notes", "--operations", "files.list", "--operations",
                            "files.read", "--uses", "3", "--json")
        self.assertEqual(made.returncode, 0, made.stderr)
        grant = json.loads(made.stdout)
        self.assertEqual(grant["operations"], ["files.list", "files.read"])
        self.assertEqual([g["id"] for g in self.owner.call("grants.list")["grants"]], [grant["id"]])
        self.assertIn("app:notes", self.box.cli("grants", "list").stdout)

    def test_mistakes_say_what_to_type_instead(self):
        for words, told in [(["nothing"], "no room"), (["grants", "nothing"], "hearth grants"),
                            (["grants", "revoke"], "--id is missing"), (["grants", "revoke", "--idd", "1"], "--id"),
                            (["jobs", "list", "--limit", "ten"], "--limit takes a whole number")]:
            with self.subTest(words=words):
                shown = self.box.cli(*words)
                self.assertEqual(shown.returncode, 2)
                self.assertIn(told, shown.stderr)

    def test_without_a_box_it_says_so(self):
        self.box.stop()
        shown = self.box.cli("jobs", "list")
        self.assertEqual(shown.returncode, 1)
        self.assertIn("No box is running", shown.stderr)
        self.assertIn("--home", shown.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become another user")
    def test_another_user_of_the_machine_is_nobody(self):
        socket_path = self.box.home / "hearth.sock"
        for folder in (self.box.home, self.box.home.parent):
            folder.chmod(0o755)
        socket_path.chmod(0o777)  # even if the file let them in, the box asks the kernel who they are
        nobody = pwd.getpwnam("nobody")
        shown = subprocess.run([str(BIN / "hearth"), "--home", str(self.box.home), "jobs", "list"], capture_output=True, text=True,
                               user=nobody.pw_uid, group=nobody.pw_gid, timeout=20) if reachable_by(nobody.pw_uid, BIN / "hearth") \
            else talk_as(nobody, socket_path)
        self.assertIn("Sign in first", shown.stdout + shown.stderr)


def reachable_by(uid: int, path: Path) -> bool:
    return subprocess.run(["test", "-x", str(path)], user=uid, cwd="/").returncode == 0


def talk_as(user: pwd.struct_passwd, path: Path) -> subprocess.CompletedProcess:
    """Where the build lies in a folder that others cannot enter: the same request by curl."""
    return subprocess.run(["curl", "-s", "--unix-socket", str(path), "-d", "{}", "http://hearth.localhost/api/jobs.list"],
                          capture_output=True, text=True, user=user.pw_uid, group=user.pw_gid, cwd="/", timeout=20)


class Starting(unittest.TestCase):
    """What hearthd says when it cannot start: one sentence, what to do about it, and a failing exit status."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hearth-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def fails(self, *arguments: str, **options) -> str:
        shown = subprocess.run([str(BIN / "hearthd"), *arguments], capture_output=True, text=True, timeout=30, **options)
        self.assertNotEqual(shown.returncode, 0)
        self.assertGreater(shown.returncode, 0, f"ended by a signal: {shown.stderr}")
        self.assertRegex(shown.stderr, r"hearthd: .*\.")
        return shown.stderr

    def test_a_second_box_on_the_same_home_is_refused(self):
        with Box(self.folder / "home") as box:
            told = self.fails("--home", str(box.home), "--http", "127.0.0.1:0")
            self.assertIn(str(box.home), told)
            self.assertIn(str(box.process.pid), told)
            self.assertFalse(box.anyone.call("identity.state")["claimed"])

    def test_what_a_killed_box_leaves_for_a_moment_does_not_keep_the_next_from_starting(self):
        home = self.folder / "home"
        home.mkdir()
        gone = subprocess.Popen(["true"])
        gone.wait()
        with (home / "lock").open("w") as lock:
            lock.write(f"{gone.pid}\n")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            release = threading.Timer(0.3, fcntl.flock, (lock, fcntl.LOCK_UN))
            release.start()
            with Box(home) as box:
                self.assertFalse(box.anyone.call("identity.state")["claimed"])
            release.join()

    def test_a_port_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            told = self.fails("--home", str(self.folder / "home"), "--http", f"127.0.0.1:{port}")
            self.assertIn(port, told)
            self.assertIn("--http", told)

    def test_options_it_does_not_know_are_refused(self):
        self.assertIn("--help", self.fails("--hom", str(self.folder)))
        self.assertIn("--http", self.fails("--home", str(self.folder / "home"), "--http", "nonsense"))
        self.assertIn("--http", self.fails("--home", str(self.folder / "home"), "--http", "127.0.0.1:99999"))

    def test_a_damaged_database_is_named_and_left_as_it_is(self):
        with Box(self.folder / "home") as box:
            box.claim()
            box.stop()
            database = box.home / "system.db"
            for remnant in box.home.glob("system.db-*"):
                remnant.unlink()
            for damage in (b"this is no database", b"SQLite format 3\0" + b"\xff" * 9000):
                database.write_bytes(damage)
                told = self.fails("--home", str(box.home), "--http", "127.0.0.1:0")
                self.assertIn("system.db", told)
                self.assertEqual(database.read_bytes(), damage)

    def test_a_database_of_a_newer_hearth_is_not_touched(self):
        with Box(self.folder / "home") as box:
            box.stop()
            with closing(sqlite3.connect(box.home / "system.db")) as database, database:
                database.execute("UPDATE schema_versions SET version = 9999 WHERE room = 'kernel'")
            told = self.fails("--home", str(box.home), "--http", "127.0.0.1:0")
            self.assertIn("newer Hearth", told)

    def test_a_home_that_cannot_be_made_is_named(self):
        (self.folder / "file").write_text("not a folder")
        told = self.fails("--home", str(self.folder / "file" / "home"), "--http", "127.0.0.1:0")
        self.assertIn("--home", told)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become a user who may not write there")
    def test_a_home_that_cannot_be_written_is_named(self):
        home = self.folder / "home"
        home.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        copy = self.folder / "hearthd"  # the build may lie where nobody may not go
        shutil.copy(BIN / "hearthd", copy)
        shown = subprocess.run([str(copy), "--home", str(home), "--http", "127.0.0.1:0"], capture_output=True, text=True,
                               user=nobody.pw_uid, group=nobody.pw_gid, cwd="/", timeout=30)
        self.assertEqual(shown.returncode, 1, shown.stderr)
        self.assertIn(str(home), shown.stderr)
        self.assertIn("--home", shown.stderr)


class Stopping(BoxTestCase):
    def test_it_stops_when_asked_though_somebody_listens(self):
        events = self.owner.stream("system.watch", seconds=0.2)
        self.assertGreater(next(events)["memory_total"], 0)
        self.assertEqual(self.box.stop(), 0)
        events.close()


if __name__ == "__main__":
    unittest.main()
