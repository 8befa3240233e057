"""What stands on the memory's items: people and their merging, the timeline, promises, labels, saved searches, forgetting
by person, time, item and source, and moving out to another box."""

import json
import mailbox
import random
import time
import unittest
import zipfile
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, getaddresses
from pathlib import Path

from box import Box, BoxTestCase, Failure, wait_until

ANN, BO, CAI = "Ann Lee <ann@example.org>", "Bo Berg <bo@example.org>", "小明 <ming@example.org>"


def addresses(list: str) -> str:
    return ", ".join(formataddr(one) for one in getaddresses([list]))


def mail(path: Path, letters) -> None:
    """An mbox of dicts: subject, text, and what differs from a letter of Ann's to Bo."""
    box = mailbox.mbox(path)
    for number, letter in enumerate(letters):
        message = MIMEText(letter.get("text", "words\n"))
        if "attachment" in letter:
            text, message = message, MIMEMultipart()
            message.attach(text)
            message.attach(MIMEText(letter["attachment"], "x-data"))
            message.get_payload(1)["Content-Disposition"] = 'attachment; filename="notes.dat"'
        message["From"] = addresses(letter.get("sender", ANN))
        message["To"] = addresses(letter.get("to", BO))
        message["Subject"] = Header(letter.get("subject", f"Letter {number}"))
        when = letter.get("when", datetime(2023, 5, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))) + timedelta(days=number))
        message["Date"] = format_datetime(when)
        message["Message-ID"] = letter.get("id", f"<{number}@{path.stem}.example.org>")
        if "reply_to" in letter:
            message["References"] = letter["reply_to"]
        box.add(message)
    box.close()


