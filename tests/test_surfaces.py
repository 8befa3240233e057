"""Every operation is on every surface: HTTP, the command line, TypeScript, the reference; in English and Chinese."""

import json
import re
import subprocess
import unittest
from pathlib import Path

from box import BIN, TOP, Box, BoxTestCase

ROOT = TOP
PROGRAM = BIN / "hearthd"
HAN = re.compile(r"[\u4e00-\u9fff]")


def described(form: str) -> str:
    return subprocess.run([PROGRAM, "--describe", form], capture_output=True, text=True, check=True).stdout


def camel(verb: str) -> str:
    head, *rest = verb.split("_")
    return head + "".join(word.capitalize() for word in rest)


class SurfacesTest(BoxTestCase):
    def operations(self) -> list[dict]:
        return self.owner.call("kernel.operations")["operations"]

    def test_every_room_is_there(self):
        rooms = {operation["name"].split(".")[0] for operation in self.operations()}
        self.assertLessEqual({"approvals", "audit", "files", "grants", "identity", "jobs", "kernel", "memory", "system"}, rooms)

    def test_every_operation_speaks_both_languages(self):
        for operation in self.operations():
            with self.subTest(operation["name"]):
                self.assertTrue(operation["summary"].endswith("."), operation["summary"])
                self.assertRegex(operation["summary_zh"], HAN)
                for name, field in operation["input"]["properties"].items():
                    self.assertTrue(field.get("description"), f"{name} has no English text")
                    self.assertRegex(field.get("x-description-zh", ""), HAN, f"{name} has no Chinese text")

    def test_the_chinese_of_an_operation_holds_the_word_it_is_looked_for_by(self):
        words = {"grants": "授权", "approvals": "审批", "jobs": "任务", "audit": "审计", "labels": "标签"}
        for operation in self.operations():
            room = operation["name"].split(".")[0]
            if room in words:
                with self.subTest(operation["name"]):
                    self.assertIn(words[room], operation["summary_zh"])

    def test_every_operation_answers_over_http(self):
        for operation in self.operations():
            with self.subTest(operation["name"]):
                answer = self.owner.request("POST", "/api/" + operation["name"], '{"no_such_field": 1}')
                self.assertEqual(answer.status, 400, answer.body)
                self.assertEqual(answer.json()["error"]["code"], "invalid_input")

    def test_every_operation_is_in_the_generated_client_and_the_reference(self):
        client, reference, chinese = described("typescript"), described("markdown"), described("markdown-zh")
        for operation in self.operations():
            room, verb = operation["name"].split(".")
            with self.subTest(operation["name"]):
                self.assertRegex(client, rf"\b{camel(verb)}: \(input")
                self.assertIn(f'"{operation["name"]}"', client)
                self.assertIn(f"### {operation['name']}\n", reference)
                self.assertIn(f"### {operation['name']}\n\n{operation['summary_zh']}\n", chinese)

    def test_every_operation_is_a_command_with_help(self):
        for operation in self.operations():
            room, verb = operation["name"].split(".")
            with self.subTest(operation["name"]):
                shown = self.box.cli(room, verb.replace("_", "-"), "--help")
                self.assertEqual(shown.returncode, 0, shown.stderr)
                self.assertIn(operation["summary"], shown.stdout)
                for name in operation["input"]["properties"]:
                    self.assertIn("--" + name.replace("_", "-"), shown.stdout)

    def test_usage_and_version_need_no_box(self):
        self.box.stop()
        for words in (("--help",), ("-h",), ()):
            shown = self.box.cli(*words)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertIn("usage: hearth", shown.stdout)
            self.assertIn("listed when a box runs", shown.stdout)
        version = self.box.cli("--version")
        self.assertEqual(version.returncode, 0)
        self.assertRegex(version.stdout, r"^hearth \d+\.\d+\.\d+\n$")
        for words in (("--home=", "files", "list"), ("--home", "", "files", "list"), ("--home",)):
            nowhere = self.box.cli(*words)
            self.assertEqual(nowhere.returncode, 2)
            self.assertIn("--home needs a folder", nowhere.stderr)

    def test_a_value_may_look_like_a_switch_and_is_given_once(self):
        for text in ("-h", "--help", "--json"):
            done = self.box.cli("files", "write", "--path", "/x.txt", "--replace", "--text", text)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.owner.call("files.read", path="/x.txt")["text"], text)
        twice = self.box.cli("files", "write", "--path", "/y.txt", "--path", "/z.txt", "--text", "a")
        self.assertEqual(twice.returncode, 2)
        self.assertIn("given twice", twice.stderr)

    def test_a_budget_has_an_end(self):
        for value in ("nan", "inf", "-inf"):
            refused = self.box.cli("grants", "create", "--principal", "app:x", "--operations", "files.list", "--budget", value)
            self.assertEqual(refused.returncode, 2, value)
        for value in ("NaN", "Infinity", "1e999"):
            answer = self.owner.request("POST", "/api/grants.create", '{"principal":"app:x","operations":["a"],"budget":%s}' % value,
                                        {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 400, value)
        self.assertEqual(self.owner.call("grants.list"), {"grants": []})

    def test_what_strangers_wrote_does_not_steer_the_terminal(self):
        wicked = "\x1b]0;owned\x07\x9b2J\u202etxt.exe"
        self.owner.call("grants.create", principal="app:" + wicked, operations=["files.list"])
        for words in (("grants", "list"), ("grants", "list", "--json")):
            shown = self.box.cli(*words)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            self.assertNotRegex(shown.stdout, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
        self.assertEqual(json.loads(shown.stdout)["grants"][0]["principal"], "app:" + wicked)
        failed = self.box.cli("files", "read", "--path", "/\x1b[31m")
        self.assertNotIn("\x1b", failed.stderr)

    def test_it_ends_with_whoever_reads_it(self):
        command = f"{BIN / 'hearth'} --home {self.box.home} system watch --seconds 0.2 --json"
        shown = subprocess.run(["sh", "-c", f"{command} | head -n 1"], capture_output=True, text=True, timeout=20)
        self.assertIn("memory_total", json.loads(shown.stdout))
        full = subprocess.run(["sh", "-c", f"{BIN / 'hearth'} --home {self.box.home} audit list > /dev/full"], capture_output=True, text=True, timeout=20)
        self.assertEqual(full.returncode, 1)
        self.assertIn("The output could not be written: No space left", full.stderr)

    def test_a_box_without_owner_says_so(self):
        with Box() as box:
            shown = box.cli("files", "list")
            self.assertEqual(shown.returncode, 1)
            self.assertIn("This box has no owner yet.", shown.stderr)

    def test_help_is_chinese_where_the_terminal_is(self):
        shown = self.box.cli("audit", "list", "--help", environment={"LC_ALL": "zh_CN.UTF-8"})
        self.assertRegex(shown.stdout, HAN)


if __name__ == "__main__":
    unittest.main()
