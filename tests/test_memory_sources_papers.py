"""Documents, archives, attachments, photos, scanned pages and recordings come into the memory; broken ones are reported."""

import base64
import gzip
import mailbox
import os
import unittest
from email.message import EmailMessage
from pathlib import Path

import make_papers as make
from box import BoxTestCase, wait_until


class Papers(BoxTestCase):
    def finished(self, job: str, seconds: float = 120) -> dict:
        def ended():
            found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        return wait_until(ended, seconds, f"job {job}")

    def read(self, path: Path, kind: str = "folder") -> dict:
        started = self.owner.call("memory.import", kind=kind, path=str(path))
        job = self.finished(started["job"])
        self.assertEqual(job["state"], "done", job["error"])
        return {**job["result"], "source": started["source"]}

    def folder(self, name: str = "outside") -> Path:
        folder = self.box.home.parent / name
        folder.mkdir(exist_ok=True)
        return folder

    def write(self, files: dict, name: str = "outside") -> Path:
        folder = self.folder(name)
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    def find(self, query: str) -> list[dict]:
        return self.owner.call("memory.search", query=query)["results"]

    def found(self, query: str) -> dict:
        """The item that is found first, whole."""
        results = self.find(query)
        self.assertTrue(results, f"nothing is found by {query}")
        return self.owner.call("memory.item", item=results[0]["item"])

    def text(self, item: dict) -> str:
        return "".join(passage["text"] for passage in item["passages"])

    def failures(self, source: str) -> dict[str, str]:
        """Reasons by place."""
        listed = next(one for one in self.owner.call("memory.sources")["sources"] if one["id"] == source)
        return {one["place"]: one["reason"] for one in listed["failures"]}

    def original(self, item: dict) -> bytes:
        output = self.owner.call("memory.original", item=item["id"])
        return output["text"].encode() if output.get("text") is not None else base64.b64decode(output["base64"])

    # --- documents ---

    def test_documents_of_every_kind(self):
        folder = self.write({
            "letter.docx": make.docx(["The landlord will replace the windows in April.", "房东四月更换窗户。"]),
            "talk.pptx": make.pptx(["Photosynthesis begins with light.", "Second slide about chlorophyll."]),
            "budget.xlsx": make.xlsx(),
            "diary.odt": make.odt(["We swam in the lake at midnight.", "我们半夜在湖里游泳。"]),
            "harvest.ods": make.ods(),
            "book.epub": make.epub(["The keeper lit the lamp.", "A storm drowned the harbour."]),
            "recipe.rtf": make.rtf("Bake the rhubarb cake for forty minutes. 烤四十分钟。"),
            "contract.pdf": make.pdf(["The deposit is two thousand euros.", "Notice must be given in writing."]),
            "chinese.pdf": make.pdf(["合同规定押金两千元"], title="contract", chinese=True),
            "vault/Trip.md": "---\ntags: [travel, 北京]\naliases:\n  - Spring journey\ndate: 2024-04-02\n---\n# Trip\n\nWe meet [[Zhang Wei|Wei]] at ![[station.png]] #plans\n",
            "old.csv": "姓名,城市\n小明,哈尔滨\n".encode("gb18030"),
            "tool.py": "def water_the_orchids(amount):\n    return amount * 2\n",
            "README": "Plain words without an ending: quokka.\n",
            "data.json": '{"unread": "wombat"}',
        })
        result = self.read(folder)
        self.assertEqual((result["added"], result["failed"], result["passed_over"]), (13, 0, 1), self.failures(result["source"]))
        for query, title, sentence in [
                ("landlord windows", "The letter", "The landlord will replace the windows in April."), ("更换窗户", "The letter", "房东四月更换窗户。"),
                ("tulips", "The letter", "A foot note about tulips."), ("photosynthesis", "The talk", "Photosynthesis begins with light."),
                ("breathe", "The talk", "Remember to breathe."), ("roof repair", "The budget", "Roof repair\t1250.5\t2024-03-05"),
                ("屋顶维修", "The budget", "屋顶维修\t明年"), ("lake midnight", "The diary", "We swam in the lake at midnight."),
                ("strawberries", "harvest", "Strawberries"), ("storm harbour", "The lighthouse", "A storm drowned the harbour."),
                ("rhubarb", "The recipe", "Bake the rhubarb cake for forty minutes. 烤四十分钟。"), ("旧的编码", "The recipe", "café 旧的编码"),
                ("deposit euros", "The contract", "The deposit is two thousand euros."), ("押金", "contract", "合同规定押金两千元"),
                ("哈尔滨", "old", "小明,哈尔滨"), ("orchids", "tool", "def water_the_orchids(amount):"), ("quokka", "README", "quokka"),
                ("spring journey", "Trip", "We meet Wei at station.png")]:
            item = self.found(query)
            self.assertEqual(item["title"], title, query)
            self.assertIn(sentence, self.text(item), query)
        for absent in ("deletedword", "fallbackword", "unseenword", "wombat"):
            self.assertEqual(self.find(f'"{absent}"'), [], absent)
        letter = self.found("landlord windows")
        self.assertEqual((letter["people"][0]["name"], letter["time"], letter["certainty"], letter["tags"]), ("Ann", "2024-03-05T10:20:30.000Z", "exact", ["garden", "花园"]))
        self.assertEqual(self.found("rhubarb")["time"], "2022-05-06T07:08:00.000Z")
        self.assertEqual(self.found("deposit euros")["time"], "2024-03-05T10:20:30.000Z")
        trip = self.found("spring journey")
        self.assertEqual((trip["tags"], trip["kind"], trip["certainty"], trip["time"]), (["travel", "北京", "plans"], "note", "day", "2024-04-02T00:00:00.000Z"))
        # Pages stand apart: each begins a passage, after a form feed.
        self.assertEqual([passage["text"].strip("\n") for passage in self.found("deposit euros")["passages"]],
                         ["The deposit is two thousand euros.", "\fNotice must be given in writing."])
        self.assertEqual(self.read(folder)["added"], 0)

    # --- archives ---

    def test_archives_are_read_member_by_member(self):
        box = self.folder() / "all.mbox"
        self.mbox(box, [("Harvest", "The pears are ripe.\n", [])])
        inner = make.tar_gz({"deep/绿茶.txt": "绿茶要用八十度的水。".encode(), "b.txt": b"gzip keeps this tortoise"})
        archive = make.zipped({"Takeout/Mail/all.mbox": box.read_bytes(), "notes/plan.md": "# Plan\n\nbuy saffron", "inner.tar.gz": inner,
                               "../../evil\n.txt": "hostile pangolin", "same.txt": "first ocelot", "stored.txt": "stored lemur", "picture.xyz": b"\0\1"}, ("stored.txt",))
        box.unlink()
        folder = self.write({"export.zip": archive,
                             "locked.zip": make.encrypted(make.zipped({"secret.txt": "x", "open.txt": "open capybara"}), "secret.txt"),
                             "log.txt.gz": gzip.compress(b"zipped heron\n")})
        result = self.read(folder)
        self.assertEqual(self.failures(result["source"]), {"locked.zip/#secret.txt": "It is encrypted."})
        self.assertEqual((result["added"], result["passed_over"]), (9, 1))
        for query, place in [("pears", "export.zip/#Takeout/Mail/all.mbox/#"), ("saffron", "export.zip/#notes/plan.md"),
                             ("绿茶", "export.zip/#inner.tar.gz/#deep/绿茶.txt"), ("tortoise", "export.zip/#inner.tar.gz/#b.txt"),
                             ("pangolin", "export.zip/#evil_.txt"), ("lemur", "export.zip/#stored.txt"), ("capybara", "locked.zip/#open.txt"),
                             ("heron", "log.txt.gz/#log.txt")]:
            self.assertIn(place, self.found(query)["origins"][0], query)
        self.assertEqual(self.original(self.found("tortoise")), b"gzip keeps this tortoise")
        self.assertEqual(self.original(self.found("lemur")), b"stored lemur")
        self.assertEqual(self.read(folder)["added"], 0)
        # A zip may also be the source itself, of any kind.
        self.assertEqual(self.read(folder / "export.zip", "mail")["known"], 1)

    # --- attachments ---

    def mbox(self, path: Path, mails) -> None:
        box = mailbox.mbox(path)
        for number, (subject, text, files) in enumerate(mails):
            box.add(self.mail(subject, text, files, number))
        box.close()

    def mail(self, subject: str, text: str, files, number: int = 0) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "Ann <ann@example.org>", "bo@example.org", subject
        message["Date"], message["Message-ID"] = f"Mon, {1 + number} May 2023 09:00:00 +0200", f"<{number}@papers.example.org>"
        message.set_content(text)
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return message

    def test_attachments_are_parts_of_their_mail(self):
        inner = self.mail("Inside", "the nested ferret\n", [("deep.txt", b"deepest marmot")], 7)
        path = self.folder() / "mail.mbox"
        self.mbox(path, [("Papers", "See the attached letter.\n", [("letter.docx", make.docx(["The boiler guarantee ends in June."])),
                                                                   ("all.zip", make.zipped({"a.txt": "zipped axolotl"})),
                                                                   ("inner.eml", inner.as_bytes()), ("x.bin", b"\0\1\2")]),
                         ("Other", "No attachment here.\n", [])])
        result = self.read(path, "mail")
        self.assertEqual((result["added"], result["failed"]), (6, 0))
        mail = self.found('"attached letter"')
        for query in ("guarantee", "axolotl", "ferret"):
            part = self.found(query)
            self.assertEqual(part["part_of"], mail["id"], query)
            self.assertIn(part["id"], mail["parts"])
            self.assertEqual(part["label"]["integrity"] if "label" in part else "untrusted", "untrusted")
        self.assertEqual(self.found("marmot")["part_of"], self.found("ferret")["id"])
        self.assertEqual(self.original(self.found("axolotl")), b"zipped axolotl")
        job = self.owner.call("memory.forget", item=mail["id"])["job"]
        self.assertEqual(self.finished(job)["state"], "done")
        for query in ("guarantee", "axolotl", "ferret", "marmot"):
            self.assertEqual(self.find(query), [], query)
        self.assertEqual(self.read(path, "mail")["added"], 0)

    def test_what_needs_pages_is_handed_over_in_the_middle(self):
        # hearth-extract reads as far as it can; hearth-extract-pages goes on, and nothing is told or counted twice.
        paper = make.pdf(["A page about the capercaillie."])
        archive = make.zipped({"a.txt": "the first wigeon", "broken.docx": make.docx(["lost"])[:200], "unknown.xyz": b"\0\1", "b.txt": "the second wigeon",
                               "c.pdf": paper, "d.txt": "the third wigeon"})
        result = self.read(self.write({"export.zip": archive}))
        self.assertEqual((result["added"], result["known"], result["failed"], result["passed_over"]), (4, 0, 1, 1), result)
        self.assertEqual(len(self.find("wigeon")), 3)
        self.assertTrue(self.find("capercaillie"))
        path = self.folder() / "mail.mbox"
        self.mbox(path, [("One", "the early plover\n", [("note.txt", b"an attached godwit")]),
                         ("Two", "the late plover\n", [("note.txt", b"another godwit"), ("paper.pdf", make.pdf(["A page about the ptarmigan."])), ("last.txt", b"the last godwit")]),
                         ("Three", "the last plover\n", [("paper.pdf", make.pdf(["Notes on the bittern."]))])])
        result = self.read(path, "mail")
        self.assertEqual((result["added"], result["known"], result["failed"]), (8, 0, 0), result)
        self.assertEqual((len(self.find("plover")), len(self.find("godwit"))), (3, 3))
        self.assertEqual(self.found("ptarmigan")["part_of"], self.found('"late plover"')["id"])
        self.assertTrue(self.find("bittern"))

    def test_a_mail_that_is_replaced_takes_its_parts_along(self):
        folder = self.write({"one.eml": self.mail("A", "first words\n", [("a.txt", b"attached badger")]).as_bytes()})
        self.assertEqual(self.read(folder, "mail")["added"], 2)
        self.assertTrue(self.find("badger"))
        self.write({"one.eml": self.mail("B", "other words of another length\n", [("b.txt", b"attached weasel")]).as_bytes()})
        self.assertEqual(self.read(folder, "mail")["added"], 2)
        self.assertEqual(self.find("badger"), [])
        self.assertTrue(self.find("weasel"))
        self.assertEqual(self.owner.call("memory.sources")["sources"][0]["items"], 2)

    # --- photos, pages, recordings ---

    def test_photos_say_when_and_where(self):
        exif = make.exif_block()
        try:
            picture = make.jpeg(exif)
        except make.NoPictures as why:
            self.skipTest(f"no pictures can be drawn: {why}")
        folder = self.write({"harbour.jpg": picture, "mountain.heic": make.heic(exif), "IMG_20230604_111213.jpg": make.jpeg(), "tiny.png": b"\x89PNG\r\n\x1a\n" + bytes(100)})
        result = self.read(folder)
        self.assertEqual((result["added"], result["failed"], result["passed_over"]), (3, 0, 1))
        for name, kind in (("harbour", "image/jpeg"), ("mountain", "image/heic")):
            photo = self.found(name)
            self.assertEqual((photo["kind"], photo["type"], photo["time"], photo["zone"], photo["certainty"]), ("photo", kind, "2024-05-01T10:30:00.000Z", 480, "exact"))
            self.assertAlmostEqual(photo["places"][0]["latitude"], 39.9042, 4)
            self.assertAlmostEqual(photo["places"][0]["longitude"], 116.4074, 4)
        self.assertEqual({one["title"] for one in self.find("Kodiak")}, {"harbour", "mountain"})
        self.assertEqual(self.found("IMG_20230604_111213")["time"], "2023-06-04T11:12:13.000Z")

    def test_text_in_pictures_is_read(self):
        try:
            english = make.picture_of(["The deposit is two thousand euros", "and the keys are in the blue box"])
            chinese = make.picture_of(["合同规定押金两千元", "钥匙在蓝色的盒子里"])
            page = make.picture_of(["Invoice for the garden fence"], "JPEG")
        except make.NoPictures as why:
            self.skipTest(f"no pictures can be drawn: {why}")
        if not Path("/usr/share/tesseract-ocr/5/tessdata/chi_sim.traineddata").exists():
            self.skipTest("tesseract-ocr-chi-sim is not installed")
        folder = self.write({"a.png": english, "b.png": chinese, "scan.pdf": make.scanned_pdf(page, 1100, 130)})
        result = self.read(folder)
        self.assertEqual((result["added"], result["failed"]), (3, 0), self.failures(result["source"]))
        self.assertEqual(self.found("blue box keys")["title"], "a")
        self.assertEqual(self.found("押金两千元")["title"], "b")
        self.assertEqual(self.found("garden fence")["title"], "scan")

    def test_a_line_of_chinese_on_an_english_page_is_read(self):
        english = ["The quick delivery of your order has been", "confirmed by our staff. Please keep this", "receipt for your records and the guarantee.",
                   "All goods may be returned within thirty", "days of the purchase at the counter."]
        try:
            picture = make.picture_of([*english, "收货地址：上海市浦东新区世纪大道"])
        except make.NoPictures as why:
            self.skipTest(f"no pictures can be drawn: {why}")
        if not Path("/usr/share/tesseract-ocr/5/tessdata/chi_sim.traineddata").exists():
            self.skipTest("tesseract-ocr-chi-sim is not installed")
        self.read(self.write({"receipt.png": picture}))
        self.assertEqual(self.found("上海市浦东新区世纪大道")["title"], "receipt")
        self.assertEqual(self.found("confirmed by our staff")["title"], "receipt")

    def test_recordings_are_kept_with_their_length(self):
        folder = self.write({"2024-05-01 10.30.00.wav": make.wav(90), "song.mp3": make.mp3("茉莉花", "Bo", 20)})
        result = self.read(folder)
        self.assertEqual((result["added"], result["failed"]), (2, 0))
        song = self.found("茉莉花")
        self.assertEqual((song["kind"], song["type"], song["people"][0]["name"]), ("audio", "audio/mpeg", "Bo"))
        self.assertEqual(self.original(song), make.mp3("茉莉花", "Bo", 20))
        memo = self.found("2024-05-01")
        self.assertEqual((memo["time"], memo["until"]), ("2024-05-01T10:30:00.000Z", "2024-05-01T10:31:30.000Z"))

    # --- broken inputs ---

    def test_broken_inputs_cost_themselves_alone(self):  # bombs: test_broken_inputs.py
        good = {"docx": make.docx(["one"] * 50), "pptx": make.pptx(["one"] * 9), "xlsx": make.xlsx(), "odt": make.odt(["one"] * 50), "epub": make.epub(["one"] * 5),
                "pdf": make.pdf(["one two three"] * 5), "rtf": make.rtf("one " * 100), "zip": make.zipped({f"{n}.txt": f"one {n}" * 50 for n in range(20)}),
                "tar": make.tar({f"{n}.txt": b"one" * 300 for n in range(9)}), "tar.gz": make.tar_gz({f"{n}.txt": os.urandom(300).hex().encode() for n in range(9)}),
                "mp3": make.mp3("x", "y", 3), "wav": make.wav(1), "heic": make.heic(make.exif_block()), "eml": self.mail("A", "words", [("a.docx", make.docx(["x"]))]).as_bytes()}
        files = {}
        for kind, content in good.items():
            files[f"{kind}/half.{kind}"] = content[:len(content) // 2]
            files[f"{kind}/short.{kind}"] = content[:40]
            files[f"{kind}/empty.{kind}"] = b""
            for every in (7, 97, 501):
                files[f"{kind}/flipped{every}.{kind}"] = make.flipped(content, every)
        folder = self.write({**files, "zz/good.txt": "the surviving armadillo"})
        os.close(os.open(os.fsencode(folder) + b"/\xff\xfe bad\nname.txt", os.O_CREAT | os.O_WRONLY))
        (folder / ("x" * 250 + ".md")).write_text("long-named gecko")
        started = self.owner.call("memory.import", kind="folder", path=str(folder))
        job = self.finished(started["job"], 300)
        self.assertEqual(job["state"], "done", job["error"])
        failures = self.failures(started["source"])
        for place in ("zip/half.zip", "docx/half.docx", "xlsx/short.xlsx", "pdf/short.pdf"):
            self.assertIn(place, failures)
        for query in ("armadillo", "gecko"):
            self.assertTrue(self.find(query), query)


if __name__ == "__main__":
    unittest.main()
