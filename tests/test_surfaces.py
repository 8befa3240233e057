"""Every operation is on every surface: HTTP, the command line, TypeScript, the reference; in English and Chinese."""

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

    def test_help_is_chinese_where_the_terminal_is(self):
        shown = self.box.cli("audit", "list", "--help", environment={"LC_ALL": "zh_CN.UTF-8"})
        self.assertRegex(shown.stdout, HAN)


if __name__ == "__main__":
    unittest.main()