class Model(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.outside = self.box.home.parent / "outside"
        self.outside.mkdir()

    def finished(self, job: str, seconds: float = 60, owner=None) -> dict:
        owner = owner or self.owner

        def ended():
            found = next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        job = wait_until(ended, seconds, f"job {job}")
        self.assertEqual(job["state"], "done", job.get("error"))
        return job

    def read(self, path: Path, kind: str | None = None, owner=None) -> str:
        owner = owner or self.owner
        started = owner.call("memory.import", path=str(path), **({"kind": kind} if kind else {}))
        self.finished(started["job"], owner=owner)
        return started["source"]

    def read_mail(self, letters, name: str = "inbox") -> str:
        path = self.outside / f"{name}.mbox"
        mail(path, letters)
        return self.read(path, "mail")

    def person(self, query: str) -> dict:
        found = self.owner.call("memory.people", query=query)["people"]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def titles(self, query: str, **filters) -> list[str]:
        return sorted(one["title"] for one in self.owner.call("memory.search", query=query, limit=100, **filters)["results"])

    def forget(self, **what) -> int:
        preview = self.owner.call("memory.forget_preview", **what)
        output = self.owner.call("memory.forget", **what)
        self.assertEqual(preview["items"], output["items"])
        self.finished(output["job"])
        return output["items"]

    def home_holds(self, *texts: str) -> list[tuple[str, str]]:
        """Files of the home that hold a text, in archives too."""
        found = []
        for path in self.box.home.rglob("*"):
            if not path.is_file():
                continue
            contents = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    contents += [archive.read(name) for name in archive.namelist()] + [name.encode() for name in archive.namelist()]
            for text in texts:
                if any(text.encode() in content for content in contents):
                    found.append((str(path.relative_to(self.box.home)), text))
        return found


class People(Model):
    def test_people_are_listed_found_and_shown(self):
        self.read_mail([{}, {"subject": "Reply", "sender": BO, "to": ANN}, {"subject": "All", "to": f"{BO}, {CAI}"}])
        people = self.owner.call("memory.people")
        self.assertEqual(people["total"], 3)
        self.assertEqual([(one["name"], one["addresses"], one["items"]) for one in people["people"]],
                         [("Ann Lee", ["ann@example.org"], 3), ("Bo Berg", ["bo@example.org"], 3), ("小明", ["ming@example.org"], 1)])
        self.assertEqual(self.owner.call("memory.people", limit=1, offset=2)["people"][0]["name"], "小明")
        self.assertEqual(self.person("小明")["addresses"], ["ming@example.org"])
        ann = self.owner.call("memory.person", person=self.person("ANN@")["id"])
        self.assertEqual((ann["items"], ann["written"], ann["kinds"]), (3, 2, [{"kind": "mail", "items": 3}]))
        self.assertEqual((ann["first"], ann["last"]), ("2023-05-01T07:30:00.000Z", "2023-05-03T07:30:00.000Z"))
        self.assertEqual([one["title"] for one in ann["recent"]], ["All", "Reply", "Letter 0"])
        self.assertEqual([(one["name"], one["items"]) for one in ann["companions"]], [("Bo Berg", 3), ("小明", 1)])
        self.assertFails("not_found", self.owner.call, "memory.person", person="9999")

    def test_merging_is_a_layer_that_is_taken_back_exactly(self):
        self.read_mail([{"sender": f"Ann <ann{n}@example.org>"} for n in range(3)])
        a, b, c = (self.person(f"ann{n}@") for n in range(3))
        before = self.owner.call("memory.people")
        first = self.owner.call("memory.merge_people", keep=a["id"], other=b["id"])
        second = self.owner.call("memory.merge_people", keep=c["id"], other=b["id"])  # b is a by now
        self.assertEqual(second["person"], c["id"])
        everyone = self.owner.call("memory.person", person=a["id"])
        self.assertEqual(everyone["id"], c["id"])
        self.assertEqual(everyone["items"], 3)
        self.assertEqual(sorted(everyone["addresses"]), [f"ann{n}@example.org" for n in range(3)])
        self.assertEqual([one["merge"] for one in everyone["merged"]], [first["merge"], second["merge"]])
        self.assertFails("conflict", self.owner.call, "memory.merge_people", keep=a["id"], other=b["id"])
        # Items keep the address they came with.
        item = self.owner.call("memory.item", item=everyone["recent"][0]["item"])
        self.assertIn(item["people"][0]["address"], everyone["addresses"])
        # What is read meanwhile belongs where its address belongs, and the first merge is taken back before the second.
        self.read_mail([{"sender": "Ann <ann1@example.org>", "subject": "later"}], "more")
        self.owner.call("memory.undo_merge", merge=first["merge"])
        self.assertEqual(self.owner.call("memory.person", person=b["id"])["items"], 2)
        self.assertEqual(self.owner.call("memory.person", person=a["id"])["id"], c["id"])
        self.owner.call("memory.undo_merge", merge=second["merge"])
        after = self.owner.call("memory.people")
        strip = lambda people: sorted((one["id"], one["name"], tuple(one["addresses"])) for one in people["people"])
        self.assertEqual(strip(before), strip(after))
        self.assertFails("not_found", self.owner.call, "memory.undo_merge", merge=first["merge"])

    def test_merges_are_suggested_not_made(self):
        self.read_mail([{"sender": "Ann Lee <ann.lee@example.org>"}, {"sender": "ann lee <ann.lee@work.example.org>"},
                        {"sender": "Ann Lee <other@example.org>"}, {"sender": "Ann <ann@x.example.org>"}, {"sender": "Ann <ann@y.example.org>"}])
        found = self.owner.call("memory.merge_suggestions")["suggestions"]
        self.assertEqual([(sorted(one["keep"]["addresses"] + one["other"]["addresses"]), one["reason"]) for one in found],
                         [(["ann.lee@example.org", "ann.lee@work.example.org"], "same_name_and_account")])
        merge = self.owner.call("memory.merge_people", keep=found[0]["keep"]["id"], other=found[0]["other"]["id"])["merge"]
        self.assertEqual(self.owner.call("memory.merge_suggestions")["suggestions"], [])
        self.owner.call("memory.undo_merge", merge=merge)
        self.assertEqual(self.owner.call("memory.merge_suggestions")["suggestions"], [])  # it was said that they are not

    def test_merging_survives_kills(self):
        self.read_mail([{"sender": f"Ann <ann{n}@example.org>"} for n in range(8)])
        ids = [self.person(f"ann{n}@")["id"] for n in range(8)]
        merges = []
        for other in ids[1:]:
            merges.append(self.owner.call("memory.merge_people", keep=ids[0], other=other)["merge"])
            self.box.kill9()
            self.box.start()
            self.assertEqual(self.owner.call("memory.person", person=other)["items"], len(merges) + 1)
        for merge in merges:
            self.owner.call("memory.undo_merge", merge=merge)
            self.box.kill9()
            self.box.start()
        self.assertEqual(self.owner.call("memory.people", query="ann")["total"], 8)


class Timeline(Model):
    def test_items_come_newest_first_page_by_page(self):
        self.read_mail([{"subject": f"Letter {n}", "sender": ANN if n % 3 else CAI} for n in range(25)])
        notes = self.outside / "notes"
        notes.mkdir()
        (notes / "cake.md").write_text("# Cake\n\nThree eggs\nand butter.")
        folder = self.read(notes, "folder")
        found, cursor = [], ""
        while True:
            page = self.owner.call("memory.timeline", limit=7, zone=120, cursor=cursor)
            found += page["items"]
            if not (cursor := page["next"]):
                break
        self.assertEqual([one["title"] for one in found], ["Cake"] + [f"Letter {n}" for n in reversed(range(25))])
        self.assertEqual(found[0]["certainty"], "file")
        self.assertIn("Three eggs and butter.", found[0]["line"])
        self.assertEqual((found[1]["day"], found[1]["authors"], found[1]["zone"], found[1]["kind"]), ("2023-05-25", ["小明"], 120, "mail"))
        self.assertEqual([one["title"] for one in self.owner.call("memory.timeline", kinds=["document", "note"])["items"]], ["Cake"])
        self.assertEqual([one["title"] for one in self.owner.call("memory.timeline", source=folder)["items"]], ["Cake"])
        ming = self.owner.call("memory.timeline", person=self.person("小明")["id"], after="2023-05-10T00:00:00Z", before="2023-05-20T00:00:00Z")
        self.assertEqual([one["title"] for one in ming["items"]], ["Letter 18", "Letter 15", "Letter 12", "Letter 9"])
        self.assertFails("invalid_input", self.owner.call, "memory.timeline", cursor="nonsense")

    def test_the_day_of_earlier_years(self):
        at = lambda year, month, day, hour: datetime(year, month, day, hour, tzinfo=timezone.utc)
        self.read_mail([{"subject": "2020", "when": at(2020, 5, 5, 12)}, {"subject": "2022", "when": at(2022, 5, 5, 1)},
                        {"subject": "day before", "when": at(2022, 5, 4, 23)}, {"subject": "this year", "when": at(2023, 5, 5, 9)},
                        {"subject": "leap", "when": at(2020, 2, 29, 9)}])
        day = lambda **fields: [one["title"] for one in self.owner.call("memory.on_this_day", **fields)["items"]]
        self.assertEqual(day(date="2023-05-05"), ["2022", "2020"])
        self.assertEqual(day(date="2023-05-05", zone=120), ["2022", "day before", "2020"])
        self.assertEqual(day(date="2024-02-29"), ["leap"])
        self.assertEqual(day(date="2023-05-06"), [])
        self.assertFails("invalid_input", self.owner.call, "memory.on_this_day", date="yesterday")

    def test_a_whole_thread_is_paged(self):
        self.read_mail([{"subject": f"Plan {n}", **({"reply_to": "<0@inbox.example.org>"} if n else {})} for n in range(30)] + [{"subject": "alone"}])
        item = self.owner.call("memory.search", query="\"Plan 20\"", limit=1)["results"][0]["item"]
        first = self.owner.call("memory.thread", item=item, limit=12)
        self.assertEqual(first["total"], 30)
        self.assertEqual([one["title"] for one in first["items"]], [f"Plan {n}" for n in range(12)])
        last = self.owner.call("memory.thread", item=item, limit=12, cursor=self.owner.call("memory.thread", item=item, limit=12, cursor=first["next"])["next"])
        self.assertEqual([one["title"] for one in last["items"]], [f"Plan {n}" for n in range(24, 30)])
        self.assertEqual(last["next"], "")
        around = self.owner.call("memory.thread", item=item, limit=10, around=True)
        self.assertEqual([one["title"] for one in around["items"]], [f"Plan {n}" for n in range(15, 25)])
        self.assertEqual((around["previous"], around["next"]), ("5", "25"))
        self.assertIn("Plan 20", [one["title"] for one in self.owner.call("memory.item", item=item)["thread"]])


class Promises(Model):
    def test_open_promises_of_both_languages(self):
        said = datetime.now(timezone(timedelta(hours=8))).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=1)
        self.read_mail([{"subject": "Draft", "text": "Thanks.\n\nI'll send you the draft in three days. If you like, I'll call.\n", "when": said},
                        {"subject": "合同", "sender": CAI, "text": "你好，\n\n我明天下午三点把合同发给你。我昨天已经发了。\n", "when": said}])
        found = self.owner.call("memory.promises")["promises"]
        self.assertEqual([(one["sentence"], one["who"], one["kind"]) for one in found],
                         [("我明天下午三点把合同发给你。", "小明", "promise"), ("I'll send you the draft in three days.", "Ann Lee", "promise")])
        due = lambda one: datetime.fromisoformat(one["due"].replace("Z", "+00:00"))
        self.assertEqual(due(found[0]), (said + timedelta(days=1)).replace(hour=15))
        self.assertEqual(found[0]["due_day"], (said + timedelta(days=1)).date().isoformat())
        # a whole day has no moment that another zone could turn into the day before
        self.assertNotIn("due", found[1])
        self.assertEqual(found[1]["due_day"], (said + timedelta(days=3)).date().isoformat())
        self.assertEqual(found[1]["due_words"], "in three days")
        for one in found:  # where it stands
            text = "".join(passage["text"] for passage in self.owner.call("memory.item", item=one["item"])["passages"])
            self.assertEqual(text[one["start"]:one["start"] + one["length"]], one["sentence"])
        self.owner.call("memory.settle_promise", item=found[0]["item"], start=found[0]["start"])
        self.owner.call("memory.settle_promise", item=found[1]["item"], start=found[1]["start"], state="dismissed")
        self.assertEqual(self.owner.call("memory.promises")["promises"], [])
        self.owner.call("memory.settle_promise", item=found[0]["item"], start=found[0]["start"], state="open")
        self.assertEqual([one["who"] for one in self.owner.call("memory.promises")["promises"]], ["小明"])


