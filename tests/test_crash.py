"""Kills the box at random points a hundred times while it imports, takes uploads, writes files and gives grants.

After each start: every acknowledged write is there, nothing is half done; at the end every job has ended and the audit is
whole. SIGKILL shows what the box holds in memory; what a power cut takes from the disk's cache is the store's own test.

HEARTH_CRASH_SEED repeats a run, HEARTH_CRASH_KILLS changes how many kills there are.
"""

import base64
import hashlib
import json
import os
import random
import threading
import time
import unittest
from pathlib import Path

from box import Box, Client, Failure, Gone, wait_until

KILLS = int(os.environ.get("HEARTH_CRASH_KILLS", "100"))
SEED = int(os.environ.get("HEARTH_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
LONGEST_LIFE = 0.4  # seconds between a start and the kill
MESSAGES = 120      # in each mailbox


class Worker(threading.Thread):
    """Makes calls until the box is gone; remembers what was acknowledged."""

    def __init__(self, box: Box, random_: random.Random):
        super().__init__(daemon=True)
        self.client = Client(box)
        self.client.cookies = dict(box.owner.cookies)
        self.random = random_
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            while True:
                self.step()
        except Gone:
            pass
        except BaseException as error:
            self.problem = error
        finally:
            self.client.close()

    def step(self) -> None:
        raise NotImplementedError


class Granting(Worker):
    """What is given is there; what is taken back is gone. A call that was cut off may have happened or not."""

    def __init__(self, box, random_, given: set, revoking: set, revoked: set):
        super().__init__(box, random_)
        self.given, self.revoking, self.revoked = given, revoking, revoked

    def step(self) -> None:
        alive = sorted(self.given - self.revoking)
        if len(alive) > 30 or (alive and self.random.random() < 0.3):
            grant = self.random.choice(alive)
            self.revoking.add(grant)
            self.client.call("grants.revoke", id=grant)
            self.revoked.add(grant)
        else:
            self.given.add(self.client.call("grants.create", principal="app:crash", operations=["files.list"])["id"])


class Writing(Worker):
    """Files written at once: the old text or the new, never a part."""

    def __init__(self, box, random_, texts: dict, wanted: dict):
        super().__init__(box, random_)
        self.texts, self.wanted = texts, wanted

    def step(self) -> None:
        path = f"/written/{self.random.randrange(40)}.txt"
        text = f"{self.random.random()} " * self.random.randrange(1, 3000)
        self.wanted.setdefault(path, set()).add(text)  # of several that were not acknowledged, any may have been written
        self.client.call("files.write", path=path, text=text, replace=True)
        self.texts[path] = text
        self.wanted[path] = {text}


class Uploading(Worker):
    """Resumable uploads (tus): what was acknowledged is never sent again, and the file is whole in the end."""

    def __init__(self, box, random_, uploads: list, finished: dict):
        super().__init__(box, random_)
        self.uploads, self.finished = uploads, finished

    def send(self, method: str, path: str, expected: tuple, body: bytes = b"", **headers):
        answer = self.client.request(method, path, body, {"Tus-Resumable": "1.0.0",
                                                          **{name.replace("_", "-"): value for name, value in headers.items()}})
        if answer.status not in expected:
            raise AssertionError(f"{method} {path}: {answer.status} {answer.body!r}, not {expected}")
        return answer

    def step(self) -> None:
        if not self.uploads:
            content = self.random.randbytes(self.random.randrange(1, 1_500_000))
            path = f"/uploaded-{self.random.randrange(1 << 40)}.bin"
            created = self.send("POST", "/uploads", (201,), Upload_Length=str(len(content)),
                                Upload_Metadata="path " + base64.b64encode(path.encode()).decode())
            self.uploads.append({"address": created.headers["Location"], "path": path, "content": content, "acknowledged": 0})
        upload = self.uploads[0]
        head = self.send("HEAD", upload["address"], (200, 204))
        offset = int(head.headers["Upload-Offset"])
        if offset < upload["acknowledged"]:
            raise AssertionError(f"{upload['acknowledged']} bytes were acknowledged, {offset} are there")
        while offset < len(upload["content"]):
            piece = upload["content"][offset:offset + self.random.randrange(1, 400_000)]
            answer = self.send("PATCH", upload["address"], (200, 204), piece, Upload_Offset=str(offset),
                               Content_Type="application/offset+octet-stream")
            offset += len(piece)
            if int(answer.headers["Upload-Offset"]) != offset:
                raise AssertionError(f"{answer.headers['Upload-Offset']} instead of {offset}")
            upload["acknowledged"] = offset
        self.finished[upload["path"]] = hashlib.sha256(upload["content"]).digest()
        self.uploads.pop(0)


class Importing(Worker):
    """Imports one mailbox after the other; and copies folders, which is a job too."""

    def __init__(self, box, random_, folder: Path, jobs: dict):
        super().__init__(box, random_)
        self.folder, self.jobs = folder, jobs
        self.remembers = any(o["name"] == "memory.import" for o in box.anyone.call("kernel.operations")["operations"])

    def step(self) -> None:
        unfinished = [job for job in self.client.call("jobs.list", limit=1000)["jobs"] if "finished" not in job]
        if len(unfinished) >= 2:
            self.client.call("jobs.get", id=unfinished[0]["id"])
            return
        number = len(list(self.folder.glob("*.mbox")))
        if self.random.random() < 0.3:
            job = self.client.call("files.copy", {"from": "/many", "to": f"/copy-{self.random.randrange(1 << 40)}"}).get("job")
            if job:
                self.jobs[job] = None
            return
        if not self.remembers:
            return
        mailbox = self.folder / f"{number}.mbox"
        mailbox.write_text("".join(message(number, i) for i in range(MESSAGES)))
        begun = self.client.call("memory.import", kind="mail", path=str(mailbox))
        self.jobs[begun["job"]] = begun["source"]


def message(mailbox: int, number: int) -> str:
    return (f"From sender@example.org Mon Mar  2 09:30:00 2026\nFrom: Sender <sender@example.org>\nTo: mei@example.org\n"
            f"Subject: Letter {number} of {mailbox}\nMessage-ID: <{mailbox}.{number}@example.org>\n"
            f"Date: Mon, 2 Mar 2026 09:{number % 60:02}:00 +0000\n\nThe kettle number {number} whistles in kitchen {mailbox}.\n\n")


class Crash(unittest.TestCase):
    def test_nothing_acknowledged_is_lost(self):
        print(f"seed {SEED}, {KILLS} kills", flush=True)
        chance = random.Random(SEED)
        box = Box()
        self.addCleanup(box.close)
        box.start()
        box.claim()
        mailboxes = box.home.parent / "mailboxes"
        mailboxes.mkdir()
        box.owner.call("files.make_folder", path="/written")
        box.owner.call("files.make_folder", path="/many")
        for i in range(60):
            box.owner.call("files.write", path=f"/many/{i}.txt", text="x" * 2000)

        given, revoking, revoked = set(), set(), set()
        texts, wanted = {}, {}
        uploads, finished = [], {}
        jobs = {}
        for kill in range(KILLS):
            if chance.random() < 0.15:  # now and then it does not even get to its feet
                box.process.kill()
                box.process.wait()
                box.process = box.launch()
                time.sleep(chance.random() * 0.15)
                box.kill9()
                box.process.stdout.close()
                box.start()
                self.check(box, given, revoking, revoked, texts, wanted)
                continue
            workers = [Granting(box, random.Random(chance.random()), given, revoking, revoked),
                       Writing(box, random.Random(chance.random()), texts, wanted),
                       Uploading(box, random.Random(chance.random()), uploads, finished),
                       Importing(box, random.Random(chance.random()), mailboxes, jobs)]
            for worker in workers:
                worker.start()
            # Now and then it lives long enough to end its jobs: those that never get on are given up in the end.
            time.sleep(2 if kill % 20 == 19 else chance.random() * LONGEST_LIFE)
            box.kill9()
            for worker in workers:
                worker.join(60)
                self.assertFalse(worker.is_alive())
                if worker.problem:
                    raise AssertionError(f"seed {SEED}, kill {kill}: {type(worker).__name__}: {worker.problem}\n{box.output()}") \
                        from worker.problem
            box.start()
            self.check(box, given, revoking, revoked, texts, wanted)

        self.check_files(box, texts, wanted, finished)
        self.check_jobs(box, jobs)
        verdict = json.loads(box.cli("audit", "verify", "--json").stdout)
        self.assertTrue(verdict["ok"], verdict)
        print(f"acknowledged: {len(given)} grants and {len(revoked)} revocations, {len(texts)} written files,"
              f" {len(finished)} uploads, {len(jobs)} jobs; {verdict['entries']} audit entries", flush=True)
        for count in (given, revoked, texts, finished, jobs):
            self.assertTrue(count, "a kind of work was never acknowledged: the test tests less than it says")
        self.assertEqual(box.stop(), 0)

    def check(self, box: Box, given: set, revoking: set, revoked: set, texts: dict, wanted: dict) -> None:
        there = {grant["id"] for grant in box.owner.call("grants.list")["grants"]}
        self.assertEqual(given - revoking - there, set(), f"seed {SEED}: given, acknowledged and lost")
        self.assertEqual(revoked & there, set(), f"seed {SEED}: revoked, acknowledged and back")
        given |= there  # one that was cut off before its acknowledgement may be there: from now on it has to be
        for path, text in list(texts.items())[-3:]:
            self.check_text(box, path, texts, wanted)

    def check_text(self, box: Box, path: str, texts: dict, wanted: dict) -> None:
        answer = box.owner.request("GET", f"/files{path}")
        self.assertEqual(answer.status, 200, f"seed {SEED}: {path}: {answer.body[:200]!r}")
        found = answer.body.decode()
        self.assertTrue(found == texts[path] or found in wanted[path],
                        f"seed {SEED}: {path} is neither what it was nor what it was to be")
        texts[path] = found
        wanted[path] = {found}

    def check_files(self, box: Box, texts: dict, wanted: dict, finished: dict) -> None:
        for path in texts:
            self.check_text(box, path, texts, wanted)
        for path, digest in finished.items():
            answer = box.owner.request("GET", f"/files{path}")
            self.assertEqual(hashlib.sha256(answer.body).digest(), digest, f"seed {SEED}: {path}: {answer.status}")

    def check_jobs(self, box: Box, jobs: dict) -> None:
        def all_ended():
            listed = box.owner.call("jobs.list", limit=1000)["jobs"]
            return listed if all("finished" in job for job in listed) else None

        ended = {job["id"]: job for job in wait_until(all_ended, 60, "the end of every job")}
        self.assertEqual(set(jobs) - set(ended), set(), f"seed {SEED}: begun, acknowledged and lost")
        imports = {job: source for job, source in jobs.items() if source}
        sources = {source["id"]: source for source in box.owner.call("memory.sources")["sources"]} if imports else {}
        for id, job in ended.items():
            self.assertEqual(job["state"], "done", f"seed {SEED}: {job}")
            if id in imports:
                self.assertEqual(sources[imports[id]]["items"], MESSAGES, f"seed {SEED}: {job}")
            if job["kind"] == "files.copy":
                path = job["result"]["path"]
                self.assertEqual(box.owner.call("files.list", path=path)["total"], 60, f"seed {SEED}: {path} is not whole")


if __name__ == "__main__":
    unittest.main()
