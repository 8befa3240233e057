"""What is Bo's is Bo's: nobody else reads it, the owner of the box included, by whatever operation, stream or id."""

import base64
import json
import os
import socket
import struct
import unittest

from box import Box, BoxTestCase, Client, Failure, wait_until

SECRET = "quetzalfeather"  # in everything that Bo has
PASSWORD = "another calm evening"


class Events:
    """GET /events as `client`: collects what comes, and why it was closed."""

    def __init__(self, box: Box, client: Client):
        self.socket = socket.create_connection(("127.0.0.1", box.port), 10)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        self.socket.sendall((f"GET /events HTTP/1.1\r\nHost: hearth.localhost:{box.port}\r\nOrigin: http://hearth.localhost:{box.port}\r\n"
                             f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nCookie: {cookies}\r\n\r\n").encode())
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline()
        if b" 101 " not in status:
            raise AssertionError(f"no live events: {status!r}")
        while self.stream.readline() not in (b"\r\n", b""):
            pass

    def next(self) -> tuple[str, object]:
        """("event", {...}) or ("closed", code)."""
        while True:
            first, second = self.stream.read(2)
            length = second & 127
            if length == 126:
                length = struct.unpack(">H", self.stream.read(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.stream.read(8))[0]
            content = self.stream.read(length)
            if first & 15 == 8:
                return "closed", struct.unpack(">H", content[:2])[0]
            if first & 15 == 1:
                return "event", json.loads(content)

    def until(self, wanted) -> list:
        """Everything that comes, up to the first for which `wanted` is true."""
        seen = []
        while not seen or not wanted(*seen[-1]):
            seen.append(self.next())
        return seen

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


class Privacy(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ("bo", "cai"):
            self.owner.call("identity.create_person", name=name, display_name=name.title(), role="member", password=PASSWORD)
        self.bo, self.cai = (self.box.sign_in(name, PASSWORD) for name in ("bo", "cai"))

    def events(self, client: Client) -> Events:
        events = Events(self.box, client)
        self.addCleanup(events.close)
        return events

    def live(self, client: Client) -> Events:
        """Events of `client` that have begun: what is done from now on would be seen."""
        events = self.events(client)
        client.call("files.make_folder", path="/begun")
        job = client.call("files.copy", {"from": "/begun", "to": "/copied"})["job"]
        events.until(lambda kind, event: kind == "event" and event["topic"] == "job" and event["data"]["id"] == job
                     and event["data"]["state"] == "done")
        return events

    def fill(self) -> None:
        """Something of Bo's in every room."""
        bo = self.bo
        bo.call("files.make_folder", path=f"/{SECRET}")
        bo.call("files.write", path=f"/{SECRET}/{SECRET}.txt", text=f"The {SECRET} lies under the stone.\n")
        bo.call("files.write", path=f"/{SECRET}-old.txt", text=f"The {SECRET} lay on the stone.\n")
        bo.call("files.trash", path=f"/{SECRET}-old.txt")
        bo.call("files.share", path=f"/{SECRET}/{SECRET}.txt")
        copied = bo.call("files.copy", {"from": f"/{SECRET}", "to": f"/{SECRET}-copy"})["job"]
        read = bo.call("memory.import", kind="folder", path=f"/{SECRET}", name=SECRET)["job"]
        for job in (copied, read):
            wait_until(lambda: bo.call("jobs.get", id=job).get("finished"), what=f"job {job}")
        app = bo.call("identity.create_token", kind="app", name="notes")["principal"]
        bo.call("grants.create", principal=app, operations=["files.read"], resources=[f"files:/{SECRET}/**"])
        with self.assertRaises(Failure):
            bo.call("files.read", path=f"/{SECRET}/nothing-{SECRET}")  # a refusal is activity too

    def reads(self) -> list[dict]:
        return [operation for operation in self.owner.call("kernel.operations")["operations"]
                if operation["effect"] == "read" and not operation.get("streaming")]

    def answers(self, client: Client, operation: dict, words: list[str]):
        """Every answer to one read: with nothing but what it needs, and with each of its text fields set to each word."""
        schema = operation["input"]
        required = schema.get("required", [])
        texts = [name for name, field in schema["properties"].items() if field.get("type") == "string" and not field.get("enum")]
        tries = [{}] if not required else []
        for name in texts:
            tries += [{**{other: word for other in required}, name: word} for word in words]
        for fields in tries:
            try:
                yield fields, json.dumps(client.call(operation["name"], fields), ensure_ascii=False)
            except Failure as failure:
                if failure.code == "internal":
                    raise
                yield fields, failure.message

    @staticmethod
    def strings(value) -> set[str]:
        if isinstance(value, str):
            return {value}
        if isinstance(value, dict):
            value = list(value.values())
        return set().union(*map(Privacy.strings, value)) if isinstance(value, list) else set()

    def test_no_read_gives_what_is_another_persons(self):
        self.fill()
        # All that Bo sees, and from it every id, path and name that somebody could come to know.
        paths = [f"/{SECRET}", f"/{SECRET}/{SECRET}.txt", f"/../{self.bo.person['id']}/home/{SECRET}/{SECRET}.txt"]
        known, mine = set(paths), set()
        for operation in self.reads():
            for fields, answer in self.answers(self.bo, operation, [paths[1], paths[0], SECRET, "1"]):
                if SECRET not in answer:
                    continue
                mine.add(operation["name"])
                try:
                    known |= {text for text in self.strings(json.loads(answer)) if len(text) < 80 and " " not in text}
                except ValueError:
                    pass  # a message
        self.assertLessEqual({"files.list", "files.read", "files.stat", "files.search", "files.trashed", "files.shares", "jobs.list",
                              "memory.search", "memory.ask", "memory.sources", "memory.item", "memory.original", "audit.list",
                              "grants.list"}, mine)
        known |= {self.bo.person["id"], SECRET, "1", "2"}
        for client in (self.owner, self.cai):
            for operation in self.reads():
                for fields, answer in self.answers(client, operation, sorted(known)):
                    repeated = answer
                    for word in sorted(map(str, fields.values()), key=len, reverse=True):
                        repeated = repeated.replace(json.dumps(word, ensure_ascii=False)[1:-1], "")  # what the caller said himself
                    self.assertNotIn(SECRET, repeated, f"{operation['name']} {fields} as {client.person['name']}")

    def test_no_byte_stream_gives_it_either(self):
        self.fill()
        item = self.bo.call("memory.search", query=SECRET)["results"][0]["item"]
        paths = [f"/files/{SECRET}/{SECRET}.txt", f"/dav/{SECRET}/{SECRET}.txt", f"/originals/{item}"]
        for path in paths:
            self.assertIn(SECRET.encode(), self.bo.request("GET", path).body)
            for client in (self.owner, self.cai, self.box.anyone):
                answer = client.request("GET", path)
                self.assertIn(answer.status, (401, 404), path)
                self.assertNotIn(b"under the stone", answer.body)
        for path in (f"/files/..%2f..%2f{self.bo.person['id']}%2fhome%2f{SECRET}%2f{SECRET}.txt",
                     f"/dav/../../{self.bo.person['id']}/home/{SECRET}/{SECRET}.txt"):
            self.assertNotIn(b"under the stone", self.owner.request("GET", path).body)

    def test_the_owner_cannot_bring_it_into_his_own_memory(self):
        self.fill()
        home = self.box.home / "files" / self.bo.person["id"] / "home"
        self.assertTrue((home / SECRET).exists())
        for path in (home, self.box.home / "people", self.box.home, f"{self.box.home}/files/../files/{self.bo.person['id']}"):
            self.assertFails("forbidden", self.owner.call, "memory.import", kind="folder", path=str(path))
        link = self.box.home.parent / "link"
        link.symlink_to(home)
        self.assertFails("forbidden", self.owner.call, "memory.import", kind="folder", path=str(link))

    def test_nor_by_a_folder_around_the_box(self):
        self.fill()
        around = self.box.home.parent
        (around / "mine.md").write_text("# Mine\n\nwhat lies beside the box")
        for kind, watch in (("folder", False), ("mail", False), ("notes", True)):
            started = self.owner.call("memory.import", kind=kind, path=str(around), watch=watch)
            wait_until(lambda: next(one for one in self.owner.call("jobs.list")["jobs"] if one["id"] == started["job"])["state"] == "done", 60)
        self.assertEqual([one["title"] for one in self.owner.call("memory.search", query="beside the box")["results"]][:1], ["Mine"])
        # What is new there is not told of either.
        self.bo.call("files.write", path=f"/{SECRET}/later.md", text=f"later {SECRET}")
        (around / "later.md").write_text("# Afterwards\n\nlater words")
        wait_until(lambda: self.owner.call("memory.search", query="afterwards")["results"], 20)
        self.assertEqual(self.owner.call("memory.search", query=SECRET)["results"], [])
        self.assertEqual([source["failures"] for source in self.owner.call("memory.sources")["sources"] if SECRET in json.dumps(source)], [])

    def test_live_events_are_each_persons_own(self):
        others = self.live(self.owner)
        mine = self.live(self.bo)
        self.fill()
        phone = self.box.sign_in("bo", PASSWORD)
        device = next(d for d in phone.call("identity.devices")["devices"] if d["current"])
        self.bo.call("identity.revoke_device", id=device["id"])
        seen = mine.until(lambda kind, event: kind == "event" and event["topic"] == "session")
        self.assertIn(SECRET, json.dumps(seen))
        self.owner.call("files.copy", {"from": "/begun", "to": "/again"})
        for kind, event in others.until(lambda kind, event: event["topic"] == "job" and "again" in json.dumps(event)):
            self.assertNotEqual(event["topic"], "session")
            self.assertNotIn(SECRET, json.dumps(event))

    def test_signing_out_ends_ones_own_live_view_and_no_other(self):
        others, mine = self.live(self.owner), self.live(self.bo)
        self.bo.call("identity.sign_out")
        self.assertEqual(mine.until(lambda kind, _: kind == "closed")[-1], ("closed", 4401))
        self.owner.call("files.copy", {"from": "/begun", "to": "/again"})
        others.until(lambda kind, event: kind == "event" and event["topic"] == "job")


if __name__ == "__main__":
    unittest.main()
