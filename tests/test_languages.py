"""What the box says about a failure comes in the language of whoever asks: the browser's, the shell's, the desktop's."""

import os
import re
import subprocess
import unittest
import unicodedata
from pathlib import Path

from box import BIN, TOP, Box, BoxTestCase, wait_until

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
HAN = "[\u4e00-\u9fff]"


class LanguagesTest(BoxTestCase):
    def said(self, path: str, body: str = "{}", headers: dict | None = None, method: str = "POST") -> str:
        return self.owner.request(method, path, body, {"Content-Type": "application/json", **(headers or {})}).json()["error"]["message"]

    def test_an_operation_answers_in_the_language_of_the_request(self):
        self.assertEqual(self.said("/api/files.list", '{"path": 3}'), "path must be a string, not a whole number.")
        self.assertEqual(self.said("/api/files.list", '{"path": 3}', CHINESE), "path 必须是文本，而不是整数。")
        self.assertEqual(self.said("/api/files.list", '{"path": "/no"}', CHINESE), "没有“/no”。")
        self.assertEqual(self.said("/api/no.such", "{}", CHINESE), "没有操作 no.such。kernel.operations 会列出全部操作。")
        self.assertEqual(self.said("/api/files.list", '{"path": "/no"}', {"Accept-Language": "fr, en;q=0.1"}),
                         "There is no “/no”.")

    def test_the_byte_surfaces_do_too(self):
        for path, method in (("/files/no", "GET"), ("/uploads/0123456789abcdef0123456789", "PATCH")):
            with self.subTest(path):
                self.assertRegex(self.said(path, "", {**CHINESE, "Tus-Resumable": "1.0.0"}, method), HAN)
                self.assertNotRegex(self.said(path, "", {"Tus-Resumable": "1.0.0"}, method), HAN)
        answer = self.owner.request("GET", "/dav/no", headers=CHINESE)
        self.assertRegex(answer.body.decode() if isinstance(answer.body, bytes) else answer.body, HAN)
        self.assertRegex(self.said("/assets/none.js", "", {**CHINESE, "Accept": "*/*"}, "GET"), HAN)

    def test_a_job_keeps_its_texts_in_both(self):
        self.owner.call("files.make_folder", path="/a")
        self.owner.call("files.copy", **{"from": "/a", "to": "/b"})
        job = wait_until(lambda: [j for j in self.owner.call("jobs.list")["jobs"] if j["state"] == "done"], what="the copy")[0]
        self.assertEqual((job["title"], job["title_zh"]), ("Copy /a to /b", "复制 /a 到 /b"))
        self.box.restart()
        self.assertEqual(self.owner.call("jobs.get", id=job["id"])["title_zh"], "复制 /a 到 /b")

    def test_the_command_line_follows_the_locale(self):
        for locale, expected in (({"LC_ALL": "zh_CN.UTF-8"}, "没有“/no”。"),
                                 ({"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "没有“/no”。"),
                                 ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "There is no “/no”.")):
            with self.subTest(locale):
                self.assertIn(expected, self.box.cli("files", "list", "--path", "/no", environment=locale).stderr)
        chinese = {"LC_ALL": "zh_CN.UTF-8"}
        self.assertIn("没有 --pth", self.box.cli("files", "list", "--pth", "/", environment=chinese).stderr)
        self.assertIn("用法", self.box.cli(environment=chinese).stdout)
        self.assertIn("没有盒子在运行", subprocess.run([BIN / "hearth", "--home", "/nowhere", "files", "list"], capture_output=True,
                                                       text=True, env=chinese).stderr)

    def test_helps_name_the_same_options_in_both(self):
        for program in (BIN / "hearthd", TOP / "run.sh", TOP / "test.sh"):
            with self.subTest(program.name):
                english, chinese = (subprocess.run([program, "--help"], capture_output=True, text=True, env={**os.environ, "LC_ALL": locale}).stdout
                                    for locale in ("C.UTF-8", "zh_CN.UTF-8"))
                self.assertNotRegex(english, HAN)
                self.assertIn("用法", chinese)
                self.assertEqual(re.findall("--[a-z-]+", english), re.findall("--[a-z-]+", chinese))


class ConsoleTest(unittest.TestCase):
    def test_the_console_follows_the_locale(self):
        with Box(environment={"LC_ALL": "zh_CN.UTF-8"}) as box:
            wait_until(lambda: "设置码：" in box.output(), what="the setup code")
            box.claim()
            second = box.launch()
            self.assertIn("另一台盒子正在使用主目录", second.communicate(timeout=20)[0])


def outside_code(page: str) -> str:
    return re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)


