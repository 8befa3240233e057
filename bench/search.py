#!/usr/bin/env python3
"""Search in a large memory, beside notmuch on the same mail:

    bench/search.py TEXTS.jsonl... [--messages 100000] [--rounds 2] [--folder KEPT] [--without-notmuch]

Makes a Maildir (with --without-notmuch an mbox) of made-up messages: the words of the given texts by how often they are
written (Zipf), and rarer ones made of syllables; one passage each. Both index it; both are asked the same queries, in turns:
rare and frequent words, two and three words, a name and a word, words as they are typed. Hearth answers through memory.search
with snippets and reasons; notmuch through its command line, whose start is measured alone and taken off. Prints one JSON line,
with the processor time of both, since a machine is seldom quiet.
"""

import argparse
import itertools
import json
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from box import Box, Gone, wait_until  # noqa: E402

NAMES = "ann bo cal dee eli fay gus hal ida jan kit lou max ned ola pat quin ray sue tom".split()


def vocabulary(paths: list[str], chance: random.Random) -> list[str]:
    counts: dict[str, int] = {}
    for path in paths:
        for word in re.findall(r"[a-z]{2,}", Path(path).read_text(encoding="utf-8").lower()):
            counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda word: -counts[word])
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    made = {"".join(chance.choices(syllables, k=chance.randrange(2, 5))) for _ in range(80_000)}
    return words + sorted(made)


def messages(count: int, words: list[str], chance: random.Random):
    """The text of each message, and how long its body is."""
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    moment = datetime(2012, 1, 1, tzinfo=timezone.utc)
    for number in range(count):
        length = chance.randrange(30, 130)
        text = chance.choices(words, cum_weights=weights, k=length)
        for at in range(12, length, 12):
            text[at] += ".\n" if at % 24 == 0 else ","
        sender, receiver = chance.sample(NAMES, 2)
        body = " ".join(text)
        moment += timedelta(minutes=chance.randrange(5, 10))
        answered = f"In-Reply-To: <{number - chance.randrange(1, min(number, 50) + 1)}@example.org>\n" if number and chance.random() < 0.4 else ""
        yield (f"From: {sender.title()} <{sender}@example.org>\nTo: {receiver.title()} <{receiver}@example.org>\n"
               f"Subject: {' '.join(chance.choices(words, cum_weights=weights, k=4))}\nMessage-ID: <{number}@example.org>\n{answered}"
               f"Date: {moment.strftime('%a, %d %b %Y %H:%M:%S +0000')}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"), len(body)


def make_maildir(folder: Path, made) -> int:
    size = 0
    for number, (text, length) in enumerate(made):
        if number % 5000 == 0:
            place = folder / f"{number // 5000:04}" / "cur"
            for name in ("cur", "new", "tmp"):
                (place.parent / name).mkdir(parents=True)
        (place / f"{number}:2,S").write_text(text, encoding="utf-8")
        size += length
    return size


def make_mbox(path: Path, made) -> int:
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for text, length in made:
            file.write(f"From someone@example.org Sun Jan  1 00:00:00 2012\n{text}\n")
            size += length
    return size


OPERATORS = {"and", "or", "not", "xor", "near", "adj"}  # notmuch reads these as no words


def queries_of(words: list[str], chance: random.Random) -> dict[str, list[str]]:
    words = [word for word in words if word not in OPERATORS]
    frequent, middle, rare = words[20:200], words[300:3000], words[3000:30_000]
    one = chance.choice
    return {
        "rare": [one(rare) for _ in range(40)],
        "middle": [one(middle) for _ in range(40)],
        "frequent": [one(frequent) for _ in range(20)],
        "two": [f"{one(middle)} {one(rare)}" for _ in range(40)],
        "three": [f"{one(frequent)} {one(middle)} {one(middle)}" for _ in range(40)],
        "frequent two": [f"{one(frequent)} {one(frequent)}" for _ in range(20)],
        "person": [f"{one(NAMES)} {one(middle)}" for _ in range(40)],
        "typing": [(one(middle) + " " if chance.random() < 0.5 else "") + one(words[100:20_000])[:chance.randrange(1, 5)] for _ in range(60)],
    }


