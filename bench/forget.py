#!/usr/bin/env python3
"""How long forgetting a source takes, until nothing of it is on the disk, and what searches take meanwhile.

    bench/forget.py [MESSAGES] [--pause SECONDS]

Two mailboxes are read: one of MESSAGES (100,000) mails, which is forgotten, and one of a twentieth, which is searched before
and during that: again and again, SECONDS (0.1, as somebody types; 0 keeps a second processor busy) after each answer.
There is no peer that overwrites what it deletes: the ratio is that of the time to the 5 seconds per 100,000 mails that the
memory is to stay under; below 1 is better. Prints one JSON line."""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from box import Box, wait_until  # noqa: E402

WORDS = [f"{a}{b}{c}" for a in ("ka", "lo", "mi", "ne", "ru", "ta", "vi", "zo") for b in ("ban", "der", "gol", "fin", "mar", "pes", "sut", "tek", "wil")
         for c in ("a", "en", "ic", "or", "us", "y", "al", "ing")]


def write_mbox(path: Path, count: int, host: str) -> int:
    chance = random.Random(host)
    with path.open("w", encoding="utf-8") as out:
        for n in range(count):
            person = chance.randrange(max(2, count // 50))
            text = " ".join(chance.choices(WORDS, k=120))
            out.write(f"From a@{host} Thu Jan  1 00:00:00 2026\nMessage-ID: <{n}@{host}>\nFrom: Person {person} <p{person}@{host}>\nTo: me@{host}\n"
                      f"References: <{n - n % 5}@{host}>\nDate: {1 + n % 28} Jan {2000 + n % 25} {n % 24:02}:{n % 60:02}:00 +0000\n"
                      f"Subject: {chance.choice(WORDS)} {n}\n\n{text}\nunique{n}x{host.split('.')[0]}\n\n")
    return path.stat().st_size


def writer_seconds(pid: int) -> float:
    """Processor time of the threads that write databases: what is left of the time on a machine that does something else, too."""
    ticks = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        name, rest = (task / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        if name == "sqlite-write":
            ticks += sum(int(field) for field in rest.split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", nargs="?", type=int, default=100_000)
    parser.add_argument("--pause", type=float, default=0.1)
    options = parser.parse_args()
    count = options.messages
    with tempfile.TemporaryDirectory(prefix="forget-bench.") as folder, Box() as box:
        owner = box.claim()

        def read(name: str, messages: int) -> tuple[str, float]:
            path = Path(folder) / f"{name}.mbox"
            write_mbox(path, messages, f"{name}.example.org")
            begun = time.monotonic()
            started = owner.call("memory.import", kind="mail", path=str(path))
            finish(started["job"])
            path.unlink()
            return started["source"], time.monotonic() - begun

        def job(id: str) -> dict:
            return next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == id)

        def finish(id: str) -> None:
            ended = wait_until(lambda: (found := job(id))["state"] in ("done", "failed", "cancelled") and found, 1200)
            if ended["state"] != "done":
                raise SystemExit(ended["error"])

        chance = random.Random(1)

        def search() -> float:
            begun = time.perf_counter()
            owner.call("memory.search", query=" ".join(chance.choices(WORDS, k=2)), source=kept)
            return (time.perf_counter() - begun) * 1000

        kept, _ = read("kept", count // 20)
        gone, import_seconds = read("gone", count)
        before = [search() for _ in range(50)]
        size = sum(path.stat().st_size for path in box.home.glob("people/*/*") if path.is_file())
        begun, cpu = time.monotonic(), writer_seconds(box.process.pid)
        started = owner.call("memory.forget", source=gone)["job"]
        answered = time.monotonic() - begun
        during = []
        while job(started)["state"] not in ("done", "failed", "cancelled"):
            during.append(search())
            time.sleep(options.pause)
        seconds = time.monotonic() - begun
        cpu = writer_seconds(box.process.pid) - cpu
        finish(started)
        # What is left is looked for in every file.
        left = [str(path) for path in box.home.rglob("*") if path.is_file() and (text := path.read_bytes()) and (b"xgone" in text or b"gone.example.org" in text)]
        if left:
            raise SystemExit(f"its text is still in {left}")
        p99 = lambda times: sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]
        print(json.dumps({"benchmark": "forget a source", "messages": count, "pause": options.pause, "database_mb": round(size / 1e6, 1), "import_seconds": round(import_seconds, 1),
                          "hidden_after_seconds": round(answered, 3), "seconds": round(seconds, 2), "writer_cpu_seconds": round(cpu, 2), "ratio": round(seconds / (5 * count / 100_000), 2),
                          "searches_meanwhile": len(during), "search_p50_ms": round(statistics.median(during), 1) if during else None,
                          "search_p99_ms": round(p99(during), 1) if during else None, "search_p50_ms_before": round(statistics.median(before), 1)}))


if __name__ == "__main__":
    main()
