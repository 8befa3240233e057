"""Finding in long dialogues through the public operations of a box: brings them in, asks their questions, scores the answers."""

import json
import math
import re
import time
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from box import Box, wait_until


def session_time(text: str) -> datetime:
    """"1:56 pm on 8 May, 2023" """
    return datetime.strptime(text.strip(), "%I:%M %p on %d %B, %Y").replace(tzinfo=timezone.utc)


def turns_of(dialogue: dict):
    """(turn, session, time) of every turn, in order."""
    conversation = dialogue["conversation"]
    sessions = sorted((int(name[8:]) for name in conversation if re.fullmatch(r"session_\d+", name)))
    for session in sessions:
        begun = session_time(conversation[f"session_{session}_date_time"])
        for number, turn in enumerate(conversation[f"session_{session}"]):
            yield turn, session, begun + timedelta(seconds=30 * number)


def mail_of(turn: dict, session: int, moment: datetime) -> bytes:
    message = EmailMessage()
    address = turn["speaker"].lower().replace(" ", ".") if turn["speaker"].isascii() else turn["speaker"].encode().hex()
    message["From"] = f"{Header(turn['speaker'], None if turn['speaker'].isascii() else 'utf-8').encode()} <{address}@chat.invalid>"
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{turn['dia_id'].replace(':', '.')}@turn.invalid>"
    message["References"] = f"<session-{session}@chat.invalid>"
    text = turn["text"]
    if turn.get("blip_caption"):
        text += f"\n[{turn['blip_caption']}]"
    message.set_content(text)
    return b"From chat\n" + re.sub(rb"(?m)^(>*From )", rb">\1", bytes(message)) + b"\n"


def ask_all(dialogues: list[dict], times: list[float]) -> dict[tuple[str, int], list[str]]:
    """The turns found for each question, best first; adds how many milliseconds each search took."""
    results = {}
    with Box() as box:
        owner = box.claim()
        for number, dialogue in enumerate(dialogues):
            path = box.home.parent / f"dialogue-{number}.mbox"
            path.write_bytes(b"".join(mail_of(*one) for one in turns_of(dialogue)))
            started = owner.call("memory.import", kind="mail", path=str(path))

            def done(job=started["job"]):
                return next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == job)["state"] in ("done", "failed")

            wait_until(done, 120, "the import")
            turn_of: dict[str, str] = {}  # by item

            def turn(item: str) -> str:
                if item not in turn_of:
                    original = owner.call("memory.original", item=item)["text"]
                    turn_of[item] = re.search(r"Message-ID: <([^@]+)@", original)[1].replace(".", ":")
                return turn_of[item]

            for index, entry in enumerate(dialogue["qa"]):
                begun = time.perf_counter()
                found = owner.call("memory.search", query=entry["question"], source=started["source"], limit=100)["results"]
                times.append((time.perf_counter() - begun) * 1000)
                results[dialogue["sample_id"], index] = list(dict.fromkeys(turn(one["item"]) for one in found))
    return results


def evidence(entry: dict) -> set[str]:
    found = (re.findall(r"D:?(\d+):(\d+)", text) for text in entry.get("evidence") or [])
    return {f"D{int(session)}:{int(turn)}" for pairs in found for session, turn in pairs}


def scores(dialogues: list[dict], results: dict[tuple[str, int], list[str]]) -> dict[str, float]:
    """What LoCoMo's scorer counts, in percent: the turns that hold evidence among the first ten; whether all their sessions are
    among the first five; how high these stand (NDCG)."""
    rows = []
    for dialogue in dialogues:
        for index, entry in enumerate(dialogue["qa"]):
            wanted = evidence(entry)
            if not wanted:
                continue
            turns = results.get((dialogue["sample_id"], index), [])
            sessions = list(dict.fromkeys(one.split(":")[0] for one in turns))[:5]
            wanted_sessions = {one.split(":")[0] for one in wanted}
            gain = sum(1 / math.log2(place + 2) for place, one in enumerate(sessions) if one in wanted_sessions)
            ideal = sum(1 / math.log2(place + 2) for place in range(min(5, len(wanted_sessions))))
            rows.append((len(wanted & set(turns[:10])) / len(wanted), wanted_sessions <= set(sessions), gain / ideal))
    names = ("turn_recall@10", "session_all@5", "session_ndcg@5")
    return {name: round(100 * sum(row[place] for row in rows) / len(rows), 2) for place, name in enumerate(names)}


def by_pairs_alone(dialogue: dict, question: str) -> list[str]:
    """What BM25 over pairs of characters finds, without anything else: how much a set asks for beyond it."""
    def pairs(text: str) -> list[str]:
        kept = re.sub(r"[^\w]", "", text)
        return [kept[at:at + 2] for at in range(len(kept) - 1)]

    turns = [(turn["dia_id"], pairs(turn["text"])) for turn, _, _ in turns_of(dialogue)]
    average = sum(len(one) for _, one in turns) / len(turns)
    scored = []
    for place, (name, held) in enumerate(turns):
        score = 0.0
        for pair in set(pairs(question)):
            count = held.count(pair)
            if count:
                holding = sum(pair in other for _, other in turns)
                score += math.log(1 + (len(turns) - holding + 0.5) / (holding + 0.5)) * count * 2 / (count + 0.6 + 0.4 * len(held) / average)
        if score > 0:
            scored.append((-score, place, name))
    return [name for _, _, name in sorted(scored)[:100]]
