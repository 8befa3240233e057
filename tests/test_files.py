"""Files from outside: operations, downloads, resumable uploads across kills, shares, limits of the disk."""

import base64
import http.client
import io
import json
import os
import subprocess
import tempfile
import threading
import unittest
import zipfile
from pathlib import Path
from urllib.parse import quote

from box import SANITIZED, Box, BoxTestCase, Client, Gone, wait_until

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 8 << 20
MOST_HELD = (512 if SANITIZED else 32) << 20  # bytes of the box's memory; a sanitizer keeps what was freed for a while


def metadata(path: str) -> dict:
    return {"Upload-Metadata": "path " + base64.b64encode(path.encode()).decode()}


class Uploads:
    """The client's half of tus."""

    def __init__(self, client):
        self.client = client

    def create(self, path: str, length: int) -> str:
        answer = self.client.request("POST", "/uploads", b"", {**TUS, **metadata(path), "Upload-Length": str(length)})
        assert answer.status == 201, answer.body
        return answer.headers["Location"]

    def offset(self, location: str) -> int:
        answer = self.client.request("HEAD", location, None, TUS)
        assert answer.status == 200, answer.status
        return int(answer.headers["Upload-Offset"])

    def send(self, location: str, offset: int, body):
        return self.client.request("PATCH", location, body, {**TUS, "Upload-Offset": str(offset),
                                                             "Content-Type": "application/offset+octet-stream"})