class Keeping(Model):
    def test_searches_are_kept_under_a_name(self):
        ann = {"source": "1", "kinds": ["mail"], "tags": ["work"], "attachment": True, "after": "2023-05-01T00:00:00Z"}
        saved = self.owner.call("memory.save_search", name="Bills", query="invoice", filters=ann)["search"]
        self.owner.call("memory.save_search", name="另一个", query="发票")
        self.assertFails("conflict", self.owner.call, "memory.save_search", name="Bills", query="bill")
        self.assertEqual(self.owner.call("memory.save_search", name="Bills", query="bill", filters=ann, replace=True)["search"], saved)
        self.box.restart()
        found = self.owner.call("memory.saved_searches")["searches"]
        self.assertEqual([(one["name"], one["query"]) for one in found], [("Bills", "bill"), ("另一个", "发票")])
        self.assertEqual(found[0]["filters"]["kinds"], ["mail"])
        self.owner.call("memory.remove_search", search=saved)
        self.assertEqual([one["name"] for one in self.owner.call("memory.saved_searches")["searches"]], ["另一个"])
        self.assertFails("not_found", self.owner.call, "memory.remove_search", search=saved)

    def test_search_is_narrowed_by_type_person_and_attachment(self):
        self.read_mail([{"subject": "plain", "text": "walnut\n"}, {"subject": "with", "text": "walnut\n", "attachment": "data", "sender": CAI}])
        notes = self.outside / "notes"
        notes.mkdir()
        (notes / "cake.md").write_text("# Cake\n\nwalnut")
        self.read(notes, "folder")
        self.assertEqual(self.titles("walnut"), ["Cake", "plain", "with"])
        self.assertEqual(self.titles("walnut", kinds=["mail"]), ["plain", "with"])
        self.assertEqual(self.titles("walnut", attachment=True), ["with"])
        self.assertEqual(self.titles("walnut", attachment=False, kinds=["mail"]), ["plain"])
        ann = self.person("ann@")["id"]
        self.assertEqual(self.titles("walnut", person=ann), ["plain"])
        self.owner.call("memory.merge_people", keep=ann, other=self.person("小明")["id"])
        self.assertEqual(self.titles("walnut", person=ann), ["plain", "with"])
        self.assertEqual(self.titles("walnut", tags=["work"]), [])

    def test_filters_alone_list_what_fits(self):
        self.read_mail([{"subject": "plain", "text": "walnut\n"}, {"subject": "with", "text": "walnut\n", "attachment": "data", "sender": CAI}])
        notes = self.outside / "notes"
        notes.mkdir()
        (notes / "cake.md").write_text("---\ntags: [travel]\n---\n\n# Cake\n\nwalnut")
        source = self.read(notes, "folder")
        for query in ({}, {"query": ""}):
            found = self.owner.call("memory.search", kinds=["mail"], **query)["results"]
            self.assertEqual(sorted(one["title"] for one in found), ["plain", "with"])
            self.assertEqual([one["time"] for one in found], sorted((one["time"] for one in found), reverse=True))
        cake = self.owner.call("memory.search", tags=["Travel"])["results"]
        self.assertEqual([one["title"] for one in cake], ["Cake"])
        self.assertIn("walnut", "".join(piece["text"] for piece in cake[0]["snippet"]))
        self.assertEqual(self.titles("", source=source), ["Cake"])
        self.assertEqual(self.titles("", person=self.person("小明")["id"]), ["with"])
        self.assertEqual(self.titles("", attachment=False, kinds=["mail"]), ["plain"])
        self.assertFails("invalid_input", self.owner.call, "memory.search")

    def test_a_long_text_is_measured_in_characters(self):
        self.assertEqual(self.titles("字" * 700), [])
        self.assertFails("invalid_input", self.owner.call, "memory.search", query="字" * 2001)

    def test_labels_become_more_careful_freely_and_less_only_by_the_person(self):
        source = self.read_mail([{"text": "walnut\n"}])
        item = self.owner.call("memory.search", query="walnut")["results"][0]["item"]
        app, principal = self.box.token("app", "labels")
        self.owner.call("grants.create", principal=principal, operations=["memory.label", "memory.item"])
        self.assertEqual(app.call("memory.label", item=item, confidentiality="secret")["label"],
                         {"confidentiality": "secret", "owner": self.owner.person["id"], "integrity": "untrusted"})
        self.assertFails("forbidden", app.call, "memory.label", item=item, confidentiality="public")
        self.assertFails("forbidden", app.call, "memory.label", source=source, integrity="owner")
        self.assertFails("forbidden", app.call, "memory.export")
        self.owner.call("memory.label", source=source, integrity="known", confidentiality="household")
        label = next(one for one in self.owner.call("memory.sources")["sources"] if one["id"] == source)["label"]
        self.assertEqual((label["confidentiality"], label["integrity"]), ("household", "known"))
        self.assertEqual(self.owner.call("memory.label", item=item, integrity="owner")["before"]["confidentiality"], "secret")
        self.assertFails("invalid_input", self.owner.call, "memory.label", item=item)
        audited = [one for one in self.owner.call("audit.list", limit=50)["entries"] if one["operation"] == "memory.label" and "->" in one["outcome"]]
        self.assertEqual(len(audited), 3)