def headings(page: str) -> list[tuple[str, str]]:
    return re.findall(r"^(#+) +(.+?) *$", outside_code(page), re.M)


def tables(page: str) -> list[tuple[int, int]]:
    """Each table's columns and rows."""
    found = re.findall(r"^\|[-| :]+\|\n(?:\|.*\|\n?)*", outside_code(page), re.M)
    return [(table.split("\n", 1)[0].count("|") - 1, len(table.strip().split("\n")) - 1) for table in found]


def anchor(heading: str) -> str:
    """What a link to a heading ends in: its words in small letters, without punctuation."""
    kept = "".join(c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
    return kept.replace(" ", "-")


class DocumentsTest(unittest.TestCase):
    """Every page that a person reads is there in English (page.md) and in Chinese (page.zh-CN.md)."""

    def pages(self) -> list[Path]:
        found = [TOP / "README.md", TOP / "README.zh-CN.md", *sorted((TOP / "docs").glob("*.md"))]
        self.assertGreater(len(found), 10)
        return found

    def test_each_page_has_its_other_language_and_leads_there(self):
        for page in self.pages():
            with self.subTest(page.name):
                chinese = page.name.endswith(".zh-CN.md")
                other = page.name.replace(".zh-CN.md", ".md") if chinese else page.name.replace(".md", ".zh-CN.md")
                self.assertTrue((page.parent / other).exists(), f"{page.name} has no {other} beside it")
                text = page.read_text(encoding="utf-8")
                self.assertIn(f"]({other})", "\n".join(text.split("\n")[:6]), "it does not lead to the other language at its top")
                written = re.findall(HAN, outside_code(text))
                self.assertTrue(len(written) * 8 > len(text) if chinese else len(written) * 20 < len(text), "it is in the wrong language")

    def test_both_languages_have_the_same_parts(self):
        for page in self.pages():
            if page.name.endswith(".zh-CN.md"):
                continue
            with self.subTest(page.name):
                english = page.read_text(encoding="utf-8")
                chinese = (page.parent / page.name.replace(".md", ".zh-CN.md")).read_text(encoding="utf-8")
                self.assertEqual([level for level, _ in headings(english)], [level for level, _ in headings(chinese)], "the headings differ")
                self.assertEqual(tables(english), tables(chinese), "the tables differ in columns or rows")

    def test_links_lead_somewhere(self):
        for page in self.pages():
            text = page.read_text(encoding="utf-8")
            for target, part in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", outside_code(text)):
                with self.subTest(f"{page.name}: {target}#{part}"):
                    led_to = (page.parent / target).resolve() if target else page
                    self.assertTrue(led_to.exists())
                    if part:
                        self.assertIn(part, [anchor(words) for _, words in headings(led_to.read_text(encoding="utf-8"))])
                    if page.name.endswith(".zh-CN.md") and target and target != page.name.replace(".zh-CN.md", ".md"):
                        self.assertFalse(led_to.with_suffix(".zh-CN.md").exists(), "it leads to the English page")

    def test_chinese_texts_address_people_alike(self):
        for texts in (*self.pages(), TOP / "src/base/messages_zh.inc", *(TOP / "web/src/lib/i18n").glob("*.zh-CN.ts")):
            with self.subTest(texts.name):
                self.assertNotIn("您", texts.read_text(encoding="utf-8"), "the box says 你")

    def test_every_package_says_what_it_is_for(self):
        for page in ("dependencies.md", "dependencies.zh-CN.md"):
            named = re.findall(r"`([^`]+)`", (TOP / "docs" / page).read_text(encoding="utf-8"))
            for packages in ("packages.txt", "test-packages.txt"):
                for package in (TOP / "packaging" / packages).read_text().split():
                    with self.subTest(f"{page}: {package}"):
                        self.assertIn(package, named)


if __name__ == "__main__":
    unittest.main()
