"""The Debian package: built, installed, run, removed and purged on a copy of this machine that goes with the test."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from box import BIN, TOP, wait_until

MOUNT = """
set -e
mount -t tmpfs tmpfs "$0"
mkdir "$0/changes" "$0/work" "$0/root"
mount -t overlay overlay -o lowerdir=/,upperdir="$0/changes",workdir="$0/work" "$0/root"
mount --rbind /proc "$0/root/proc"
mount --rbind /dev "$0/root/dev"
mount -t tmpfs tmpfs "$0/root/tmp"
mount -t tmpfs tmpfs "$0/root/run"
echo ready
exec sleep 600
"""


class Machine:
    """This machine's files with changes of their own, in a mount namespace: nothing done there stays."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hearth-test-"))
        self.holder = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", MOUNT, str(self.folder)],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = self.holder.stdout.readline()
        if said != "ready\n":
            said += self.holder.stdout.read()
            self.close()
            raise unittest.SkipTest(f"this machine lets nobody mount an overlay: {said.strip()}")

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "--mount", "--target", str(self.holder.pid), "chroot", str(self.folder / "root"), *words]

    def run(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(*words), capture_output=True, text=True, timeout=120,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"})

    def copy_in(self, file: Path) -> str:
        subprocess.run(["nsenter", "--mount", "--target", str(self.holder.pid), "cp", str(file), str(self.folder / "root" / "tmp")],
                       check=True)
        return f"/tmp/{file.name}"

    def close(self) -> None:
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to install a package")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        build = BIN.parent
        for old in (build / "package").glob("*.deb"):
            old.unlink()
        made = subprocess.run(["cpack"], cwd=build, capture_output=True, text=True, timeout=300)
        assert made.returncode == 0, made.stdout + made.stderr
        cls.deb, = (build / "package").glob("*.deb")

    def test_it_says_what_it_is_and_what_it_needs(self):
        def field(name):
            return subprocess.run(["dpkg-deb", "--field", str(self.deb), name], capture_output=True, text=True, check=True).stdout
        self.assertEqual(field("Package"), "hearth\n")
        self.assertRegex(self.deb.name, r"^hearth_\d+\.\d+\.\d+_\w+\.deb$")
        for needed in ("libc6", "libsqlite3-0", "libsodium23", "libssl3", "adduser"):
            self.assertIn(needed, field("Depends"))
        self.assertNotIn("-dev", field("Depends"))

    def test_it_holds_the_programs_the_desktop_and_the_unit(self):
        listing = subprocess.run(["dpkg-deb", "--contents", str(self.deb)], capture_output=True, text=True, check=True).stdout
        for path in ("usr/bin/hearthd", "usr/bin/hearth", "usr/bin/hearth-extract", "usr/bin/hearth-extract-pages", "usr/share/hearth/desktop/index.html",
                     "usr/lib/systemd/system/hearth.service", "etc/default/hearth", "usr/share/doc/hearth/copyright",
                     "usr/share/doc/hearth/README.zh-CN.md", "usr/share/doc/hearth/docs/memory.zh-CN.md",
                     "usr/share/doc/hearth/docs/screenshots/ask-en.png"):
            self.assertRegex(listing, rf"(?m) \./{re.escape(path)}$")
        self.assertRegex(listing, r"-rwxr-xr-x root/root .*usr/bin/hearthd")
        self.assertNotRegex(listing, r"_test|\.built")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_unit_is_sound(self):
        folder = Path(tempfile.mkdtemp(prefix="hearth-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        unit = (TOP / "packaging" / "hearth.service").read_text()
        (folder / "hearth.service").write_text(unit.replace("/usr/bin/hearthd", str(BIN / "hearthd")))
        checked = subprocess.run(["systemd-analyze", "verify", str(folder / "hearth.service")], capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        rated = subprocess.run(["systemd-analyze", "security", "--offline=true", str(folder / "hearth.service")], capture_output=True,
                               text=True)
        exposure = float(re.search(r"exposure level for \S+: ([0-9.]+)", rated.stdout).group(1))
        self.assertLess(exposure, 3.5, "the unit is less closed in than it was")

    def test_it_installs_runs_goes_and_leaves_nothing(self):
        machine = Machine()
        self.addCleanup(machine.close)
        installed = machine.run("dpkg", "--install", machine.copy_in(self.deb))
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        self.assertRegex(machine.run("getent", "passwd", "hearth").stdout, r"^hearth:x:\d+:\d+:.*:/var/lib/hearth:")
        self.assertEqual(machine.run("stat", "-c", "%U %a", "/var/lib/hearth").stdout, "hearth 700\n")

        box = subprocess.Popen(machine.command("runuser", "-u", "hearth", "--", "/usr/bin/hearthd", "--home", "/var/lib/hearth",
                                               "--http", "127.0.0.1:0"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(box.stdout.close)
        self.addCleanup(box.wait)
        self.addCleanup(box.kill)
        port = re.search(r"http://hearth\.localhost:(\d+)", box.stdout.readline()).group(1)
        page = machine.run("curl", "-s", "-H", "Host: hearth.localhost", f"http://127.0.0.1:{port}/")
        self.assertIn("<title>", page.stdout, "the desktop is found where the package puts it")
        answer = machine.run("hearth", "--home", "/var/lib/hearth", "identity", "state", "--json")
        self.assertIn('"claimed":false', answer.stdout, answer.stderr)

        # Installing again, as an update does, changes nothing of the home.
        self.assertEqual(machine.run("dpkg", "--install", machine.copy_in(self.deb)).returncode, 0)
        process = wait_until(lambda: machine.run("pgrep", "-x", "-u", "hearth", "hearthd").stdout.strip(), what="the box's process")
        machine.run("kill", process)
        box.wait(20)

        removed = machine.run("dpkg", "--remove", "hearth")
        self.assertEqual(removed.returncode, 0, removed.stderr)
        self.assertEqual(machine.run("test", "-e", "/usr/bin/hearthd").returncode, 1)
        self.assertEqual(machine.run("test", "-s", "/var/lib/hearth/system.db").returncode, 0, "removing keeps the home")
        purged = machine.run("dpkg", "--purge", "hearth")
        self.assertEqual(purged.returncode, 0, purged.stderr)
        for path in ("/var/lib/hearth", "/etc/default/hearth", "/usr/share/hearth", "/usr/share/doc/hearth",
                     "/usr/lib/systemd/system/hearth.service"):
            self.assertEqual(machine.run("test", "-e", path).returncode, 1, path)
        self.assertEqual(machine.run("getent", "passwd", "hearth").stdout, "")
        self.assertNotIn("hearth", machine.run("dpkg-query", "--list").stdout)


if __name__ == "__main__":
    unittest.main()
