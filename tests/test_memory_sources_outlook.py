"""Outlook data files, Unicode and ANSI, come into the memory: mails with what is attached, contacts, appointments, notes and tasks."""

import base64
import random
import shutil
import struct
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from pathlib import Path

import make_papers as make
from box import BoxTestCase, wait_until
from make_pst import INT32, STRING, Pst

WHEN = datetime(2024, 3, 5, 10, 20, 30, tzinfo=timezone.utc)


def weekly(start: datetime, days: int, times: int) -> bytes:
    """A rule ([MS-OXOCAL] 2.2.1.44.1): every week on these days (bit 0: Sunday)."""
    minutes = int((start - datetime(1601, 1, 1, tzinfo=timezone.utc)).total_seconds() // 60)
    rule = struct.pack("<HHHHHIIII", 0x3004, 0x3004, 0x200B, 1, 0, 0, 1, 0, days)
    return rule + struct.pack("<IIIIIII", 0x2022, times, 0, 0, 0, minutes, minutes)


def whole_store(wide: bool = True) -> Pst:
    store = Pst(wide, "cp1252" if wide else "cp936")
    inbox = store.folder("Inbox")
    garden = store.folder("花园", inbox)
    inbox.mail("Boiler", "It leaks badly. 锅炉漏水。\r\n\r\nOn Monday, Bo wrote:\r\n> Is it old?\r\n", "<p>It <b>leaks</b> badly.</p>", ("Ann", "ann@example.org"), [("Bo", "bo@example.org")], sent=WHEN,
               headers="Received: from a.example.org by b.example.org; Tue, 5 Mar 2024 11:20:31 +0100\r\nFrom: Ann <ann@example.org>\r\nTo: Bo <bo@example.org>\r\n"
                       "Subject: Boiler\r\nDate: Tue, 5 Mar 2024 11:20:30 +0100\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
                       "Content-Type: multipart/mixed;\r\n\tboundary=\"gone\"\r\n\r\n--gone\r\nContent-Type: text/plain\r\n",
               attachments=[{"name": "letter.docx", "bytes": make.docx(["The boiler guarantee ends in June. " + "Filler. " * 2000]), "type": "application/octet-stream"},
                            {"name": "花.txt", "bytes": "附件里的雪貂".encode()},
                            {"name": "logo.png", "bytes": b"\x89PNG", "type": "image/png", "id": "logo@1"},
                            {"name": "Inside", "message": {"subject": "Inside", "body": "the nested ferret", "sender": ("小明", "xm@example.org"),
                                                           "attachments": [{"name": "deep.txt", "bytes": b"deepest marmot"}]}}])
    inbox.mail("Re: Boiler", "Call the plumber.", None, ("Bo", "bo@example.org"), [("Ann", "ann@example.org")], sent=WHEN + timedelta(hours=1),
               message_id="<2@example.org>", in_reply_to="<1@example.org>")
    garden.mail("回复", "番茄 " * 4000, None, ("小明", "/O=OFFICE/CN=XIAOMING"), [("小明的妈妈", "m@example.org"), ("", "bo@example.org")], [("Ann", "ann@example.org")],
                sent=WHEN, conversation=bytes(range(22)))
    garden.mail("Only a page", None, "<html><body><p>Quokka 短尾袋鼠</p></body></html>", ("Bo", "bo@example.org"), sent=WHEN)
    store.folder("Contacts", kind="IPF.Contact").contact("Ann Smith", given="Ann", surname="Smith", mail="ann@example.org", mobile="+49 170 1234567", company="Garden & Sons",
                                                         birthday=datetime(1980, 5, 16, 22, tzinfo=timezone.utc), note="Met in Lisbon.")
    calendar = store.folder("Calendar", kind="IPF.Appointment")
    calendar.appointment("Dentist", WHEN, WHEN + timedelta(hours=1), "Bring the card.", "Main street 5")
    calendar.appointment("Choir", WHEN, WHEN + timedelta(hours=2), "Sing.", recurrence=weekly(WHEN, 0b100, 10))
    calendar.appointment("Holiday", datetime(2024, 5, 9, 22, tzinfo=timezone.utc), datetime(2024, 5, 10, 22, tzinfo=timezone.utc), all_day=True)
    store.folder("Notes", kind="IPF.StickyNote").note("Buy saffron\r\nand milk", WHEN)
    store.folder("Tasks", kind="IPF.Task").task("Water the orchids", "Twice a week.", WHEN)
    return store


class Outlook(BoxTestCase):
    def finished(self, job: str, seconds: float = 120) -> dict:
        def ended():
            found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        return wait_until(ended, seconds, f"job {job}")

    def read(self, path: Path, kind: str | None = None) -> dict:
        started = self.owner.call("memory.import", path=str(path), **({"kind": kind} if kind else {}))
        job = self.finished(started["job"])
        self.assertEqual(job["state"], "done", job["error"])
        return {**job["result"], "source": started["source"]}

    def path(self, name: str, content: bytes | None = None) -> Path:
        path = self.box.home.parent / name
        if content is not None:
            path.write_bytes(content)
        return path

    def results(self, query: str, **fields) -> list[dict]:
        return self.owner.call("memory.search", query=query, **fields)["results"]

    def found(self, query: str, **fields) -> dict:
        results = self.results(query, **fields)
        self.assertTrue(results, f"nothing is found by {query}")
        return self.owner.call("memory.item", item=results[0]["item"])

    def text(self, item: dict) -> str:
        return "".join(passage["text"] for passage in item["passages"])

    def original(self, item: dict) -> bytes:
        output = self.owner.call("memory.original", item=item["id"])
        return output["text"].encode() if output.get("text") is not None else base64.b64decode(output["base64"])

    def source(self, number: str) -> dict:
        return next(one for one in self.owner.call("memory.sources")["sources"] if one["id"] == number)

    # --- ---

    def test_the_files_are_true_ones(self):
        """What the other tests read is read by somebody else's program as well."""
        if not shutil.which("readpst"):
            self.skipTest("pst-utils is not installed")
        for wide in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "a.pst")
                path.write_bytes(whole_store(wide).bytes())
                output = subprocess.run(["readpst", "-j0", "-D", "-e", "-o", folder, path], capture_output=True, timeout=60)
                self.assertEqual(output.returncode, 0, output.stdout)
                self.assertIn(b'"Inbox" - 3 items done, 0 items skipped.', output.stdout)
                self.assertEqual(len(list(Path(folder).rglob("*.eml"))), 4)
                self.assertEqual((len(list(Path(folder).rglob("*.vcf"))), len(list(Path(folder).rglob("*.ics")))), (1, 3))

    def test_everything_in_a_file(self):
        for wide in (True, False):
            with self.subTest(wide=wide):
                self.check_everything(wide)

    def check_everything(self, wide: bool):
        path = self.path("outlook.pst", whole_store(wide).bytes())
        result = self.read(path)
        source = self.source(result["source"])
        self.assertEqual((source["kind"], source["failures"]), ("mail", []))
        # 4 mails; 4 parts: letter, 花.txt, and the text in the mail inside the mail belongs to its mail; 1 contact, 3 events, 1 note, 1 task
        self.assertEqual(result["failed"], 0)
        mail = self.found("leaks badly")
        self.assertEqual((mail["kind"], mail["title"], mail["time"], mail["zone"]), ("mail", "Boiler", "2024-03-05T10:20:30.000Z", 60))
        self.assertEqual([(one["role"], one["name"], one["address"]) for one in mail["people"]], [("author", "Ann", "ann@example.org"), ("to", "Bo", "bo@example.org")])
        self.assertIn("锅炉漏水。", self.text(mail))
        self.assertNotIn("Is it old?", self.text(mail))
        self.assertIn("the nested ferret", self.text(mail))
        self.assertEqual(mail["tags"], ["Inbox"])
        self.assertIn("outlook.pst/#", mail["origins"][0])
        self.assertEqual(sorted(one["name"] for one in mail["attachments"])[:2], ["deep.txt", "letter.docx"])
        for query in ("guarantee", "雪貂", "marmot"):
            self.assertEqual(self.found(query)["part_of"], mail["id"], query)
        kept = message_from_bytes(self.original(mail), policy=policy.default)
        self.assertEqual((kept["Subject"], kept["Message-ID"], kept.get_content_type()), ("Boiler", "<1@example.org>", "multipart/mixed"))
        self.assertIn("<b>leaks</b>", kept.get_body(("html",)).get_content())
        self.assertEqual([one.get_payload(decode=True) for one in kept.iter_attachments() if one.get_filename() == "花.txt"], ["附件里的雪貂".encode()])

        answer = self.found("plumber")
        self.assertEqual([one["title"] for one in answer["thread"]], ["Boiler", "Re: Boiler"])
        self.assertEqual(answer["people"][1], {**answer["people"][1], "role": "to", "name": "Ann"})

        chinese = self.found("番茄")
        self.assertEqual((chinese["title"], chinese["tags"], len(self.text(chinese).split())), ("回复", ["Inbox", "花园"], 4000))
        self.assertEqual({(one["role"], one["name"] or one["address"]) for one in chinese["people"]},
                         {("author", "小明"), ("to", "小明的妈妈"), ("to", "bo@example.org"), ("copy", "Ann")})
        self.assertIn("短尾袋鼠", self.text(self.found("quokka")))

        card = self.found("Lisbon")
        self.assertEqual((card["kind"], card["title"]), ("contact", "Ann Smith"))
        self.assertEqual({one["address"] for one in card["people"]}, {"ann@example.org", "tel:+491701234567"})
        self.assertIn("Garden & Sons", self.text(card))
        self.assertIn("1980-05-17", self.text(card))
        event = self.found("dentist", kinds=["event"])
        self.assertEqual((event["time"], event["until"], event["places"][0]["name"]), ("2024-03-05T10:20:30.000Z", "2024-03-05T11:20:30.000Z", "Main street 5"))
        self.assertIn("every week on Tuesday", self.text(self.found("choir", kinds=["event"])))
        self.assertEqual((self.found("holiday", kinds=["event"])["certainty"], self.found("holiday", kinds=["event"])["time"][:10]), ("day", "2024-05-10"))
        note = self.found("saffron")
        self.assertEqual((note["kind"], note["title"], note["tags"], self.original(note)), ("note", "Buy saffron", ["Notes"], b"Buy saffron\nand milk"))
        self.assertEqual(self.found("orchids")["kind"], "task")

        again = self.read(path)
        self.assertEqual((again["added"], again["known"], again["failed"]), (0, 1, 0), "an unchanged file is passed by")
        job = self.owner.call("memory.forget", source=result["source"])["job"]
        self.assertEqual(self.finished(job)["state"], "done")
        for query in ("leaks", "guarantee", "番茄", "dentist"):
            self.assertEqual(self.results(query), [], query)

    def test_a_file_that_changed_adds_what_is_new(self):
        store = Pst()
        inbox = store.folder("Inbox")
        for number in range(300):
            inbox.mail(f"Mail {number}", f"word{number} is here", sender=("Ann", "ann@example.org"), sent=WHEN + timedelta(minutes=number))
        path = self.path("mail.pst", store.bytes())
        self.assertEqual(self.read(path)["added"], 300)
        inbox.mail("New", "a fresh heron", sender=("Bo", "bo@example.org"), sent=WHEN)
        path.write_bytes(store.bytes())
        again = self.read(path)
        self.assertEqual((again["added"], again["known"], again["failed"]), (1, 300, 0))
        self.assertEqual(self.found("heron")["title"], "New")
        # The same mails in an mbox are the same items: each has two origins.
        folder = self.path("folder")
        folder.mkdir()
        shutil.copy(path, folder / "copy.pst")
        copied = self.read(folder)
        self.assertEqual((copied["added"], copied["known"]), (0, 301))
        self.assertEqual(len(self.found("heron")["origins"]), 2)

    def test_killed_in_the_middle_nothing_is_doubled_or_lost(self):
        store = Pst()
        inbox = store.folder("Inbox")
        for number in range(3000):
            inbox.mail(f"Mail {number}", f"word{number} is here " + "and more " * 100, sender=("Ann", "ann@example.org"), sent=WHEN + timedelta(minutes=number))
        path = self.path("mail.pst", store.bytes())
        started = self.owner.call("memory.import", path=str(path))
        wait_until(lambda: self.source(started["source"])["items"] > 200, 60, "some items")
        self.box.kill9()
        self.box.start()
        self.owner = self.box.sign_in()
        job = self.finished(started["job"])
        self.assertEqual(job["state"], "done", job["error"])
        self.assertEqual(self.source(started["source"])["items"], 3000)
        self.assertLess(job["result"]["known"], 2800, "it went on where it was")

    def test_damage_costs_what_it_hits(self):
        store = Pst()
        inbox = store.folder("Inbox")
        for number in range(40):
            inbox.mail(f"Mail {number}", f"word{number} is here", sender=("Ann", "ann@example.org"), sent=WHEN, extra={0x3FFD: (INT32, 65001), 0x1042: (STRING, "<x@example.org>")})
        whole = store.bytes()
        folder = self.path("mails")
        folder.mkdir()
        (folder / "good.pst").write_bytes(whole)
        (folder / "cut.pst").write_bytes(whole[:len(whole) // 2])
        (folder / "head.pst").write_bytes(whole[:100])
        (folder / "version.pst").write_bytes(whole[:10] + b"\x63\0" + whole[12:])
        (folder / "zeros.pst").write_bytes(whole[:564] + bytes(len(whole) - 564))
        hurt = bytearray(whole)
        for at in range(0x4800, len(hurt), 1499):
            hurt[at] ^= 0x55
        (folder / "hurt.pst").write_bytes(hurt)
        result = self.read(folder, "mail")
        reasons = {one["place"].split("/#")[0]: one["reason"] for one in self.source(result["source"])["failures"]}
        self.assertLessEqual({"cut.pst", "head.pst", "version.pst", "zeros.pst"}, set(reasons))
        self.assertIn("cut off", reasons["cut.pst"])
        self.assertIn("version 99", reasons["version.pst"])
        for number in range(40):
            origins = [origin for one in self.results(f"word{number}") for origin in self.owner.call("memory.item", item=one["item"])["origins"]]
            self.assertTrue([origin for origin in origins if "good.pst/#" in origin], number)

    def test_noise_never_ends_the_import(self):
        """libpst trusts what it reads; what ends its process costs an item or a file."""
        chance, folder = random.Random(7), self.path("noise")
        folder.mkdir()
        for wide in (True, False):
            whole = whole_store(wide).bytes()
            (folder / f"good{wide}.pst").write_bytes(whole)
            for number in range(30):
                hurt = bytearray(whole)
                for _ in range(chance.choice((1, 10, 100, 1000))):
                    at = chance.randrange(len(hurt)) if number % 2 else chance.choice((0, len(hurt) - 20_000)) + chance.randrange(20_000)
                    hurt[at] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
                (folder / f"{wide}-{number}.pst").write_bytes(hurt)
        result = self.read(folder, "mail")
        self.assertTrue(all(one["reason"] for one in self.source(result["source"])["failures"]))
        origins = [origin for one in self.results("leaks badly") for origin in self.owner.call("memory.item", item=one["item"])["origins"]]
        self.assertTrue([origin for origin in origins if "goodTrue.pst/#" in origin], origins)

    def test_in_an_archive(self):
        path = self.path("backup.zip", make.zipped({"old/mail.pst": whole_store().bytes()}))
        result = self.read(path, "mail")
        self.assertEqual(result["failed"], 0)
        self.assertIn("backup.zip/#old/mail.pst/#", self.found("leaks badly")["origins"][0])


if __name__ == "__main__":
    unittest.main()
