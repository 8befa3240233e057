"""What the box says about a failure comes in the language of whoever asks: the browser's, the shell's, the desktop's."""

import subprocess
import unittest

from box import BIN, Box, BoxTestCase, wait_until

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
        self.assertIn("用法", subprocess.run([BIN / "hearthd", "--help"], capture_output=True, text=True, env=chinese).stdout)


class ConsoleTest(unittest.TestCase):
    def test_the_console_follows_the_locale(self):
        with Box(environment={"LC_ALL": "zh_CN.UTF-8"}) as box:
            wait_until(lambda: "设置码：" in box.output(), what="the setup code")
            box.claim()
            second = box.launch()
            self.assertIn("另一台盒子正在使用主目录", second.communicate(timeout=20)[0])


if __name__ == "__main__":
    unittest.main()
