#!/usr/bin/env python3
"""Search in a large memory, beside notmuch on the same mail: bench/search.py TEXTS.jsonl... [--messages 100000] [--without-notmuch]

Makes a Maildir of made-up messages: the words of the given texts by how often they are written (Zipf), and rarer ones made of
syllables; one passage each. Both index it; both are asked the same queries, in turns: rare and frequent words, two and three
words, a name and a word, a phrase, words as they are typed. Hearth answers through memory.search with snippets and reasons;
notmuch through its command line, whose start is measured alone and taken off. Prints one JSON line.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from box import Box, wait_until  # noqa: E402

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


def make_mail(folder: Path, count: int, words: list[str], chance: random.Random) -> int:
    weights = [0.0]
    for rank in range(len(words)):
        weights.append(weights[-1] + 1 / (rank + 10))
    weights.pop(0)
    size = 0
    moment = datetime(2012, 1, 1, tzinfo=timezone.utc)
    for number in range(count):
        if number % 5000 == 0:
            place = folder / f"{number // 5000:04}" / "cur"
            for name in ("cur", "new", "tmp"):
                (place.parent / name).mkdir(parents=True)
        length = chance.randrange(30, 130)
        text = chance.choices(words, cum_weights=weights, k=length)
        for at in range(12, length, 12):
            text[at] += ".\n" if at % 24 == 0 else ","
        sender, receiver = chance.sample(NAMES, 2)
        body = " ".join(text)
        size += len(body)
        moment += timedelta(minutes=chance.randrange(5, 10))
        answered = f"In-Reply-To: <{number - chance.randrange(1, min(number, 50) + 1)}@example.org>\n" if number and chance.random() < 0.4 else ""
        (place / f"{number}:2,S").write_text(
            f"From: {sender.title()} <{sender}@example.org>\nTo: {receiver.title()} <{receiver}@example.org>\n"
            f"Subject: {' '.join(chance.choices(words, cum_weights=weights, k=4))}\nMessage-ID: <{number}@example.org>\n{answered}"
            f"Date: {moment.strftime('%a, %d %b %Y %H:%M:%S +0000')}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n", encoding="utf-8")
    return size


def queries_of(words: list[str], chance: random.Random) -> dict[str, list[str]]:
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


def notmuch(environment: dict, *arguments: str) -> str:
    return subprocess.run(["notmuch", *arguments], env=environment, check=True, capture_output=True, text=True).stdout


def percentile(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--without-notmuch", action="store_true")
    options = parser.parse_args()
    chance = random.Random(7)
    words = vocabulary(options.texts, chance)
    with tempfile.TemporaryDirectory() as folder, Box() as box:
        mail = Path(folder) / "mail"
        size = make_mail(mail, options.messages, words, chance)
        result: dict = {"messages": options.messages, "text_mb": round(size / 1e6, 1)}
        owner = box.claim()
        begun = time.perf_counter()
        started = owner.call("memory.import", kind="mail", path=str(mail))

        def state():
            return next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == started["job"])["state"]

        wait_until(lambda: state() in ("done", "failed"), 3600, "the import")
        result["import_per_s"] = round(options.messages / (time.perf_counter() - begun))
        database = next(box.home.glob("people/*/memory.db"))
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            pages = connection.execute("SELECT sum(length(block)) FROM search_1_data").fetchone()[0]
            pages += connection.execute("SELECT sum(length(sz) + 8) FROM search_1_docsize").fetchone()[0]
            result["index_to_text"] = round(pages / size, 3)

        environment = {**os.environ, "HOME": folder, "NOTMUCH_CONFIG": f"{folder}/notmuch.ini"}
        if not options.without_notmuch:
            Path(f"{folder}/notmuch.ini").write_text(f"[database]\npath={mail}\n[user]\nname=Ann\nprimary_email=ann@example.org\n[new]\ntags=\n")
            begun = time.perf_counter()
            notmuch(environment, "new", "--quiet")
            result["notmuch_import_per_s"] = round(options.messages / (time.perf_counter() - begun))
            starts = []
            for _ in range(20):
                begun = time.perf_counter()
                notmuch(environment, "config", "get", "user.name")
                starts.append((time.perf_counter() - begun) * 1000)
            start = statistics.median(starts)

        owner.close()  # the connection was idle for long
        ours: dict[str, list[float]] = {}
        theirs: list[float] = []
        both: list[float] = []
        kinds = queries_of(words, chance)
        for kind, queries in kinds.items():
            for query in queries:
                begun = time.perf_counter()
                owner.call("memory.search", query=query, typing=kind == "typing", limit=20)
                took = (time.perf_counter() - begun) * 1000
                ours.setdefault(kind, []).append(took)
                if kind != "typing" and not options.without_notmuch:
                    begun = time.perf_counter()
                    notmuch(environment, "search", "--output=summary", "--limit=20", "--sort=newest-first", " ".join(query.split()))
                    theirs.append(max((time.perf_counter() - begun) * 1000 - start, 0.01))
                    both.append(took)
        plain = [one for kind, values in ours.items() if kind != "typing" for one in values]
        result |= {"p50_ms": percentile(plain, 0.5), "p99_ms": percentile(plain, 0.99), "typing_p50_ms": percentile(ours["typing"], 0.5),
                   "typing_p99_ms": percentile(ours["typing"], 0.99), "by_kind_p50_ms": {kind: percentile(one, 0.5) for kind, one in ours.items()},
                   "by_kind_p99_ms": {kind: percentile(one, 0.99) for kind, one in ours.items()}}
        if theirs:
            result |= {"notmuch_p50_ms": percentile(theirs, 0.5), "notmuch_p99_ms": percentile(theirs, 0.99),
                       "ratio": round(statistics.median(ours / other for ours, other in zip(both, theirs)), 3)}

        (mail / "0000" / "cur" / "new:2,").write_text("From: Ann <ann@example.org>\nSubject: Fresh\nMessage-ID: <fresh@example.org>\n\nzyzzyva\n")
        begun = time.perf_counter()
        owner.call("memory.import", kind="mail", path=str(mail))
        wait_until(lambda: owner.call("memory.search", query="zyzzyva")["results"], 600, "the new message")
        result["rescan_until_found_s"] = round(time.perf_counter() - begun, 2)
        print(json.dumps(result))


main()