class FilesTestCase(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.uploads = Uploads(self.owner)
        self.folder = self.box.home / "files" / self.owner.person["id"] / "home"

    def names(self, path: str = "/") -> list[str]:
        return [entry["name"] for entry in self.owner.call("files.list", path=path)["entries"]]

    def write(self, path: str, text: str, **more) -> dict:
        return self.owner.call("files.write", path=path, text=text, **more)


class Operations(FilesTestCase):
    def test_a_day_with_files(self):
        self.owner.call("files.make_folder", path="/文档")
        self.write("/文档/信10.txt", "ten")
        self.write("/文档/信9.txt", "nine")
        self.assertEqual(self.names("/文档"), ["信9.txt", "信10.txt"])
        self.owner.call("files.move", **{"from": "/文档/信9.txt", "to": "/文档/letter.txt"})
        found = self.owner.call("files.search", text="信1")["entries"]
        self.assertEqual([entry["path"] for entry in found], ["/文档/信10.txt"])
        self.assertEqual(self.owner.call("files.read", path="/文档/letter.txt")["text"], "nine")
        trashed = self.owner.call("files.trash", path="/文档")
        self.assertEqual(self.names(), [])
        self.owner.call("files.restore", id=trashed["id"])
        self.assertEqual(self.names(), ["文档"])
        self.assertFails("already_exists", self.owner.call, "files.make_folder", path="/文档")
        self.assertFails("invalid_input", self.owner.call, "files.stat", path="/../x")
        self.assertFails("not_found", self.owner.call, "files.stat", path="/nothing")

    def test_a_folder_is_copied_by_a_job(self):
        self.owner.call("files.make_folder", path="/a")
        for i in range(20):
            self.write(f"/a/{i}", str(i))
        job = self.owner.call("files.copy", **{"from": "/a", "to": "/b"})["job"]
        done = wait_until(lambda: next((j for j in self.owner.call("jobs.list")["jobs"]
                                        if j["id"] == job and j["state"] not in ("queued", "running")), None))
        self.assertEqual((done["state"], done["result"]["files"]), ("done", 20), done)
        self.assertEqual(self.names("/a"), self.names("/b"))

    def test_an_app_reaches_what_it_was_granted_and_no_more(self):
        self.owner.call("files.make_folder", path="/notes")
        self.write("/notes/a.txt", "a")
        self.write("/private.txt", "p")
        app, principal = self.box.token("app", "notes")
        self.owner.call("grants.create", principal=principal, operations=["files.*"], resources=["files:/notes/**"])
        self.assertEqual(app.call("files.read", path="/notes/a.txt")["text"], "a")
        self.assertEqual(app.request("GET", "/files/notes/a.txt").body, b"a")
        for path in ("/private.txt", "/notes/../private.txt", "/notes/./../private.txt"):
            with self.assertRaises(Exception) as caught:
                app.call("files.read", path=path)
            self.assertIn(caught.exception.code, ("forbidden", "invalid_input"))
        self.assertEqual(app.request("GET", "/files/private.txt").status, 403)
        self.assertIn(app.request("GET", "/files/notes/..%2fprivate.txt").status, (400, 403))
        self.assertEqual(app.request("PROPFIND", "/dav/", None, {"Depth": "1"}).status, 403)
        self.assertEqual(app.request("PUT", "/dav/private.txt", b"x").status, 403)
        self.assertFails("forbidden", app.call, "files.list")

    def test_what_is_named_by_an_id_counts_by_where_it_is(self):
        self.owner.call("files.make_folder", path="/notes")
        self.write("/notes/a.txt", "a")
        self.write("/private.txt", "p")
        private = self.owner.call("files.trash", path="/private.txt")["id"]
        own = self.owner.call("files.trash", path="/notes/a.txt")["id"]
        self.write("/other.txt", "o")
        share = self.owner.call("files.share", path="/other.txt")["id"]
        upload = self.uploads.create("/private.bin", 1)
        app, principal = self.box.token("app", "notes")
        self.owner.call("grants.create", principal=principal, operations=["files.*"], resources=["files:/notes/**"])
        for fields in ({"id": private}, {"id": private, "to": "/notes/p.txt"}, {"id": own, "to": "/p.txt"}):
            with self.subTest(fields=fields):
                self.assertFails("forbidden", app.call, "files.restore", **fields)
        self.assertEqual(app.call("files.restore", id=own)["path"], "/notes/a.txt")
        for ids in ([], [private]):
            self.assertFails("forbidden", app.call, "files.empty_trash", ids=ids)
        self.assertFails("forbidden", app.call, "files.trashed")
        self.assertFails("forbidden", app.call, "files.shares")
        self.assertFails("forbidden", app.call, "files.unshare", id=share)
        for method, body in (("HEAD", None), ("PATCH", b"x"), ("DELETE", None)):
            headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            self.assertEqual(app.request(method, upload, body, headers).status, 403, method)
        self.assertEqual(self.owner.call("audit.list", operation="files.restore", outcome="ok")["entries"][0]["resource"],
                         "files:/notes/a.txt")

    def test_watching_a_folder_tells_of_changes(self):
        self.owner.call("files.make_folder", path="/seen")
        watcher = self.box.sign_in()
        events = watcher.stream("files.watch", path="/seen")
        stop = threading.Event()

        def keep_writing():
            i = 0
            while not stop.wait(0.05):
                (self.folder / "seen" / f"{i}.txt").write_text("x")
                i += 1

        writer = threading.Thread(target=keep_writing)
        writer.start()
        try:
            event = next(events)
        finally:
            stop.set()
            writer.join()
            events.close()
        self.assertIn(event["kind"], ("created", "changed"))
        self.assertTrue(event["path"].startswith("/seen/"))


class Downloads(FilesTestCase):
    def test_ranges_and_names(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "报告.txt").write_bytes(b"0123456789")
        path = "/files/" + quote("报告.txt")
        whole = self.owner.request("GET", path)
        self.assertEqual((whole.status, whole.body), (200, b"0123456789"))
        self.assertIn("filename*=UTF-8''%E6%8A%A5%E5%91%8A.txt", whole.headers["Content-Disposition"])
        part = self.owner.request("GET", path, None, {"Range": "bytes=-3"})
        self.assertEqual((part.status, part.body, part.headers["Content-Range"]), (206, b"789", "bytes 7-9/10"))
        head = self.owner.request("HEAD", path)
        self.assertEqual((head.status, head.headers["Content-Length"], head.body), (200, "10", b""))
        self.assertEqual(self.owner.request("GET", path, None, {"If-None-Match": whole.headers["ETag"]}).status, 304)
        self.assertEqual(self.box.anyone.request("GET", path).status, 401)

    def test_a_sparse_file_of_2_gigabytes_comes_whole(self):
        size = (2 << 30) + 12345
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "big.bin", "wb") as big:
            big.truncate(size)
            big.seek(size - 3)
            big.write(b"end")
        before = self.box.memory()
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=120)
        self.addCleanup(connection.close)
        cookies = "; ".join(f"{name}={value}" for name, value in self.owner.cookies.items())
        connection.request("GET", "/files/big.bin", headers={"Host": f"hearth.localhost:{self.box.port}", "Cookie": cookies})
        answer = connection.getresponse()
        self.assertEqual(answer.headers["Content-Length"], str(size))
        got, last = 0, b""
        while piece := answer.read(1 << 20):
            got, last = got + len(piece), piece
        self.assertEqual((got, last[-3:]), (size, b"end"))
        tail = self.owner.request("GET", "/files/big.bin", None, {"Range": f"bytes={size - 3}-"})
        self.assertEqual(tail.body, b"end")
        self.assertLess(self.box.memory() - before, MOST_HELD, "a download is streamed, not held")