class Forgetting(Model):
    def test_a_person_is_forgotten_wherever_they_stand(self):
        secret = "zarathustra@example.org"
        source = self.read_mail([{"subject": "staysubject", "text": "stayword\n"},
                                 {"subject": "gonesubject", "text": "goneword attachedword\n", "sender": f"Zara Thustra <{secret}>", "attachment": "gonefile"},
                                 {"subject": "tothem", "text": "tothemword\n", "to": f"Zara Thustra <{secret}>"}])
        zara = self.person("zara")["id"]
        self.assertEqual(self.owner.call("memory.forget_preview", person=zara)["items"], 1)
        self.assertEqual(self.owner.call("memory.forget_preview", person=zara, mentions=True)["items"], 2)
        self.assertEqual(self.forget(person=zara), 1)
        self.assertEqual(self.home_holds("gonesubject", "goneword", "gonefile"), [])
        self.assertEqual(self.titles("goneword OR tothemword"), ["tothem"])
        self.assertEqual(self.forget(person=self.person("zara")["id"], mentions=True), 1)
        gone = ("gonesubject", "goneword", "gonefile", "tothem", "tothemword", secret, "Thustra")
        self.assertEqual(self.home_holds(*gone), [])
        self.assertTrue(self.home_holds("stayword"))
        self.assertEqual(self.owner.call("memory.people", query="zara")["people"], [])
        # Reading the same mail again brings nothing back; what is there stays there once.
        path = self.outside / "inbox.mbox"
        path.rename(self.outside / "copy.mbox")
        self.read(self.outside / "copy.mbox", "mail")
        self.assertEqual(self.home_holds(*gone), [])
        self.assertEqual(self.titles("stayword goneword tothemword"), ["staysubject"])
        self.assertEqual(self.forget(source=source), 0)  # the copy has it too
        self.assertEqual(self.titles("stayword"), ["staysubject"])

    def test_a_time_is_forgotten(self):
        self.read_mail([{"subject": f"subject{n}x", "text": f"word{n}x\n"} for n in range(300)])
        other = self.read_mail([{"subject": "other", "text": "otherword\n", "when": datetime(2023, 5, 20, tzinfo=timezone.utc)}], "other")
        span = {"after": "2023-05-11T00:00:00Z", "before": "2023-06-30T00:00:00Z"}
        preview = self.owner.call("memory.forget_preview", **span)
        self.assertEqual((preview["items"], preview["first"], preview["last"]), (51, "2023-05-11T07:30:00.000Z", "2023-06-29T07:30:00.000Z"))
        self.assertEqual(self.forget(**span, source=other), 1)
        self.assertEqual(self.home_holds("otherword"), [])
        self.assertEqual(self.forget(**span), 50)
        self.assertEqual(self.home_holds(*(f"word{n}x" for n in range(10, 60)), *(f"subject{n}x" for n in range(10, 60))), [])
        self.assertEqual(self.owner.call("memory.timeline", after=span["after"], before=span["before"])["items"], [])
        self.assertEqual(self.titles("word9x"), ["subject9x"])
        self.assertEqual(self.titles("word60x"), ["subject60x"])
        self.assertFails("invalid_input", self.owner.call, "memory.forget")
        self.assertFails("invalid_input", self.owner.call, "memory.forget", item="1", after=span["after"])

    def test_an_item_takes_along_what_was_kept_of_it(self):
        self.read_mail([{"subject": "goneitem", "text": "I'll send you the goneword tomorrow.\n", "when": datetime.now(timezone.utc)}, {"text": "stayword\n"}])
        promise = self.owner.call("memory.promises")["promises"][0]
        self.owner.call("memory.settle_promise", item=promise["item"], start=promise["start"])
        self.owner.call("memory.label", item=promise["item"], confidentiality="secret")
        self.assertEqual(self.forget(item=promise["item"]), 1)
        self.assertEqual(self.home_holds("goneitem", "goneword"), [])
        for operation in ("memory.item", "memory.original", "memory.thread", "memory.forget"):
            self.assertFails("not_found", self.owner.call, operation, item=promise["item"])

    def test_two_sources_share_what_both_have(self):
        letters = [{"subject": f"letter{n}", "text": f"sharedword{n}\n"} for n in range(20)]
        first = self.read_mail(letters, "inbox")
        mail(self.outside / "second.mbox", [{**one, "id": f"<{n}@inbox.example.org>"} for n, one in enumerate(letters[:5])] +
             [{"subject": "ownsubject", "text": "ownword\n"}])
        second = self.read(self.outside / "second.mbox", "mail")
        preview = self.owner.call("memory.forget_preview", source=first)
        self.assertEqual((preview["items"], preview["shared"]), (15, 5))
        self.assertEqual(self.forget(source=first), 15)
        self.assertEqual(self.home_holds(*(f"sharedword{n}" for n in range(5, 20))), [])
        self.assertEqual(self.titles("sharedword3"), ["letter3"])
        self.assertEqual(self.forget(source=second), 6)
        self.assertEqual(self.home_holds("sharedword", "ownword", "letter3", "ann@example.org"), [])
        self.assertEqual(self.owner.call("memory.people")["total"], 0)

    def test_tags_come_and_go_with_their_sources(self):
        plain, takeout = self.outside / "plain.mbox", self.outside / "takeout.mbox"
        mail(plain, [{"text": "sharedword\n"}])
        labelled = plain.read_text().replace("Subject:", "X-Gmail-Labels: Inbox,Choirlabel\nSubject:", 1)
        self.read(plain, "mail")

        def tags() -> list[str]:
            return self.owner.call("memory.item", item=self.owner.call("memory.search", query="sharedword")["results"][0]["item"])["tags"]

        takeout.write_text(labelled)
        source = self.read(takeout, "mail")  # the mail is known, what it is called there is not
        self.assertEqual(sorted(tags()), ["Choirlabel", "Inbox"])
        self.assertEqual(len(self.owner.call("memory.search", query="sharedword", tags=["choirlabel"])["results"]), 1)
        self.forget(source=source)
        self.assertEqual(tags(), [])
        self.assertEqual(self.home_holds("Choirlabel"), [])

    def test_kills_and_a_cancel_leave_nothing_behind(self):
        self.read_mail([{"subject": f"subject{n}x", "text": f"word{n}x among friends\n" * 20, "sender": ANN if n % 2 else CAI} for n in range(3000)])
        keep = self.read_mail([{"subject": "keep", "text": "keepword\n", "sender": BO, "to": BO}], "keep")
        chance = random.Random(7)
        job = self.owner.call("memory.forget", person=self.person("小明")["id"])["job"]
        try:
            self.owner.call("jobs.cancel", id=job)  # it is finished all the same, at the next start
        except Failure:
            pass  # it has ended already
        for _ in range(4):
            self.assertEqual(self.titles("word4x"), [])  # not found from the call on
            time.sleep(chance.uniform(0.02, 0.2))
            self.box.kill9()
            self.box.start()
        wait_until(lambda: not self.home_holds("ming@example.org", "word1000x"), 30, "the person is forgotten")
        self.assertEqual(self.titles("word1001x"), ["subject1001x"])
        source = next(one["id"] for one in self.owner.call("memory.sources")["sources"] if one["id"] != keep)
        self.owner.call("memory.forget", source=source)
        for _ in range(4):
            time.sleep(chance.uniform(0.02, 0.2))
            self.box.kill9()
            self.box.start()
            self.assertEqual(self.titles("word1001x"), [])
        wait_until(lambda: [one["id"] for one in self.owner.call("memory.sources")["sources"]] == [keep], 30, "the source is forgotten")
        wait_until(lambda: not self.home_holds("word1001x", "subject1001x", "ann@example.org"), 30, "its text is gone")
        self.assertEqual(self.titles("keepword"), ["keep"])


    def test_kills_leave_no_name_behind(self):
        """A forgotten card's name, on people whom others still write to."""
        (self.outside / "cards.vcf").write_text("".join(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Secretname{n}x Kern\r\nEMAIL:kern{n}@example.org\r\nEND:VCARD\r\n" for n in range(3000)))
        cards = self.read(self.outside / "cards.vcf", "contacts")
        self.read_mail([{"subject": f"subject{n}", "text": "words\n", "sender": f"kern{n}@example.org"} for n in range(3000)])
        self.assertEqual(self.person("kern7@example.org")["name"], "Secretname7x Kern")
        self.owner.call("memory.forget", source=cards)
        chance = random.Random(11)
        for _ in range(5):
            time.sleep(chance.uniform(0.02, 0.3))
            self.box.kill9()
            self.box.start()
        wait_until(lambda: not self.home_holds("Secretname"), 30, "the names are gone")
        self.assertEqual(self.person("kern7@example.org")["name"], "kern7@example.org")


class Moving(Model):
    def fill(self) -> None:
        path = self.outside / "inbox.mbox"
        when = lambda n: datetime(2022, 5, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))) + timedelta(days=n)
        mail(path, [{"when": when(n), "subject": f"Letter {n}", "text": f"letterword{n}\n\nFrom here on it is quoted.\n>From there too.\n",
                     "sender": (ANN, BO, CAI)[n % 3], "to": (BO, CAI, ANN)[n % 3], **({"attachment": f"data{n}"} if n % 5 == 0 else {})} for n in range(450)])
        self.read(path, "mail")
        mail(self.outside / "second.mbox", [{"when": when(n), "subject": f"Letter {n}", "text": f"letterword{n}\n\nFrom here on it is quoted.\n>From there too.\n",
                     "sender": (ANN, BO, CAI)[n % 3], "to": (BO, CAI, ANN)[n % 3], "id": f"<{n}@inbox.example.org>"} for n in range(3) if n % 5] + [{"subject": "second only"}])
        self.read(self.outside / "second.mbox", "mail")
        notes = self.outside / "notes"
        (notes / "sub").mkdir(parents=True)
        (notes / "cake.md").write_text("# Cake\n\nThree eggs, \"butter\": 三个鸡蛋。\n")
        (notes / "sub" / "page.html").write_text("<title>Page</title><p>A page of its own.</p>")
        (notes / "plain.txt").write_text("no newline at the end")
        self.read(notes, "folder")
        ann, bo, ming = (self.person(name)["id"] for name in ("ann@", "bo@", "小明"))
        first = self.owner.call("memory.merge_people", keep=ann, other=bo)["merge"]
        self.owner.call("memory.merge_people", keep=ming, other=ann)
        self.owner.call("memory.undo_merge", merge=first)
        item = self.owner.call("memory.search", query="letterword7")["results"][0]["item"]
        self.owner.call("memory.label", item=item, confidentiality="secret", integrity="known")
        self.owner.call("memory.label", source=self.owner.call("memory.sources")["sources"][0]["id"], confidentiality="household")
        self.owner.call("memory.save_search", name="Bills", query="invoice", filters={"kinds": ["mail"], "source": "1", "person": ming})
        self.owner.call("memory.settle_promise", item=item, start=3, state="dismissed")
        gone = self.owner.call("memory.search", query="letterword11")["results"][0]["item"]
        self.finished(self.owner.call("memory.forget", item=gone)["job"])

    def everything(self, owner) -> dict:
        """What a person has, without the numbers that a box gives to it."""
        items, cursor = {}, ""
        while True:
            page = owner.call("memory.timeline", limit=500, cursor=cursor)
            for entry in page["items"]:
                item = owner.call("memory.item", item=entry["item"])
                original = owner.call("memory.original", item=entry["item"])
                for field in ("id", "source", "thread"):
                    item.pop(field, None)
                item["passages"] = [passage["text"] for passage in item["passages"]]
                item["original"] = original.get("text") or original.get("base64")
                item["in_thread"] = [one["title"] for one in owner.call("memory.thread", item=entry["item"])["items"]]
                items[entry["title"], entry["time"], item["source_name"]] = item
            if not (cursor := page["next"]):
                break
        people = [{key: value for key, value in owner.call("memory.person", person=one["id"], limit=0).items() if key not in ("id", "merged")}
                  for one in owner.call("memory.people", limit=500)["people"]]
        sources = [{key: one[key] for key in ("kind", "name", "origin", "items", "passages", "label", "created")} for one in owner.call("memory.sources")["sources"]]
        for one in sources:
            one["label"].pop("owner")
        searches = [(one["name"], one["query"], one["filters"]["kinds"]) for one in owner.call("memory.saved_searches")["searches"]]
        return {"items": items, "people": sorted(people, key=str), "sources": sources, "searches": searches}

    def test_a_memory_moves_to_another_box_with_nothing_lost(self):
        self.fill()
        output = self.owner.call("memory.export")
        job = self.finished(output["job"])
        self.assertEqual(job["result"]["items"], 453)
        export = next(self.box.home.glob("files/*/home" + output["path"]))
        # Other programs read it.
        box = mailbox.mbox(next(export.glob("mail/*-inbox.mbox.mbox")))
        self.addCleanup(box.close)
        self.assertEqual(len(box), 449)
        self.assertIn("letterword449", {line for message in box for line in str(message.get_payload()).splitlines()} | {
            line for message in box if message.is_multipart() for line in str(message.get_payload(0).get_payload()).splitlines()})
        note = next(export.glob("notes/*Cake.md")).read_text()
        self.assertTrue(note.startswith('---\ntitle: "Cake"\n') and "三个鸡蛋" in note, note)
        self.assertEqual(next(export.glob("originals/*/*plain.txt")).read_text(), "no newline at the end")
        lines = [json.loads(line) for line in (export / "items.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), 453)
        other = Box()
        self.addCleanup(other.close)
        other.start()
        owner = other.claim()
        self.read(export, owner=owner)
        ours, theirs = self.everything(self.owner), self.everything(owner)
        for kind, value in ours.items():
            self.assertEqual(value, theirs[kind], kind)
        person = owner.call("memory.saved_searches")["searches"][0]["filters"]["person"]
        self.assertIn("小明", owner.call("memory.person", person=person)["names"])
        # What was said about people is told there too, and can be taken back.
        ming = owner.call("memory.people", query="ming@")["people"][0]
        self.assertEqual(sorted(ming["addresses"]), ["ann@example.org", "ming@example.org"])
        owner.call("memory.undo_merge", merge=owner.call("memory.person", person=ming["id"])["merged"][0]["merge"])
        self.assertEqual(owner.call("memory.people", query="ming@")["people"][0]["addresses"], ["ming@example.org"])
        # Again: nothing twice; and what was forgotten stays so, even from the mailbox itself.
        self.assertEqual(self.finished(owner.call("memory.import", path=str(export))["job"], owner=owner)["result"]["added"], 0)
        self.finished(owner.call("memory.import", kind="mail", path=str(self.outside / "inbox.mbox"))["job"], owner=owner)
        self.assertEqual(owner.call("memory.search", query="letterword11")["results"], [])

    def test_kills_leave_no_half_export_and_no_gap(self):
        self.fill()
        output = self.owner.call("memory.export", path="/moved")
        chance = random.Random(3)
        for _ in range(3):
            time.sleep(chance.uniform(0.0, 0.1))
            self.box.kill9()
            home = next(self.box.home.glob("files/*/home"))
            self.assertTrue(not (home / "moved").exists() or (home / "moved" / "manifest.json").exists())
            self.box.start()
        self.finished(output["job"])
        export = next(self.box.home.glob("files/*/home/moved"))
        self.assertEqual(len((export / "items.jsonl").read_text().splitlines()), 453)
        self.assertEqual(list(self.box.home.glob("people/*/export-*")), [])
        other = Box()
        self.addCleanup(other.close)
        other.start()
        owner = other.claim()
        job = owner.call("memory.import", path=str(export))["job"]
        for _ in range(3):
            time.sleep(chance.uniform(0.02, 0.1))
            other.kill9()
            other.start()
        self.finished(job, owner=owner)
        self.assertEqual(self.everything(self.owner), self.everything(owner))

    def test_one_source_and_a_damaged_export(self):
        self.fill()
        notes = next(one["id"] for one in self.owner.call("memory.sources")["sources"] if one["name"] == "notes")
        self.finished(self.owner.call("memory.export", path="/notes", sources=[notes])["job"])
        export = next(self.box.home.glob("files/*/home/notes"))
        self.assertEqual(len((export / "items.jsonl").read_text().splitlines()), 3)
        self.assertFails("already_exists", self.owner.call, "memory.export", path="/notes")
        self.assertFails("not_found", self.owner.call, "memory.export", path="/no/such/folder")
        text = (export / "items.jsonl").read_text()
        (export / "items.jsonl").write_text(text.replace('"file":"originals', '"file":"../../originals'))
        job = self.owner.call("memory.import", path=str(export))["job"]
        failed = wait_until(lambda: next((one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job and one["state"] == "failed"), None), 20, "the job fails")
        self.assertIn("export", failed["error"])


if __name__ == "__main__":
    unittest.main()
