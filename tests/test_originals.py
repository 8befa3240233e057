"""GET /originals/<item>: an item's own bytes, of any size, in ranges, for those who may read them."""

import unittest
from pathlib import Path

from box import BoxTestCase, wait_until

LETTER = (b"From: Ann <ann@example.org>\r\nTo: bo@example.org\r\nSubject: Recording\r\nMessage-ID: <1@example.org>\r\n"
          b"Date: Mon, 2 Mar 2026 09:30:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
          b"--x\r\nContent-Type: text/plain\r\n\r\nThe harpsichord, as recorded on Monday.\r\n"
          b"--x\r\nContent-Type: audio/wav; name=a.wav\r\nContent-Transfer-Encoding: base64\r\n\r\n"
          + b"".join(b"%072d\r\n" % i for i in range(240_000)) + b"--x--\r\n")


class Originals(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.folder = self.box.home.parent / "outside"
        self.folder.mkdir()

    def read(self, kind: str, path: Path) -> str:
        """Imports one file; gives its item's id."""
        started = self.owner.call("memory.import", kind=kind, path=str(path))
        job = wait_until(lambda: (found := self.owner.call("jobs.get", id=started["job"])).get("finished") and found, 60, "the import")
        self.assertEqual((job["state"], job["result"]["added"]), ("done", 1), job)
        word = "harpsichord" if kind == "mail" else "kettle"
        return self.owner.call("memory.search", query=word)["results"][0]["item"]

    def letter(self) -> str:
        path = self.folder / "letter.eml"
        path.write_bytes(LETTER)
        return self.read("mail", path)

    def note(self) -> str:
        path = self.folder / "note.txt"
        path.write_text("The kettle whistles. 水壶。\n", encoding="utf-8")
        return self.read("folder", path)

    def get(self, item: str, method: str = "GET", **headers: str):
        return self.owner.request(method, f"/originals/{item}", headers={name.replace("_", "-"): value for name, value in headers.items()})

    def test_what_is_too_large_for_json_is_downloaded(self):
        item = self.letter()
        self.assertGreater(len(LETTER), 16 << 20)
        self.assertIn(f"/originals/{item}", self.assertFails("too_large", self.owner.call, "memory.original", item=item).message)
        answer = self.get(item)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.body, LETTER)
        self.assertEqual(answer.headers["Accept-Ranges"], "bytes")

    def test_ranges(self):
        item, size = self.letter(), len(LETTER)
        for asked, status, first, last in [("bytes=0-99", 206, 0, 99), (f"bytes={size - 5}-", 206, size - 5, size - 1),
                                           ("bytes=-7", 206, size - 7, size - 1), ("bytes=17000000-17000009", 206, 17000000, 17000009),
                                           (f"bytes=100-{size * 2}", 206, 100, size - 1), ("bytes=5-2", 200, 0, size - 1),
                                           ("bytes=0-1,5-6", 200, 0, size - 1), ("pages=1-2", 200, 0, size - 1)]:
            with self.subTest(asked):
                answer = self.get(item, Range=asked)
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.body, LETTER[first:last + 1])
                if status == 206:
                    self.assertEqual(answer.headers["Content-Range"], f"bytes {first}-{last}/{size}")
        answer = self.get(item, Range=f"bytes={size}-")
        self.assertEqual((answer.status, answer.headers["Content-Range"]), (416, f"bytes */{size}"))
        head = self.get(item, "HEAD")
        self.assertEqual((head.status, head.headers["Content-Length"], head.body), (200, str(size), b""))

    def test_conditions(self):
        item = self.note()
        tag = self.get(item).headers["ETag"]
        self.assertEqual(self.get(item, If_None_Match=tag).status, 304)
        self.assertEqual(self.get(item, If_None_Match='"other"').status, 200)
        self.assertEqual(self.get(item, Range="bytes=0-2", If_Range=tag).status, 206)
        self.assertEqual(self.get(item, Range="bytes=0-2", If_Range='"other"').status, 200)
        self.assertEqual(self.get(item, "POST").status, 405)

    def test_what_strangers_wrote_is_saved_and_not_shown(self):
        letter, note = self.get(self.letter(), "HEAD"), self.get(self.note(), "HEAD")
        self.assertEqual(letter.headers["Content-Type"], "message/rfc822")
        self.assertRegex(letter.headers["Content-Disposition"], r'^attachment; filename="Recording\.eml"')
        self.assertRegex(note.headers["Content-Disposition"], r"^inline; ")
        for answer in (letter, note):
            self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("no-store", answer.headers["Cache-Control"])  # forgotten must be forgotten

    def test_who_may(self):
        item = self.letter()
        self.assertEqual(self.box.anyone.request("GET", f"/originals/{item}").status, 401)
        app, principal = self.box.token()
        for path in (item, "4711"):  # an app without a grant cannot tell what is there
            answer = app.request("GET", f"/originals/{path}")
            self.assertEqual((answer.status, answer.json()["error"]["code"]), (403, "forbidden"))
        self.owner.call("grants.create", principal=principal, operations=["memory.original"], resources=[f"memory_item:{item}"])
        self.assertEqual(app.request("GET", f"/originals/{item}", headers={"Range": "bytes=0-3"}).body, b"From")
        self.assertEqual(app.request("GET", "/originals/4711").status, 403)
        labels = {label["principal"]: label["label"] for label in self.owner.call("labels.list")["labels"]}
        self.assertEqual(labels[principal]["integrity"], "untrusted")
        # What was sent is told when its last byte is gone, which may be after the refusal that followed.
        def told():
            entries = self.owner.call("audit.list", operation="memory.original", principal=principal)["entries"]
            return {(entry["outcome"], entry["resource"]) for entry in entries}

        wait_until(lambda: {("forbidden", "memory_item:4711"), ("ok", f"memory_item:{item}")} <= told(), 20, "both lines of the audit")

    def test_what_is_not_there(self):
        item = self.note()
        for path in ("4711", "x", "", "-1", "1/2", "../files"):
            self.assertIn(self.get(path).status, (400, 404), path)
        self.owner.call("memory.forget", item=item)
        self.assertEqual(self.get(item).status, 404)


if __name__ == "__main__":
    unittest.main()
