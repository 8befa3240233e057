"""./run.sh, as a person types it, after a build."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from box import TOP


class Run(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hearth-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def begin(self, *arguments: str, locale: str = "C.UTF-8", **options) -> subprocess.Popen:
        process = subprocess.Popen([str(TOP / "run.sh"), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, env={**os.environ, "LC_ALL": locale}, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def until_up(self, process: subprocess.Popen) -> tuple[int, str]:
        """The port, and all that was said before its line."""
        said = ""
        for line in process.stdout:
            if found := re.search(r"http://hearth\.localhost:(\d+)", line):
                return int(found.group(1)), said
            said += line
        self.fail(said)

    def begin_and_end(self) -> str:
        process = self.begin("--home", str(self.folder / "home"), "--http", "127.0.0.1:0")
        port, said = self.until_up(process)
        with socket.create_connection(("127.0.0.1", port), 5):
            pass
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 0)
        return said

    def test_with_nothing_changed_it_builds_nothing_and_ends_when_told(self):
        self.begin_and_end()
        said = self.begin_and_end()
        self.assertIn("ninja: no work to do", said)
        for built in ("Installing", "Configuring", "Building the desktop", "Making the table"):
            self.assertNotIn(built, said)

    def test_what_tools_keep_beside_the_sources_builds_nothing_anew(self):
        def fingerprint() -> str:
            return subprocess.run(["bash", "-c", '. "$1" && fingerprint "$2"', "bash", TOP / "scripts" / "common.sh", self.folder],
                                  check=True, capture_output=True, text=True).stdout

        def write(path: str) -> None:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(path)

        write("src/main.ts")
        before = fingerprint()
        for kept in (".svelte-check/manifest.json", "node_modules/svelte/index.js", "dist/index.html", "src/__pycache__/main.pyc"):
            write(kept)
            self.assertEqual(fingerprint(), before, kept)
        for source in ("src/other.ts", ".npmrc"):
            write(source)
            self.assertNotEqual(fingerprint(), before, source)
            before = fingerprint()

    def test_a_relative_home_is_relative_to_where_one_stands(self):
        process = self.begin("--home=here", "--http=127.0.0.1:0", cwd=self.folder)
        self.until_up(process)
        self.assertTrue((self.folder / "here" / "system.db").exists())

    def test_wrong_options_get_help(self):
        for arguments, told in [(["--prot", "1"], "no option --prot"), (["--home"], "--home needs a value"), (["--home="], "needs a value"),
                                (["box"], "no option box")]:
            with self.subTest(arguments=arguments):
                process = self.begin(*arguments)
                said = process.communicate(timeout=60)[0]
                self.assertEqual(process.returncode, 1)
                self.assertIn("Usage: ./run.sh", said)
                self.assertIn(told, said)

    def test_it_speaks_chinese_where_the_locale_does(self):
        self.assertIn("用法：./run.sh", self.begin("--help", locale="zh_CN.UTF-8").communicate(timeout=60)[0])
        self.assertIn("没有选项 box", self.begin("box", locale="zh_CN.UTF-8").communicate(timeout=60)[0])

    def test_a_port_in_use_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            process = self.begin("--home", str(self.folder / "home"), "--http", f"127.0.0.1:{port}")
            said = process.communicate(timeout=60)[0]
            self.assertNotEqual(process.returncode, 0)
            self.assertIn(str(port), said.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
