"""WebDAV as litmus sees it: every one of its tests, none skipped."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from box import BoxTestCase

SUITES = ("basic", "copymove", "props", "locks", "http")


@unittest.skipUnless(shutil.which("litmus"), "litmus is not installed (apt-get install litmus)")
class Litmus(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        caller, principal = self.box.token("device", "laptop")
        self.token = caller.token
        self.owner.call("grants.create", principal=principal, operations=["files.*"])

    def run_litmus(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["litmus", "-k", f"http://localhost:{self.box.port}/dav/", "mei", self.token], cwd=folder,
                                  capture_output=True, text=True, errors="replace", timeout=300,
                                  env={**os.environ, "TESTS": " ".join(SUITES)})
        return done.stdout + done.stderr

    def test_every_suite_passes(self):
        output = self.run_litmus()
        summaries = dict(re.findall(r"summary for `(\w+)': of \d+ tests run: \d+ passed, (\d+) failed", output))
        self.assertEqual(summaries, {suite: "0" for suite in SUITES}, output)
        self.assertNotRegex(output, r"FAIL|WARNING|SKIPPED")


if __name__ == "__main__":
    unittest.main()