def processor_ms(pid: int) -> float:
    """What a process and its threads have used of the processors."""
    return sum(int(Path(task, "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e6


def percentile(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2)


def summary(values: list[float]) -> dict:
    return {"p50_ms": percentile(values, 0.5), "p99_ms": percentile(values, 0.99)}


class Notmuch:
    """The peer, through its command line; `start` is what a run takes that does nothing."""

    def __init__(self, folder: Path, mail: Path):
        self.environment = {**os.environ, "HOME": str(folder), "NOTMUCH_CONFIG": f"{folder}/notmuch.ini"}
        (folder / "notmuch").mkdir(exist_ok=True)
        (folder / "notmuch.ini").write_text(f"[database]\npath={folder}/notmuch\nmail_root={mail}\n[user]\nname=Ann\n"
                                            "primary_email=ann@example.org\n[new]\ntags=\n[search]\nexclude_tags=\n")
        self.start = self.start_processor = 0.0

    def run(self, *arguments: str) -> tuple[float, float]:
        """Milliseconds it took, and of processor time, without its start."""
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(["notmuch", *arguments], env=self.environment, check=True, capture_output=True)
        took, after = (time.perf_counter() - begun) * 1000, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
        return max(took - self.start, 0.01), max(used - self.start_processor, 0.01)

    def measure_start(self) -> None:
        starts = [self.run("config", "get", "user.name") for _ in range(20)]
        self.start, self.start_processor = (statistics.median(column) for column in zip(*starts))


def bring_in(box: Box, owner, mail: Path, messages: int) -> float:
    begun = time.perf_counter()
    started = owner.call("memory.import", kind="mail", path=str(mail))

    def finished():
        for _ in range(2):
            try:
                job = owner.call("jobs.get", id=started["job"])
                return job if job.get("finished") else None
            except Gone:  # an idle connection that was closed meanwhile
                continue
        return None

    job = wait_until(finished, 7200, "the import")
    if job["state"] != "done" or job["result"]["added"] != messages:
        raise SystemExit(f"the import ended as {job}")
    return messages / (time.perf_counter() - begun)


def sizes(home: Path, text: int) -> dict:
    """What the index takes, as a share of the text that was written."""
    database = next(home.glob("people/*/memory.db"))
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND (name GLOB 'search_*_*' OR name GLOB 'titles_*_*')")]
        size = 0
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            size += connection.execute(f"SELECT sum({' + '.join(f'coalesce(length({column}), 0)' for column in columns)}) FROM {table}").fetchone()[0] or 0
    return {"index_mb": round(size / 1e6, 1), "index_to_text": round(size / text, 3), "database_mb": round(database.stat().st_size / 1e6, 1)}


def new_item(owner, folder: Path) -> float:
    """Milliseconds from the writing of a file into a watched folder until a search finds it."""
    watched = folder / "watched"
    watched.mkdir(exist_ok=True)
    word = "zyz" + "".join(random.choices("bcdfghjkmnp", k=12))
    source = owner.call("memory.import", kind="folder", path=str(watched), watch=True)["source"]
    wait_until(lambda: next(one for one in owner.call("memory.sources")["sources"] if one["id"] == source).get("finished"), 600, "the watched folder")
    begun = time.perf_counter()
    (watched / f"{word}.txt").write_text(f"Something new: {word}.\n")
    while not owner.call("memory.search", query=word)["results"]:
        time.sleep(0.005)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2, help="of all the queries, other ones each time")
    parser.add_argument("--folder", type=Path, help="keeps the mail and the indexes there, and takes what is there already")
    parser.add_argument("--without-notmuch", action="store_true", help="ours alone, from one mbox")
    options = parser.parse_args()
    words = vocabulary(options.texts, random.Random(7))
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        measure(folder, words, options)


def measure(folder: Path, words: list[str], options: argparse.Namespace) -> None:
    mail, chance = folder / "mail", random.Random(11)
    if not (folder / "size").exists():
        made = messages(options.messages, words, random.Random(7))
        (folder / "size").write_text(str((make_mbox if options.without_notmuch else make_maildir)(mail, made)))
    size = int((folder / "size").read_text())
    result: dict = {"benchmark": "search", "peer": "notmuch", "messages": options.messages, "text_mb": round(size / 1e6, 1)}
    fresh = not (folder / "home").exists()
    with Box(home=folder / "home") as box:
        if fresh:
            owner = box.claim()
            result["import_per_s"] = round(bring_in(box, owner, mail, options.messages))
        else:
            owner = box.sign_in()
        result |= sizes(box.home, size)
        peer = None
        if not options.without_notmuch:
            peer = Notmuch(folder, mail)
            if not (folder / "notmuch" / "done").exists():
                took, _ = peer.run("new", "--quiet")
                (folder / "notmuch" / "done").touch()
                result["notmuch_import_per_s"] = round(options.messages / took * 1000)
            peer.measure_start()
        owner.close()  # the connection was idle for long
        owner.call("memory.search", query="warm")

        ours: dict[str, list[float]] = {}
        used: dict[str, list[float]] = {}
        theirs: list[float] = []
        theirs_used: list[float] = []
        slow: list[tuple[float, str]] = []
        plain: list[float] = []
        plain_used: list[float] = []
        for _ in range(options.rounds):
            for kind, queries in queries_of(words, chance).items():
                for query in queries:
                    before, begun = processor_ms(box.process.pid), time.perf_counter()
                    owner.call("memory.search", query=query, typing=kind == "typing", limit=20)
                    took, spent = (time.perf_counter() - begun) * 1000, processor_ms(box.process.pid) - before
                    ours.setdefault(kind, []).append(took)
                    used.setdefault(kind, []).append(spent)
                    slow.append((round(spent, 1), f"{kind}: {query}"))
                    if kind == "typing":
                        continue
                    plain.append(took)
                    plain_used.append(spent)
                    if peer:
                        one, other = peer.run("search", "--output=summary", "--limit=20", "--sort=newest-first", query)
                        theirs.append(one)
                        theirs_used.append(other)
        result |= summary(plain)
        result["processor"] = summary(plain_used)
        result["typing"] = summary(ours["typing"]) | {"processor": summary(used["typing"])}
        result["by_kind"] = {kind: {**summary(one), "processor_p50_ms": percentile(used[kind], 0.5), "processor_p99_ms": percentile(used[kind], 0.99)}
                             for kind, one in ours.items()}
        if theirs:
            result["notmuch"] = summary(theirs) | {"processor": summary(theirs_used)}
            result["ratio"] = round(statistics.median(a / b for a, b in zip(plain, theirs)), 3)
            result["p99_ratio"] = round(percentile(plain, 0.99) / percentile(theirs, 0.99), 3)
        result["slowest"] = sorted(slow, reverse=True)[:6]
        result["new_item_found_ms"] = round(new_item(owner, folder))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
