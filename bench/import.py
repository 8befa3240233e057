#!/usr/bin/env python3
"""Reading mail into the memory, beside notmuch (Debian), from the same Maildir; or, with --megabytes, one large mbox alone.

    bench/import.py [--messages 10000] [--rounds 3]      the ratio of messages per second
    bench/import.py --megabytes 2048                     resident memory while a mailbox of that size is read

Both begin with an empty index and with the mail out of the page cache. The letters are those of ../shared/data/mail, each
under many Message-IDs, with names and numbers of its own in it. Prints one JSON line."""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from box import Box, wait_until  # noqa: E402

LETTERS = ROOT.parent / "shared" / "data" / "mail"
START = datetime(2015, 1, 5, 8, 30, tzinfo=timezone.utc)
NAMES = ["Ann", "Bo", "Chen", "Dee", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lea", "Mei", "Nils", "Ona", "Pia"]


def letters() -> list[tuple[str, str]]:
    found = [json.loads(line) for file in sorted(LETTERS.glob("*.jsonl")) for line in file.read_text().splitlines() if line.strip()]
    if not found:
        raise SystemExit(f"no letters in {LETTERS}")
    return [(letter["subject"], letter["email"].replace("\r\n", "\n")) for letter in found]


def message(texts: list[tuple[str, str]], number: int, chance: random.Random) -> str:
    subject, body = texts[number % len(texts)]
    writer, reader = chance.choice(NAMES), chance.choice(NAMES)
    word = "".join(chance.choice("abcdefghijklmnoprstuvw") for _ in range(7))
    return (f"From: {writer} <{writer.lower()}{number % 97}@example.org>\nTo: {reader} <{reader.lower()}@example.org>\n"
            f"Subject: {subject.strip()} {number}\nDate: {format_datetime(START + timedelta(minutes=17 * number))}\n"
            f"Message-ID: <{number}.{word}@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            f"Content-Transfer-Encoding: 8bit\n\n{body}\n\nReference {word}, {chance.randrange(10 ** 6)}.\n")


def write_maildir(folder: Path, count: int) -> None:
    texts, chance = letters(), random.Random(1)
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for number in range(count):
        (folder / "cur" / f"{number}.box:2,S").write_text(message(texts, number, chance), encoding="utf-8")


def write_mbox(path: Path, megabytes: int) -> int:
    texts, chance, number = letters(), random.Random(1), 0
    with path.open("w", encoding="utf-8") as out:
        while out.tell() < megabytes << 20:
            for _ in range(1000):
                text = re.sub(r"^(>*From )", r">\1", message(texts, number, chance), flags=re.M)
                out.write(f"From {number}@example.org Mon Jan  5 08:30:00 2015\n{text}\n")
                number += 1
    return number


def make_cold(folder: Path) -> None:
    os.sync()
    for path in [folder] if folder.is_file() else folder.rglob("*:*"):
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


class Watch(threading.Thread):
    """The most that hearthd and its parsers ever had resident, in MB."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, {}, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            try:
                tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
                for pid in [self.pid, *(int(child) for task in tasks for child in task.read_text().split())]:
                    status = Path(f"/proc/{pid}/status").read_text()
                    name, peak = re.search(r"Name:\s+(\S+)", status).group(1), re.search(r"VmHWM:\s+(\d+)", status)
                    if peak:
                        self.most[name] = max(self.most.get(name, 0), int(peak.group(1)) / 1024)
            except OSError:
                pass  # it has just ended

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def read(path: Path, messages: int) -> dict:
    with Box() as box:
        owner = box.claim()
        make_cold(path)
        with Watch(box.process.pid) as watch:
            begun = time.perf_counter()
            started = owner.call("memory.import", kind="mail", path=str(path))
            job = wait_until(lambda: (job := owner.call("jobs.get", id=started["job"])).get("finished") and job, 3600, "the import")
            seconds = time.perf_counter() - begun
        if job["state"] != "done" or job["result"]["added"] != messages:
            raise SystemExit(f"the import ended as {job}")
        home = sum(file.stat().st_size for file in (box.home / "people").rglob("*") if file.is_file())
        return {"rate": messages / seconds, "seconds": seconds, "rss": watch.most, "home": home}


def notmuch(maildir: Path, messages: int) -> float:
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = Path(name)
        (folder / "mail").mkdir()
        (folder / "mail" / "inbox").symlink_to(maildir)
        configuration = folder / "config"
        configuration.write_text(f"[database]\npath={folder}/mail\n[user]\nname=Ann\nprimary_email=ann@example.org\n[new]\ntags=inbox\n")
        environment = {**os.environ, "NOTMUCH_CONFIG": str(configuration)}
        make_cold(maildir)
        begun = time.perf_counter()
        subprocess.run(["notmuch", "new", "--quiet"], env=environment, check=True)
        seconds = time.perf_counter() - begun
        count = subprocess.run(["notmuch", "count"], env=environment, capture_output=True, text=True, check=True).stdout
        if int(count) != messages:
            raise SystemExit(f"notmuch has {count.strip()} messages")
        return messages / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=0)
    options = parser.parse_args()
    if not options.megabytes and not shutil.which("notmuch"):
        raise SystemExit("notmuch is missing: apt-get install notmuch")

    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        if options.megabytes:
            path = Path(name) / "large.mbox"
            messages = write_mbox(path, options.megabytes)
            ours = [read(path, messages)]
            figures = {"benchmark": "import-large-mbox", "megabytes": path.stat().st_size >> 20,
                       "megabytes_per_second": round((path.stat().st_size >> 20) / ours[0]["seconds"], 1)}
        else:
            path, messages = Path(name) / "maildir", options.messages
            write_maildir(path, messages)
            ours, theirs = [], []
            for number in range(options.rounds):
                for one in ("ours", "theirs") if number % 2 == 0 else ("theirs", "ours"):
                    (ours.append(read(path, messages)) if one == "ours" else theirs.append(notmuch(path, messages)))
            figures = {"benchmark": "import", "peer": "notmuch",
                       "ratio": round(statistics.median(a["rate"] / b for a, b in zip(ours, theirs)), 2),
                       "peer_messages_per_second": round(statistics.median(theirs))}
        rss = {f"{program}_rss_mb": round(max(one["rss"].get(program, 0) for one in ours), 1) for program in ("hearthd", "hearth-extract")}
        print(json.dumps({**figures, "messages": messages,
                          "messages_per_second": round(statistics.median(one["rate"] for one in ours)), **rss,
                          "home_mb": round(ours[-1]["home"] / 2 ** 20, 1), "rounds": len(ours), "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
