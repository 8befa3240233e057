"""Chats, notes, recorders, browsers and Takeout from outside: exports as people have them come in and are found."""

import io
import json
import os
import sqlite3
import tarfile
import unittest
import zipfile
from pathlib import Path

from box import BoxTestCase, wait_until


class Sources(BoxTestCase):
    def finished(self, job: str, seconds: float = 60) -> dict:
        def ended():
            found = next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == job)
            return found if found["state"] in ("done", "failed", "cancelled") else None

        return wait_until(ended, seconds, f"job {job}")

    def read(self, path: Path | str, **fields) -> dict:
        started = self.owner.call("memory.import", path=str(path), **fields)
        job = self.finished(started["job"])
        self.assertEqual(job["state"], "done", job["error"])
        source = next(one for one in self.owner.call("memory.sources")["sources"] if one["id"] == started["source"])
        return {**job["result"], "source": source}

    def write(self, path: str, content: str | bytes | list | dict) -> Path:
        target = self.box.home.parent / "outside" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, (list, dict)):
            content = json.dumps(content, ensure_ascii=False)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def found(self, query: str, **fields) -> dict:
        """The item of the best result."""
        results = self.owner.call("memory.search", query=query, **fields)["results"]
        self.assertTrue(results, f"nothing found for {query!r}")
        return self.item(results[0]["item"])

    def item(self, id: str) -> dict:
        """An item, with its times without fractions."""
        item = self.owner.call("memory.item", item=id)
        return {key: value.replace(".000Z", "Z") if key in ("time", "until") and value else value for key, value in item.items()}

    def text(self, item: dict) -> str:
        return "".join(one["text"] for one in item["passages"])

    def authors(self, item: dict) -> list[str]:
        return [one["name"] for one in item["people"] if one["role"] == "author"]

    def original(self, item: dict) -> str:
        found = self.owner.call("memory.original", item=item["id"])
        return found["text"]

    def test_whatsapp_grows_and_is_edited(self):
        first = ("13/05/2024, 10:22 - Messages and calls are end-to-end encrypted.\n"
                 "13/05/2024, 10:22 - Ann: The boiler man comes at nine\nbring the key\n"
                 "13/05/2024, 10:23 - Bo: teh blue one?\n")
        path = self.write("WhatsApp Chat with Ann.txt", first)
        result = self.read(path)
        self.assertEqual((result["added"], result["failed"], result["source"]["kind"]), (3, 0, "chat"))
        item = self.found("boiler man")
        self.assertEqual((item["kind"], item["title"], item["time"], item["certainty"]), ("message", "Ann", "2024-05-13T10:22:00Z", "zone"))
        self.assertEqual(self.text(item), "The boiler man comes at nine\nbring the key")
        self.assertEqual(self.authors(item), ["Ann"])
        self.assertEqual(len(item["thread"]), 3)
        self.assertEqual(self.original(item), "13/05/2024, 10:22 - Ann: The boiler man comes at nine\nbring the key\n")
        # It grew, and a message was edited.
        path.write_text(first.replace("teh blue one?", "the blue one? <This message was edited>") + "14/05/2024, 09:00 - Bo: 我到了\n")
        result = self.read(path)
        self.assertEqual((result["added"], result["known"]), (2, 2))
        self.assertEqual(self.owner.call("memory.search", query="teh")["results"], [])
        self.assertEqual(self.found("blue one")["tags"], ["edited"])
        self.assertEqual(self.authors(self.found("我到了")), ["Bo"])
        self.assertEqual(self.read(path)["added"], 0)

    def test_telegram(self):
        chat = {"name": "Bo Berg", "type": "personal_chat", "id": 4242, "messages": [
            {"id": 2, "type": "message", "date": "2024-05-01T12:22:33", "date_unixtime": "1714558953", "from": "Ann", "from_id": "user7", "text": "Where is the ladder?"},
            {"id": 3, "type": "message", "date": "2024-05-01T12:23:33", "date_unixtime": "1714559013", "from": "Bo Berg", "from_id": "user4242",
             "text": ["In the ", {"type": "bold", "text": "cellar"}, ", 地下室"]}]}
        result = self.read(self.write("Telegram/result.json", chat))
        self.assertEqual((result["added"], result["failed"], result["source"]["kind"]), (2, 0, "chat"))
        item = self.found("地下室")
        self.assertEqual((self.text(item), item["time"], item["zone"]), ("In the cellar, 地下室", "2024-05-01T10:23:33Z", 120))
        self.assertEqual(item["people"][0]["address"], "telegram:user4242")
        chat["messages"][1]["text"] = "In the attic"
        chat["messages"].append({**chat["messages"][0], "id": 4, "text": "Thanks"})
        result = self.read(self.write("Telegram/result.json", chat))
        self.assertEqual((result["added"], result["known"]), (2, 1))
        self.assertEqual(self.owner.call("memory.search", query="cellar")["results"], [])

    def slack(self, put):
        put("users.json", [{"id": "U1", "name": "ann", "profile": {"real_name": "Ann Lee", "email": "ann@example.org"}}])
        put("channels.json", [{"id": "C1", "name": "garden", "members": ["U1"]}])
        put("garden/2024-05-01.json", [{"type": "message", "user": "U1", "ts": "1714558953.000200", "text": "Roses for <@U1> &amp; <https://example.org|all>"}])
        put("garden/2024-05-02.json", [{"type": "message", "user": "U1", "ts": "1714645353.000200", "text": "Tulips"}, {"type": "message"}])

    def check_slack(self, result, *, passed_over):
        self.assertEqual((result["added"], result["failed"], result["passed_over"]), (2, 1, passed_over))
        item = self.found("roses")
        self.assertEqual((self.text(item), item["title"]), ("Roses for @Ann Lee & all (https://example.org)", "#garden"))
        self.assertEqual([one["address"] for one in item["people"]], ["ann@example.org"])

    def test_slack_folder(self):
        self.slack(lambda name, content: self.write(f"Slack/{name}", content))
        self.check_slack(self.read(self.box.home.parent / "outside" / "Slack", kind="chat"), passed_over=2)

    def test_discord_package(self):
        self.write("package/messages/index.json", {"11": "Direct Message with bo"})
        self.write("package/messages/c11/channel.json", {"id": "11", "type": "DM"})
        self.write("package/messages/c11/messages.json", [{"ID": 1, "Timestamp": "2024-05-01 10:22:33", "Contents": "See you at the harbour", "Attachments": ""}])
        self.assertEqual(self.read(self.box.home.parent / "outside" / "package", kind="chat")["added"], 1)
        item = self.found("harbour")
        self.assertEqual((item["title"], item["time"]), ("Direct Message with bo", "2024-05-01T10:22:33Z"))

    def test_wechat_table_and_lines(self):
        table = "localId,IsSender,CreateTime,StrContent,StrTime,NickName\r\n1,0,1714558953,今晚吃火锅,2024-05-01 18:22:33,小明\r\n2,1,1714558960,好,2024-05-01 18:22:40,\r\n"
        result = self.read(self.write("家人.csv", table.encode("gb18030")))
        self.assertEqual((result["added"], result["source"]["kind"]), (2, "chat"))
        item = self.found("火锅")
        self.assertEqual((self.authors(item), item["title"], item["time"]), (["小明"], "家人", "2024-05-01T10:22:33Z"))
        lines = '{"time": "2024-05-01T10:22:33Z", "sender": "Cy", "text": "The regatta begins"}\n{"broken\n'
        result = self.read(self.write("club.jsonl", lines))
        self.assertEqual((result["added"], result["failed"]), (1, 1))
        self.assertEqual(self.found("regatta")["title"], "club")

    def test_a_dialogue_keeps_its_turns_and_sessions(self):
        dialogue = {"sample_id": "conv-1", "qa": [{"question": "never read", "evidence": ["D1:1"]}], "conversation": {
            "speaker_a": "Ann", "speaker_b": "Bo", "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [{"speaker": "Ann", "dia_id": "D1:1", "text": "I bought a canoe"}, {"speaker": "Bo", "dia_id": "D1:2", "text": "Wow"}],
            "session_2_date_time": "2:00 pm on 8 May, 2023", "session_2": [{"speaker": "Bo", "dia_id": "D2:1", "text": "And I a kayak"}]}}
        self.assertEqual(self.read(self.write("conv-1.json", dialogue), kind="chat")["added"], 3)
        item = self.found("canoe")
        self.assertTrue(item["origins"][0].endswith("#conv-1/D1:1"), item["origins"])
        self.assertEqual(len(item["thread"]), 2)
        self.assertEqual(self.owner.call("memory.search", query="\"never read\"")["results"], [])

    def test_imessage_with_its_log(self):
        path = self.box.home.parent / "outside" / "chat.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path)
        database.executescript("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, handle_id INTEGER, date INTEGER, is_from_me INTEGER, account TEXT);
            CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
            CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, chat_identifier TEXT, display_name TEXT);
            CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
            CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
            CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);
            CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
            INSERT INTO handle VALUES (1, '+491701234567');
            INSERT INTO chat VALUES (1, 'iMessage;-;+491701234567', '+491701234567', '');
            INSERT INTO chat_handle_join VALUES (1, 1);
            INSERT INTO message VALUES (1, 'A', 'Meet at the pier', NULL, 1, 736251753000000000, 0, NULL);
            INSERT INTO chat_message_join VALUES (1, 1);
        """)
        try:  # open, so that all of it stands in the log still
            result = self.read(path)
        finally:
            database.close()
        self.assertEqual((result["added"], result["failed"], result["source"]["kind"]), (1, 0, "chat"))
        item = self.found("pier")
        self.assertEqual((item["time"], item["people"][0]["address"]), ("2024-05-01T10:22:33Z", "tel:+491701234567"))

    def takeout(self, put):
        note = {"isTrashed": False, "title": "Shopping", "textContent": "three lemons", "userEditedTimestampUsec": 1714559953000000,
                "createdTimestampUsec": 1714558953000000, "labels": [{"name": "home"}]}
        put("Takeout/Keep/Shopping.json", note)
        put("Takeout/Keep/Shopping.html", '<html><title>Shopping</title><div class="note"><div class="heading">x</div><div class="content">three lemons</div></div></html>')
        put("Takeout/Mail/All mail Including Spam and Trash.mbox",
            "From 1798@xxx Wed May 01 10:22:33 +0000 2024\nX-GM-THRID: 1798\nX-Gmail-Labels: Inbox,\"Home, garden\",=?UTF-8?Q?=E5=AE=B6?=\n" + self.mail)

    mail = ("From: Bo <bo@example.org>\nTo: ann@example.org\nSubject: Window\nMessage-ID: <w1@example.org>\n"
            "Date: Wed, 1 May 2024 10:22:33 +0000\n\nThe glazier measured the window.\n")

    def check_takeout(self, result):
        self.assertEqual((result["added"], result["failed"]), (2, 0))
        results = self.owner.call("memory.search", query="lemons")["results"]
        self.assertEqual(len(results), 1)
        note = self.item(results[0]["item"])
        self.assertEqual((note["kind"], note["title"], note["tags"], note["time"]), ("note", "Shopping", ["home"], "2024-05-01T10:22:33Z"))
        mail = self.found("glazier")
        self.assertEqual((mail["kind"], mail["tags"]), ("mail", ["Inbox", "Home, garden", "家"]))

    def test_takeout_folder_and_the_same_mail_of_another_account(self):
        self.takeout(self.write)
        self.check_takeout(self.read(self.box.home.parent / "outside" / "Takeout"))
        other = self.write("other.mbox", "From x@y Wed May 01 10:22:33 +0000 2024\nDelivered-To: ann@other.example.org\n" + self.mail)
        result = self.read(other)
        self.assertEqual((result["added"], result["known"]), (0, 1))
        self.assertEqual(len(self.found("glazier")["origins"]), 2)

    def test_archives_hold_all_of_it(self):
        def archive(name, fill):
            path = self.box.home.parent / "outside" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
                fill(lambda member, content: made.writestr(member, content if isinstance(content, str) else json.dumps(content)))
            return path

        self.check_takeout(self.read(archive("takeout-1.zip", self.takeout)))
        with tarfile.open(self.write("takeout-1.tgz", b""), "w:gz") as made:

            def put(member, content):
                content = (content if isinstance(content, str) else json.dumps(content)).encode()
                entry = tarfile.TarInfo(member)
                entry.size = len(content)
                made.addfile(entry, io.BytesIO(content))

            self.takeout(put)
        result = self.read(self.box.home.parent / "outside" / "takeout-1.tgz")
        self.assertEqual((result["added"], result["known"], result["failed"]), (0, 2, 0))
        self.check_slack(self.read(archive("slack.zip", self.slack), kind="chat"), passed_over=2)
        result = self.read(archive("WhatsApp Chat - Trip.zip", lambda put: put("_chat.txt", "[13.05.24, 10:22:33] Ann: The ferry is late\n[13.05.24, 10:22:40] Bo: ok\n")), kind="chat")
        self.assertEqual(result["added"], 2)
        self.assertEqual(self.found("ferry")["title"], "Trip")

    def test_notes_and_recordings(self):
        self.write("Notion/Cake plan 0123456789abcdef0123456789abcdef.md", "# Cake plan\n\nTags: sweet\n\nWhisk the meringue.\n")
        self.write("Notion/Tasks fedcba9876543210fedcba9876543210.csv", "Name,Status\nMend the gate,Done\n")
        self.write("Notion/iCloud/Garden-2019-05-07T17_08_12Z.txt", "Water the hydrangea.")
        result = self.read(self.box.home.parent / "outside" / "Notion", kind="notes")
        self.assertEqual((result["added"], result["failed"]), (3, 0))
        self.assertEqual(self.found("meringue")["title"], "Cake plan")
        self.assertEqual(self.found("gate")["tags"], ["Tasks"])
        garden = self.found("hydrangea")
        self.assertEqual((garden["title"], garden["kind"], garden["time"]), ("Garden", "note", "2019-05-07T17:08:12Z"))
        log = {"id": "L1", "title": "At the lake", "markdown": "- Ann (2/1/25 10:00 AM): A heron!", "startTime": "2025-02-01T15:00:00Z", "endTime": "2025-02-01T15:30:00Z",
               "contents": [{"type": "blockquote", "content": "A heron!", "speakerName": "Ann"}]}
        result = self.read(self.write("lifelogs.json", {"data": {"lifelogs": [log]}}))
        self.assertEqual((result["added"], result["source"]["kind"]), (1, "recorder"))
        heron = self.found("heron")
        self.assertEqual((heron["kind"], heron["time"], heron["until"], heron["zone"]), ("recording", "2025-02-01T15:00:00Z", "2025-02-01T15:30:00Z", -300))

    def test_browsers(self):
        result = self.read(self.write("bookmarks.html", '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p><DT><A HREF="https://example.org/sail" ADD_DATE="1714558953">Sail making</A></DL>'))
        self.assertEqual((result["added"], result["source"]["kind"]), (1, "browser"))
        self.assertEqual(self.found("sail")["time"], "2024-05-01T10:22:33Z")
        path = self.box.home.parent / "outside" / "History"
        with sqlite3.connect(path) as database:
            database.executescript("""
                CREATE TABLE meta (key TEXT, value TEXT); CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT);
                CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER, transition INTEGER);
                INSERT INTO urls VALUES (1, 'https://example.org/oar', 'Oars of ash'); INSERT INTO visits VALUES (1, 1, 13359032553000000, 805306368);""")
        result = self.read(path)
        self.assertEqual((result["added"], result["source"]["kind"]), (1, "browser"))
        self.assertEqual(self.found("oars")["kind"], "page")

    def test_broken_exports_cost_what_is_broken(self):
        folder = self.box.home.parent / "outside" / "broken"
        self.write("broken/cut.json", '{"name": "X", "type": "personal_chat", "id": 1, "messages": [{"id": 1, "type": "message", "text": "the whole sentence"}, {"id": 2, "ty')
        self.write("broken/circle.json", {"name": "Y", "type": "private_group", "id": 2, "messages": [
            {"id": 1, "type": "message", "reply_to_message_id": 2, "text": "chicken"}, {"id": 2, "type": "message", "reply_to_message_id": 1, "text": "egg"}]})
        self.write("broken/deep.json", '{"type": "personal_chat", "messages": [' + "[" * 5000 + "]" * 5000 + "]}")
        self.write("broken/latin.txt", "13/05/2024, 10:22 - Ann: caf\xe9 au lait\n".encode("latin-1"))
        self.write("broken/chat.db", b"SQLite format 3\0" + os.urandom(5000))
        self.write("broken/" + os.fsdecode(b"odd \xff\xfe\n; rm -rf.txt"), "13/05/2024, 10:22 - Ann: a hostile name\n")
        with open(folder / "long.txt", "wb") as file:  # a line of a gigabyte that takes no room
            file.write(b"13/05/2024, 10:22 - Ann: ")
            file.seek(1 << 30)
            file.write(b"\n13/05/2024, 10:23 - Bo: behind the gigabyte\n")
        result = self.read(folder, kind="chat")
        self.assertEqual(result["added"], 6, result)
        for words in ("whole sentence", "chicken", "egg", "café", "hostile name", "behind the gigabyte"):
            self.found(words)
        reported = {one["place"] for one in result["source"]["failures"]}
        self.assertLessEqual({"cut.json", "deep.json", "long.txt"}, reported)


if __name__ == "__main__":
    unittest.main()
