"""What a memory follows: mail, calendar and contacts servers, watched folders, and a person's own files."""

import json
import sqlite3
import time
import unittest
from contextlib import closing
from pathlib import Path

from box import BoxTestCase, Client, wait_until
from live_servers import Dovecot, LyingServer, Radicale

SOON = 1.0  # seconds within which what is new is found


def mail(subject: str, text: str, number: str = "") -> bytes:
    return (f"From: Ann <ann@example.org>\r\nTo: bo@example.org\r\nSubject: {subject}\r\nDate: Mon, 02 Nov 2026 09:30:00 +0100\r\n"
            f"Message-ID: <{number or subject.replace(' ', '.')}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n").encode()


class LiveCase(BoxTestCase):
    def finished(self, job: str) -> dict:
        def ended():
            found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        return wait_until(ended, 60, f"job {job}")

    def source(self, id: str) -> dict:
        return next(one for one in self.owner.call("memory.sources")["sources"] if one["id"] == id)

    def current(self, id: str, seconds: float = 30) -> dict:
        """Waits until a source is up to date."""
        def is_current():
            source = self.source(id)
            return source if (source.get("live") or {}).get("state") == "current" else None

        try:
            return wait_until(is_current, seconds)
        except AssertionError:
            raise AssertionError(f"not up to date: {self.source(id)}\n{self.box.output()[-2000:]}") from None

    def titles(self, query: str) -> list[str]:
        return [one["title"] for one in self.owner.call("memory.search", query=query)["results"]]

    def found(self, query: str, seconds: float = 20) -> float:
        """Waits until a search finds something; how long that took."""
        begun = time.monotonic()
        wait_until(lambda: self.titles(query), seconds, f"finding {query!r}")
        return time.monotonic() - begun

    def member(self, name: str) -> Client:
        invitation = self.owner.call("identity.invite", role="member", display_name=name.title())
        joined = Client(self.box)
        joined.call("identity.accept_invitation", code=invitation["code"], name=name, password=f"the password of {name}")
        return joined

    def text_of(self, query: str) -> str:
        hit = self.owner.call("memory.search", query=query)["results"][0]
        return "".join(one["text"] for one in self.owner.call("memory.item", item=hit["item"])["passages"])

    def item(self, query: str) -> dict:
        return self.owner.call("memory.item", item=self.owner.call("memory.search", query=query)["results"][0]["item"])

    def home_holds(self, text: str) -> list[str]:
        return [str(path) for path in self.box.home.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


class Mail(LiveCase):
    def dovecot(self) -> Dovecot:
        server = Dovecot()
        self.addCleanup(server.close)
        return server

    def connect(self, port: int, security: str = "none", **more) -> str:
        return self.owner.call("memory.connect", {"kind": "imap", "server": "localhost", "port": port, "security": security, "user": "ann",
                                                  "password": "secret", **more})["source"]

    def test_mail_is_found_as_soon_as_it_arrives(self):
        server = self.dovecot()
        server.deliver("ann", *[mail(f"Letter {n}", f"old{n} words") for n in range(30)])
        client = server.client("ann")
        client.create("&XfJT0ZAB-")  # 已发送
        client.create("Trash")
        client.logout()
        server.deliver("ann", mail("Sent", "the words that were sent"), folder="&XfJT0ZAB-")
        server.deliver("ann", mail("Rubbish", "thrown away words"), folder="Trash")
        source = self.connect(server.tls_port, "tls", authority=server.authority)
        self.assertEqual(self.current(source)["items"], 31)
        self.assertEqual(self.titles("old7"), ["Letter 7"])
        self.assertEqual(self.titles("thrown away"), [])
        self.assertIn("已发送", self.item("were sent")["origins"][0])
        took = []
        for number in range(5):
            server.deliver("ann", mail(f"News {number}", f"fresh{number} words"))
            took.append(self.found(f"fresh{number}"))
        self.assertLess(sorted(took)[2], SOON, took)
        self.assertEqual(self.current(source)["items"], 36)
        # Nothing at the server was changed by reading it.
        client = server.client("ann")
        client.select("INBOX", readonly=True)
        self.assertEqual(client.search(None, "SEEN")[1], [b""])
        client.logout()

    def test_the_index_of_much_mail_is_one_piece(self):
        server = self.dovecot()
        server.deliver("ann", *[mail(f"Letter {n}", f"word{n} of many") for n in range(2200)])
        source = self.connect(server.tls_port, "tls", authority=server.authority)
        self.assertEqual(self.current(source)["items"], 2200)

        def pieces() -> int:
            database = next(self.box.home.glob("people/*/memory.db"))
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                return connection.execute(f"SELECT count(DISTINCT segid) FROM search_{source}_idx").fetchone()[0]

        wait_until(lambda: pieces() == 1, 20, "the index in one piece")
        self.assertEqual(self.titles("word2199"), ["Letter 2199"])

    def test_it_goes_on_after_the_server_or_the_box_was_away(self):
        server = self.dovecot()
        server.deliver("ann", mail("First", "alpha"))
        source = self.connect(server.port, "start_tls", authority=server.authority)
        self.current(source)
        server.stop()
        waiting = wait_until(lambda: (one := self.source(source))["live"]["state"] == "waiting" and one, 20)
        self.assertIn("localhost", waiting["live"]["error"])
        server.run()
        server.deliver("ann", mail("Second", "beta"))
        self.found("beta", 40)
        self.box.kill9()
        server.deliver("ann", mail("Third", "gamma"))
        self.box.start()
        self.found("gamma", 40)
        self.assertEqual(self.current(source)["items"], 3)
        self.assertEqual(self.source(source)["live"]["added"], 1)

    def test_the_password_is_kept_sealed_and_the_connection_checked(self):
        server = self.dovecot()
        self.assertFails("invalid_input", self.owner.call, "memory.connect",
                         {"kind": "imap", "server": "mail.example.org", "security": "none", "user": "ann", "password": "x"})
        self.assertFails("invalid_input", self.owner.call, "memory.connect", {"kind": "mail", "server": "a", "user": "ann", "password": "x"})
        self.assertFails("invalid_input", self.owner.call, "memory.import", kind="imap", path="/x")
        # An authority that nobody trusts, and a password that is wrong: both are said.
        source = self.connect(server.tls_port, "tls")
        wait_until(lambda: "not trusted" in self.source(source)["live"]["error"], 20)
        source = self.connect(server.port, password="wrong-pass-phrase")
        wait_until(lambda: "refuses the sign-in" in self.source(source)["live"]["error"], 20)
        self.assertEqual(self.connect(server.port, password="secret"), source)
        self.current(source)
        self.connect(server.port, password="an unusual pass phrase")
        self.assertEqual(self.home_holds("unusual pass phrase"), [])
        self.assertNotIn("unusual pass phrase", str(self.owner.call("memory.sources")) + str(self.owner.call("audit.list")))
        self.assertNotIn("unusual pass phrase", self.box.output())

    def test_forgetting_ends_it(self):
        server = self.dovecot()
        server.deliver("ann", mail("Secret plan", "a very particular plan"))
        source = self.connect(server.port)
        self.current(source)
        self.finished(self.owner.call("memory.forget", source=source)["job"])
        self.assertEqual(self.owner.call("memory.sources")["sources"], [])
        self.assertEqual(self.home_holds("particular plan"), [])
        server.deliver("ann", mail("More", "what comes later"))
        self.box.restart()
        self.assertEqual(self.titles("what comes later"), [])

    def liar(self, *messages: tuple[int, bytes]) -> LyingServer:
        server = LyingServer()
        self.addCleanup(server.close)
        server.messages = list(messages)
        return server

    def test_a_reset_of_numbers_doubles_nothing(self):
        letters = [(n, mail(f"Letter {n}", f"number{n} words")) for n in range(1, 21)]
        server = self.liar(*letters)
        source = self.connect(server.port)
        self.assertEqual(self.current(source)["items"], 20)
        # The same letters under other numbers, and the old numbers for others.
        renumbered = [(n, letters[20 - n][1]) for n in range(1, 21)] + [(21, mail("Letter 21", "number21 words"))]
        server.change(messages=renumbered, validity=2)
        self.found("number21")
        source_now = self.current(source)
        self.assertEqual((source_now["items"], source_now["failed"]), (21, 0))
        for n in range(1, 22):
            self.assertEqual(self.titles(f"number{n}"), [f"Letter {n}"])

    def test_a_server_that_lies_about_numbers(self):
        server = self.liar((7, mail("Seven", "seven words")), (7, mail("Seven again", "again words")), (3, mail("Three", "three words")))
        server.change(chatters=True)
        source = self.connect(server.port)
        self.current(source)
        self.assertEqual(self.titles("three"), ["Three"])
        self.assertEqual(self.titles("seven"), ["Seven", "Seven again"])
        # A number below all that were there, and one that it then knows nothing of.
        server.change(messages=[*server.messages, (1, mail("Below", "delta")), (2, mail("Two", "two words"))], forgets={2})
        self.found("delta")
        self.assertEqual(self.current(source)["failed"], 0)

    def test_a_server_that_uses_numbers_again(self):
        server = self.liar(*[(n, mail(f"Letter {n}", f"number{n} words")) for n in (1, 2, 3)])
        source = self.connect(server.port)
        self.assertEqual(self.current(source)["items"], 3)
        server.change(messages=[(1, mail("Other 1", "reused1 words")), (2, mail("Letter 2", "number2 words")), (3, mail("Other 3", "reused3 words")),
                                (4, mail("Letter 4", "number4 words"))])
        self.found("number4")
        self.found("reused1")
        self.found("reused3")
        self.assertEqual(self.current(source)["items"], 6)
        # It is known after a start as well, and by the next number alone.
        self.box.stop()
        server.change(messages=[(1, mail("Another", "anew1 words"))])
        self.box.start()
        self.found("anew1", 40)
        self.assertEqual(self.current(source)["items"], 7)
        # Nothing is fetched again while the numbers stay, nor where an older box did not keep how messages looked.
        self.box.stop()
        with sqlite3.connect(next(self.box.home.glob("people/*/memory.db"))) as database:
            state = json.loads(database.execute("SELECT state FROM live").fetchone()[0])
            for folder in state["folders"].values():
                self.assertEqual(len(folder.pop("marks")), 1)
                folder.pop("next")
            database.execute("UPDATE live SET state = ?", (json.dumps(state),))
        database.close()
        self.box.start()
        self.current(source)
        fetched = len([one for one in server.commands if "BODY.PEEK[])" in one])
        server.change(messages=[*server.messages, (5, mail("Letter 5", "number5 words"))])
        self.found("number5")
        self.current(source)
        self.assertEqual([one for one in server.commands if "BODY.PEEK[])" in one][fetched:], ["UID FETCH 5 (UID BODY.PEEK[])"])

    def test_a_server_that_says_no_size_or_gives_nothing(self):
        server = self.liar(*[(n, mail(f"Letter {n}", f"number{n} words")) for n in (1, 2, 3)])
        server.change(sizeless={2}, nil={3})
        source = self.connect(server.port)
        now = self.current(source)
        self.assertEqual(self.titles("number2"), ["Letter 2"])
        self.assertEqual((now["items"], [one["reason"] for one in now["failures"]]), (2, ["The server does not give this message."]))

    def test_a_server_that_opens_nothing_to_strangers(self):
        server = self.liar((1, mail("One", "one words")))
        server.change(wants_names=True)
        source = self.connect(server.port)
        self.assertEqual(self.current(source)["items"], 1)

    def test_a_server_that_refuses_folders(self):
        server = self.liar((1, mail("One", "one words")))
        server.change(folders=["Closed", "Papierkorb", "Entw&APw-rfe", "&V4NXPpCuTvY-", "Projects"], refuses={"Closed"})
        source = self.connect(server.port)
        now = self.current(source)
        self.assertEqual((now["items"], [(one["place"], "Unsafe Login" in one["reason"]) for one in now["failures"]]), (1, [("Closed", True)]))
        opened = {one.partition(" ")[2].strip('"') for one in server.commands if one.startswith("EXAMINE")}
        self.assertEqual(opened, {"INBOX", "Closed", "Projects"})
        # One that is named, and the inbox, must not be missing.
        other = self.liar((1, mail("Two", "two words")))
        other.change(folders=["Closed"], refuses={"Closed"})
        source = self.connect(other.port, folders=["Closed", "INBOX"])
        self.found("two words")
        wait_until(lambda: "Unsafe Login" in self.source(source)["live"]["error"], 20)
        third = self.liar((1, mail("Three", "three words")))
        third.change(refuses={"INBOX"})
        source = self.connect(third.port)
        wait_until(lambda: "Unsafe Login" in self.source(source)["live"]["error"], 20)

    def test_a_server_that_breaks_off(self):
        server = self.liar(*[(n, mail(f"Letter {n}", f"number{n} words " + "x" * 5000)) for n in range(1, 9)])
        server.drops_at = {5}
        source = self.connect(server.port)
        self.current(source, 60)
        now = self.source(source)
        self.assertEqual(now["items"], 7)
        self.assertEqual([one["reason"] for one in now["failures"]], ["The server breaks off over this message."])
        server.change(messages=[*server.messages, (9, mail("Nine", "number9 words"))])
        self.found("number9")
        server.hang_up()
        server.change(messages=[*server.messages, (10, mail("Ten", "number10 words"))])
        self.found("number10", 30)
        self.assertEqual(self.current(source)["items"], 9)

    def test_without_idle_it_asks(self):
        server = self.liar((1, mail("One", "one words")))
        server.idles = False
        source = self.connect(server.port, interval=1)
        self.current(source)
        server.change(messages=[*server.messages, (2, mail("Two", "epsilon"))])
        self.found("epsilon")
        self.assertNotIn("IDLE", server.commands)


class Dav(LiveCase):
    def radicale(self, **options) -> Radicale:
        server = Radicale(**options)
        self.addCleanup(server.close)
        return server

    def connect(self, kind: str, server: Radicale, **more) -> str:
        reach = {"server": "localhost", "authority": server.authority} if server.tls else {"server": "localhost", "security": "none"}
        return self.owner.call("memory.connect", {"kind": kind, "port": server.port, "user": "ann", "password": "secret", "interval": 1,
                                                  **reach, **more})["source"]

    def test_a_calendar_is_followed(self):
        server = self.radicale(tls=True)
        server.make_calendar("home")
        server.make_calendar("work")
        server.put_event("home", "dentist", "SUMMARY:Dentist", "DTSTART:20270105T090000Z", "LOCATION:Tower street")
        for number in range(120):
            server.put_event("work", f"w{number}", f"SUMMARY:Meeting {number}", f"DTSTART:20270{1 + number % 9}10T100000Z", f"DESCRIPTION:topic{number}")
        source = self.connect("caldav", server)
        self.assertEqual(self.current(source)["items"], 121)
        item = self.item("dentist")
        self.assertEqual((item["kind"], item["time"][:16], item["type"]), ("event", "2027-01-05T09:00", "text/calendar"))
        # A change replaces, what is new comes, what goes is marked.
        server.put_event("home", "dentist", "SUMMARY:Dentist", "DTSTART:20270212T140000Z", "LOCATION:Tower street")
        wait_until(lambda: self.item("dentist")["time"][:16] == "2027-02-12T14:00", 20)
        server.put_event("home", "party", "SUMMARY:生日聚会", "DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=YEARLY")
        self.found("生日聚会")
        self.assertIn("每年", self.text_of("生日聚会"))
        self.assertEqual(server.request("DELETE", "/ann/home/dentist.ics"), 200)
        wait_until(lambda: "gone" in self.item("dentist")["tags"], 20)
        self.assertEqual(self.source(source)["items"], 122)
        # It goes on where it was after a restart, and what was deleted meanwhile is noticed.
        self.box.stop()
        self.assertEqual(server.request("DELETE", "/ann/work/w7.ics"), 200)
        self.box.start()
        self.current(source)
        wait_until(lambda: "gone" in self.item("topic7")["tags"], 20)
        self.assertEqual(self.source(source)["live"]["added"], 0)

    def test_contacts_are_followed(self):
        server = self.radicale()
        server.make_address_book("people")
        server.make_address_book("clients")
        server.put_card("people", "bo", "FN:Bo Tree", "TEL:+49 170 1234", "EMAIL:Bo@Example.org", "BDAY:1980-05-17")
        server.put_card("clients", "cy", "FN:Cy Client", "EMAIL:cy@example.org")
        source = self.connect("carddav", server, folders=["people"])
        self.assertEqual(self.current(source)["items"], 1)
        item = self.item("bo tree")
        self.assertEqual(item["kind"], "contact")
        self.assertEqual({one["address"] for one in item["people"]}, {"tel:+491701234", "bo@example.org"})
        self.assertIn("born 1980-05-17", self.text_of("bo tree"))
        server.put_card("people", "ming", "FN:小明", "NOTE:住在蓝色的房子里")
        self.found("蓝色的房子")
        self.assertFails("invalid_input", self.owner.call, "memory.connect",
                         {"kind": "carddav", "server": "http://contacts.example.org/", "user": "ann", "password": "x"})

    def test_a_wrong_password_is_said(self):
        server = self.radicale()
        source = self.connect("caldav", server, password="wrong")
        wait_until(lambda: "refuses the user or password" in self.source(source)["live"]["error"], 20)


class Watched(LiveCase):
    def folder(self) -> Path:
        folder = self.box.home.parent / "notes"
        folder.mkdir()
        return folder

    def watch(self, path: Path, kind: str = "folder") -> str:
        started = self.owner.call("memory.import", kind=kind, path=str(path), watch=True)
        self.assertEqual(self.finished(started["job"])["state"], "done")
        self.current(started["source"])
        return started["source"]

    def test_a_folder_is_watched(self):
        folder = self.folder()
        (folder / "old.md").write_text("# Old\n\nwhat was there before")
        (folder / "deep" / "er").mkdir(parents=True)
        source = self.watch(folder)
        took = []
        for number in range(5):
            (folder / "deep" / "er" / f"new{number}.txt").write_text(f"fresh{number} words")
            took.append(self.found(f"fresh{number}"))
        self.assertLess(sorted(took)[2], SOON, took)
        (folder / "deep" / "er" / "new1.txt").write_text("changed1 words")
        self.found("changed1")
        self.assertEqual(self.titles("fresh1"), [])
        # A whole tree at once, by a rename from elsewhere; and hidden files stay out.
        (self.box.home.parent / "tree" / "a" / "b").mkdir(parents=True)
        for number in range(300):
            (self.box.home.parent / "tree" / "a" / "b" / f"{number}.txt").write_text(f"burst{number} words")
        (self.box.home.parent / "tree" / ".hidden.txt").write_text("concealed words")
        (self.box.home.parent / "tree").rename(folder / "tree")
        self.found("burst299")
        wait_until(lambda: self.source(source)["items"] == 306, 20)
        (folder / "tree" / "a" / "c").mkdir()
        (folder / "tree" / "a" / "c" / "late.txt").write_text("late words")
        self.found("late words")
        self.assertEqual(self.titles("concealed"), [])
        # What came while the box was away is found when it is back; a link is not followed.
        self.box.stop()
        (folder / "while away.txt").write_text("meanwhile words")
        (folder / "link.txt").symlink_to("/etc/hostname")
        self.box.start()
        self.found("meanwhile")
        self.current(source)
        self.assertEqual(self.source(source)["items"], 308)
        self.owner.call("memory.import", kind="folder", path=str(folder), watch=False)
        wait_until(lambda: not self.source(source).get("live"), 10)

    def test_a_folder_that_goes_and_comes_back(self):
        folder = self.folder()
        (folder / "a.txt").write_text("first words")
        source = self.watch(folder)
        folder.rename(folder.with_name("elsewhere"))
        wait_until(lambda: self.source(source)["live"]["state"] == "waiting", 20)
        folder.with_name("elsewhere").rename(folder)
        (folder / "b.txt").write_text("zeta")
        self.found("zeta", 30)

    def test_a_folder_that_is_deleted_and_made_anew(self):
        folder = self.folder()
        (folder / "a.txt").write_text("first words")
        source = self.watch(folder)
        (folder / "a.txt").unlink()
        folder.rmdir()
        waiting = wait_until(lambda: (live := self.source(source)["live"])["state"] == "waiting" and live, 20)
        self.assertIn("is not there any more", waiting["error"])
        folder.mkdir()
        (folder / "b.txt").write_text("zeta")
        self.found("zeta", 30)
        self.current(source)
        # At once, as a program does that writes a folder anew.
        (folder / "b.txt").unlink()
        folder.rmdir()
        folder.mkdir()
        (folder / "c.txt").write_text("eta")
        self.found("eta", 30)

    def test_a_renamed_file_is_the_same_one(self):
        folder = self.folder()
        (folder / "draft.md").write_text("unrevised wording")
        (folder / "inner").mkdir()
        (folder / "inner" / "plan.md").write_text("original intent")
        source = self.watch(folder)
        (folder / "draft.md").rename(folder / "final.md")
        (folder / "final.md").write_text("polished wording")
        self.found("polished")
        self.assertEqual(self.titles("unrevised"), [])
        (folder / "inner").rename(folder / "outer")
        (folder / "outer" / "plan.md").write_text("altered intent")
        self.found("altered")
        self.assertEqual(self.titles("original"), [])
        # As editors save: another file takes the name.
        (folder / "final again.md").write_text("finished wording")
        self.found("finished")
        (folder / "final again.md").rename(folder / "final.md")
        wait_until(lambda: self.titles("polished") == [], 10)
        self.assertEqual(len(self.titles("finished")), 1)
        self.assertEqual(self.current(source)["items"], 2)

    def test_a_mailbox_is_watched(self):
        mailbox = self.box.home.parent / "inbox.mbox"
        mailbox.write_bytes(b"From ann Mon Nov  2 09:30:00 2026\n" + mail("One", "one words") + b"\n")
        source = self.watch(mailbox, "mail")
        with mailbox.open("ab") as file:
            file.write(b"From ann Mon Nov  2 09:31:00 2026\n" + mail("Two", "eta") + b"\n")
        self.found("eta")
        self.assertEqual(self.current(source)["items"], 2)
        maildir = self.box.home.parent / "Maildir"
        for name in ("tmp", "new", "cur"):
            (maildir / name).mkdir(parents=True)
        self.watch(maildir, "mail")
        (maildir / "tmp" / "1.host").write_bytes(mail("Three", "theta"))
        (maildir / "new" / "1.host").hardlink_to(maildir / "tmp" / "1.host")
        (maildir / "tmp" / "1.host").unlink()
        self.found("theta")

    def test_ones_own_files_are_remembered(self):
        self.owner.call("files.make_folder", path="/plans")
        self.owner.call("files.write", path="/plans/garden.txt", text="Plant the quince in March.")
        self.owner.call("files.write", path="/rubbish.txt", text="discarded words")
        self.owner.call("files.trash", path="/rubbish.txt")
        started = self.owner.call("memory.import", kind="files")
        self.assertEqual(self.finished(started["job"])["state"], "done")
        source = self.current(started["source"])
        self.assertEqual((source["kind"], source["name"], source["items"]), ("files", "Files", 1))
        self.assertEqual(source["label"]["integrity"], "owner")
        self.owner.call("files.write", path="/plans/roof.md", text="# Roof\n\nThe tiles come on Thursday.")
        self.assertLess(self.found("tiles"), SOON)
        self.assertEqual(self.titles("discarded"), [])
        self.assertFails("invalid_input", self.owner.call, "memory.import", kind="files", path="/plans")
        # Another person's switch is for their own files alone.
        bo = self.member("bo")
        bo.call("files.write", path="/own.txt", text="what bo alone knows")
        started = bo.call("memory.import", kind="files")
        wait_until(lambda: bo.call("memory.search", query="bo alone")["results"], 20)
        self.assertEqual(bo.call("memory.search", query="quince")["results"], [])
        self.assertEqual(self.titles("bo alone"), [])
        self.assertFails("not_found", bo.call, "memory.import", kind="folder", path="/etc", watch=True)
        self.assertEqual([one["id"] for one in bo.call("memory.sources")["sources"]], [started["source"]])


if __name__ == "__main__":
    unittest.main()