class ResumableUploads(FilesTestCase):
    def test_an_upload_of_2_gigabytes_is_streamed(self):
        size = 2 << 30
        location = self.uploads.create("/big.bin", size)
        before = self.box.memory()

        def pieces():
            zeros = bytes(1 << 20)
            for _ in range(size >> 20):
                yield zeros

        answer = self.owner.request("PATCH", location, pieces(),
                                    {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream",
                                     "Content-Length": str(size)})
        self.assertEqual(answer.status, 204, answer.body)
        self.assertEqual((self.folder / "big.bin").stat().st_size, size)
        self.assertLess(self.box.memory() - before, MOST_HELD, "an upload is streamed, not held")

    def test_what_was_acknowledged_survives_kills(self):
        content = os.urandom(3 * PIECE + 777)
        location = self.uploads.create("/docs/a.bin", len(content))
        acknowledged = 0
        while acknowledged < len(content):
            answer = self.uploads.send(location, acknowledged, content[acknowledged:acknowledged + PIECE])
            self.assertEqual(answer.status, 204, answer.body)
            acknowledged = int(answer.headers["Upload-Offset"])
            # Killed in the middle of the next part, too.
            killer = threading.Timer(0.01, self.box.kill9)
            killer.start()
            try:
                self.uploads.send(location, acknowledged, content[acknowledged:acknowledged + PIECE])
            except Gone:
                pass
            killer.join()
            self.box.kill9()
            self.box.start()
            offset = self.uploads.offset(location)
            self.assertGreaterEqual(offset, acknowledged)
            acknowledged = offset
        self.assertEqual(self.owner.request("GET", "/files/docs/a.bin").body, content)
        self.assertEqual(self.names("/docs"), ["a.bin"])

    def test_two_uploads_of_one_name_both_stay(self):
        for body in (b"one", b"two"):
            self.assertEqual(self.uploads.send(self.uploads.create("/a.txt", 3), 0, body).status, 204)
        self.assertEqual(self.names(), ["a (2).txt", "a.txt"])
        self.assertEqual(self.owner.request("GET", "/files/a%20%282%29.txt").body, b"two")

    def test_another_person_cannot_touch_it(self):
        location = self.uploads.create("/a.txt", 3)
        self.assertEqual(self.box.anyone.request("HEAD", location, None, TUS).status, 401)


class FullDisk(unittest.TestCase):
    """A home on a file system of 32 MiB."""

    def setUp(self) -> None:
        folder = tempfile.mkdtemp(prefix="hearth-small-")
        self.addCleanup(os.rmdir, folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        self.small = Path(folder)
        self.box = Box(self.small / "home")
        self.addCleanup(self.box.close)
        self.box.start()
        self.owner = self.box.claim()
        self.uploads = Uploads(self.owner)

    def test_a_full_disk_is_said_and_the_upload_goes_on_later(self):
        content = os.urandom(12 << 20)
        location = self.uploads.create("/a.bin", len(content))
        self.assertEqual(self.uploads.send(location, 0, content[:PIECE]).status, 204)
        with open(self.small / "filler", "wb") as filler:
            try:
                while True:
                    filler.write(bytes(1 << 16))
                    filler.flush()
            except OSError:
                pass
        try:
            answer = self.uploads.send(location, PIECE, content[PIECE:])
            self.assertEqual(answer.status, 507)
            self.assertIn("Free some space", json.loads(answer.body)["error"]["message"])
        except Gone:
            self.owner.close()  # the box answered and closed before the whole body was sent
        self.assertEqual(self.owner.request("PUT", "/dav/b.bin", bytes(1 << 20)).status, 507)
        os.remove(self.small / "filler")
        offset = self.uploads.offset(location)
        self.assertGreaterEqual(offset, PIECE)
        self.assertEqual(self.uploads.send(location, offset, content[offset:]).status, 204)
        self.assertEqual(self.owner.request("GET", "/files/a.bin").body, content)

    def test_what_cannot_fit_is_refused_at_once(self):
        answer = self.owner.request("POST", "/uploads", b"", {**TUS, **metadata("/a"), "Upload-Length": str(1 << 30)})
        self.assertEqual(answer.status, 507)


class Shares(FilesTestCase):
    def visitor(self) -> Client:
        return Client(self.box)

    def test_a_folder_is_shared_until_it_is_not(self):
        self.owner.call("files.make_folder", path="/album")
        self.write("/album/一.txt", "1")
        self.write("/other.txt", "2")
        share = self.owner.call("files.share", path="/album", uses=1)
        page = self.visitor().request("GET", share["address"])
        self.assertEqual(page.status, 200)
        self.assertIn("一.txt", page.body.decode())
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertIn(self.visitor().request("GET", share["address"] + "/../other.txt").status, (400, 404))
        first = self.visitor()
        archive = zipfile.ZipFile(io.BytesIO(first.request("GET", share["address"] + "?zip=1").body))
        self.assertIsNone(archive.testzip())
        self.assertEqual(archive.read("album/一.txt"), b"1")
        self.assertEqual(first.request("GET", share["address"] + "/" + quote("一.txt")).body, b"1")
        self.assertEqual(self.visitor().request("GET", share["address"] + "?zip=1").status, 410)
        self.owner.call("files.unshare", id=share["id"])
        self.assertEqual(first.request("GET", share["address"]).status, 404)

    def test_a_password_opens_it(self):
        self.write("/a.txt", "secret")
        share = self.owner.call("files.share", path="/a.txt", password="暗号")
        visitor = self.visitor()
        download = share["address"] + "?download=1"
        self.assertNotIn(b"secret", visitor.request("GET", download).body)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(visitor.request("POST", share["address"], "password=wrong", form).status, 403)
        self.assertEqual(visitor.request("POST", share["address"], "password=" + quote("暗号"), form).status, 303)
        self.assertEqual(visitor.request("GET", download).body, b"secret")
        self.assertNotIn(b"secret", self.visitor().request("GET", download).body)


if __name__ == "__main__":
    unittest.main()
