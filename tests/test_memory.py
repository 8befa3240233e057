"""The memory from outside: mail and notes come in, are found, cited and forgotten, whatever happens meanwhile."""

import json
import mailbox
import random
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from email.header import Header
from email.mime.text import MIMEText
from pathlib import Path

from box import BIN, TOP, BoxTestCase, Failure, wait_until

REAL_MAIL = TOP.parent / "shared" / "data" / "mail"


def write_mbox(path: Path, messages) -> int:
    """An mbox of (subject, text) pairs, with headers as a mail program writes them."""
    box = mailbox.mbox(path)
    count = 0
    for number, (subject, text) in enumerate(messages):
        message = MIMEText(text)
        message["From"] = "Ann Lee <ann@example.com>"
        message["To"] = "bob@example.com"
        message["Subject"] = Header(" ".join(subject.split()))
        message["Date"] = f"Mon, {1 + number % 28:02} May 2023 {number % 24:02}:{number % 60:02}:00 +0200"
        message["Message-ID"] = f"<{number}@{path.stem}.example.com>"
        box.add(message)
        count += 1
    box.close()
    return count


class Memory(BoxTestCase):
    def finished(self, job: str, seconds: float = 60) -> dict:
        def ended():
            found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        return wait_until(ended, seconds, f"job {job}")

    def read(self, kind: str, path: Path | str) -> dict:
        started = self.owner.call("memory.import", kind=kind, path=str(path))
        job = self.finished(started["job"])
        self.assertEqual(job["state"], "done", job["error"])
        return {**job["result"], "source": started["source"]}

    def home_holds(self, text: str) -> list[str]:
        """Files of the box's home that hold the text."""
        wanted = text.encode()
        return [str(path.relative_to(self.box.home)) for path in self.box.home.rglob("*") if path.is_file() and wanted in path.read_bytes()]

    def folder(self) -> Path:
        folder = self.box.home.parent / "outside"
        folder.mkdir(exist_ok=True)
        return folder

    def test_a_question_finds_what_says_it_in_other_words_and_a_search_does_not(self):
        self.assertTrue((BIN.parents[1] / "words.vec").exists(), "build/words.vec was not made: scripts/build.sh words")
        notes = self.folder() / "music"
        notes.mkdir()
        (notes / "monday.txt").write_text("The violin was tuned again.", encoding="utf-8")
        (notes / "tuesday.txt").write_text("The gutter was cleaned.", encoding="utf-8")
        self.read("folder", notes)
        found = self.owner.call("memory.search", query="Where is the piano?")["results"]
        self.assertEqual([one["title"] for one in found], ["monday"])
        self.assertEqual(found[0]["why"], [{"kind": "meaning", "text": ""}])
        self.assertEqual(self.owner.call("memory.search", query="piano")["results"], [])

    def test_mail_and_notes_are_asked_in_both_languages(self):
        write_mbox(self.folder() / "inbox.mbox", [("Boiler", "The plumber comes on Tuesday at nine.\n"), ("会议", "我们星期三在北京大学开会。\n")])
        notes = self.folder() / "notes"
        notes.mkdir()
        (notes / "cake.md").write_text("# Cake\n\nThe cake needs three eggs and butter.")
        self.assertEqual(self.read("mail", self.folder() / "inbox.mbox")["added"], 2)
        self.assertEqual(self.read("folder", notes)["added"], 1)
        for question, sentence, title in [("When does the plumber come?", "The plumber comes on Tuesday at nine.", "Boiler"),
                                          ("什么时候在北京大学开会？", "我们星期三在北京大学开会。", "会议"),
                                          ("How many eggs does the cake need?", "The cake needs three eggs and butter.", "Cake")]:
            answer = self.owner.call("memory.ask", question=question)
            self.assertTrue(answer["answered"], question)
            self.assertEqual(answer["answer"], sentence)
            citation = answer["citations"][0]
            self.assertEqual(citation["title"], title)
            start = citation["sentence_start"]
            self.assertEqual(citation["text"][start:start + citation["sentence_length"]], sentence)
            item = self.owner.call("memory.item", item=citation["item"])
            self.assertIn(sentence, "".join(passage["text"] for passage in item["passages"]))
        self.assertFalse(self.owner.call("memory.ask", question="Who won the regatta in Lisbon?")["answered"])

    def test_real_mail_is_found_by_its_words(self):
        files = sorted(REAL_MAIL.glob("*.jsonl")) if REAL_MAIL.is_dir() else []
        if not files:
            self.skipTest(f"the real mail is absent: {REAL_MAIL}")
        mails = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        count = write_mbox(self.folder() / "real.mbox", [(one["subject"], one["email"]) for one in mails])
        result = self.read("mail", self.folder() / "real.mbox")
        self.assertEqual(result["added"], count)
        self.assertEqual(result["failed"], 0)
        found = 0
        for one in mails:
            words = sorted(set(one["email"].split()), key=len)[-6:]
            results = self.owner.call("memory.search", query=" ".join(words), limit=3)["results"]
            found += any(one["subject"].split() == hit["title"].split() for hit in results)
        self.assertGreaterEqual(found, 0.95 * len(mails))

    def test_a_file_of_ones_own_files_is_read(self):
        self.owner.call("files.write", path="/note.txt", text="The spare key lies under the blue pot.")
        self.assertEqual(self.read("folder", "/note.txt")["added"], 1)
        self.assertEqual(self.owner.call("memory.ask", question="Where is the spare key?")["answer"], "The spare key lies under the blue pot.")
        self.assertFails("not_found", self.owner.call, "memory.import", kind="mail", path="/no/such/box.mbox")

    def test_an_app_needs_a_grant(self):
        app, principal = self.box.token("app", "reader")
        self.assertFails("forbidden", app.call, "memory.search", query="x")
        self.owner.call("grants.create", principal=principal, operations=["memory.search"])
        self.assertEqual(app.call("memory.search", query="x")["results"], [])

    def test_nothing_is_lost_or_doubled_by_kills(self):
        count = write_mbox(self.folder() / "big.mbox", [(f"Letter {n}", f"unique{n} words of letter {n}\n" * 5) for n in range(4000)])
        job = self.owner.call("memory.import", kind="mail", path=str(self.folder() / "big.mbox"))["job"]
        chance = random.Random(4)
        for _ in range(6):
            time.sleep(chance.uniform(0.05, 0.3))
            self.box.kill9()
            self.box.start()
        done = self.finished(job, 120)
        self.assertEqual((done["state"], done["result"]["added"], done["result"]["failed"]), ("done", count, 0))
        source = self.owner.call("memory.sources")["sources"][0]
        self.assertEqual(source["items"], count)
        self.assertEqual(self.read("mail", self.folder() / "big.mbox")["added"], 0)
        for n in chance.sample(range(4000), 20):
            results = self.owner.call("memory.search", query=f"unique{n}")["results"]
            self.assertEqual([one["title"] for one in results], [f"Letter {n}"])

    def test_of_many_passages_the_first_are_found_and_more_follow(self):
        birds = [f"bird{n:02}" for n in range(50)]
        path = self.folder() / "chat.csv"
        with path.open("w") as out:
            out.write("time,sender,text\n")
            for n in range(20_500):
                out.write(f"2024-{1 + n // 1800:02}-{1 + n % 1800 // 100:02} {n % 24:02}:{n % 60:02}:00,Ann,Message{n} tells of a {birds[n % 50]}\n")
            out.write("2025-03-01 10:00:00,Bo,The lighthouse keeper saw a bird07 on the red roof.\n")
        self.assertEqual(self.read("chat", path)["added"], 20_501)
        first = self.owner.call("memory.search", query="bird07", limit=20)
        self.assertEqual((len(first["results"]), first["more"]), (20, True))
        next = self.owner.call("memory.search", query="bird07", limit=40, offset=20)
        self.assertEqual((len(next["results"]), next["more"]), (40, True))
        both = [one["passage"] for one in first["results"] + next["results"]]
        self.assertEqual(len(set(both)), 60)
        self.assertEqual(both, [one["passage"] for one in self.owner.call("memory.search", query="bird07", limit=60)["results"]])
        for one in first["results"] + next["results"]:
            self.assertIn("bird07", "".join(piece["text"] for piece in one["snippet"]))
        for query in ("message20123", "bird23 message20123", "keeper bird07"):
            best = self.owner.call("memory.search", query=query)["results"][0]["snippet"]
            self.assertIn("Message20123" if "2012" in query else "keeper", "".join(piece["text"] for piece in best))
        answer = self.owner.call("memory.ask", question="Who saw a bird07 on the roof?")["answer"]
        self.assertEqual(answer, "The lighthouse keeper saw a bird07 on the red roof.")

    def test_forgetting_leaves_no_trace(self):
        write_mbox(self.folder() / "a.mbox", [(f"secretsubject{n}", f"whisperedbody{n} among friends\n") for n in range(500)])
        source = self.read("mail", self.folder() / "a.mbox")["source"]
        self.assertTrue(self.home_holds("whisperedbody7"))
        job = self.owner.call("memory.forget", source=source)["job"]
        self.assertEqual(self.owner.call("memory.search", query="whisperedbody7")["results"], [])
        self.assertEqual(self.finished(job)["state"], "done")
        for text in ("whisperedbody", "secretsubject", "ann@example.com"):
            self.assertEqual(self.home_holds(text), [], text)

    def test_a_lost_database_writes_over_no_originals(self):
        (self.folder() / "note.md").write_text("# Kept\n\nthe original of a note\n")
        self.read("folder", self.folder())
        self.box.stop()
        person = next((self.box.home / "people").iterdir())
        database, packs = person / "memory.db", {path.name: path.read_bytes() for path in (person / "originals").iterdir()}
        self.assertTrue(packs)
        kept = database.read_bytes()
        for emptied in (False, True):
            for file in person.glob("memory.db*"):
                file.unlink()
            if emptied:
                database.write_bytes(b"")
            self.box.start()
            with self.assertRaises(Failure) as refused:
                self.read("folder", self.folder())
            self.assertEqual(refused.exception.code, "corrupt")
            self.assertIn("memory.db is missing, or was emptied", refused.exception.message)
            self.assertEqual({path.name: path.read_bytes() for path in (person / "originals").iterdir()}, packs)
            self.box.stop()
        database.write_bytes(kept)
        self.box.start()
        self.assertEqual(len(self.owner.call("memory.search", query="original")["results"]), 1)

    def test_many_ask_a_memory_that_is_not_there_yet(self):
        with ThreadPoolExecutor(12) as pool:
            for answer in pool.map(lambda verb: self.box.cli("memory", verb), ["sources", "timeline", "people", "on-this-day"] * 3):
                self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    def test_broken_mail_is_taken_in_or_reported(self):
        path = self.folder() / "broken.mbox"
        path.write_bytes(b"From a\nSubject: =?utf-8?b?\xff?=\n\n\x00\xff\xfe\n\nFrom b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nFrom c\n"
                         b"Subject: fine\n\nreadable words\n\n")
        self.read("mail", path)
        self.assertEqual([one["title"] for one in self.owner.call("memory.search", query="readable")["results"]], ["fine"])


if __name__ == "__main__":
    unittest.main()
