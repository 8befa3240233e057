"""Finding in long dialogues through the public operations of a box: brings them in, asks their questions, scores the answers."""

import json
import math
import re
import time
from collections import Counter

from box import Box, wait_until


def turns_of(dialogue: dict) -> list[dict]:
    """Every turn, in order."""
    conversation = dialogue["conversation"]
    sessions = sorted(int(name[8:]) for name in conversation if re.fullmatch(r"session_\d+", name))
    return [turn for session in sessions for turn in conversation[f"session_{session}"]]


def ask_all(dialogues: list[dict], times: list[float]) -> dict[tuple[str, int], list[str]]:
    """The turns found for each question, best first; adds how many milliseconds each search took."""
    results = {}
    with Box() as box:
        owner = box.claim()
        for number, dialogue in enumerate(dialogues):
            path = box.home.parent / f"dialogue-{number}.json"
            path.write_text(json.dumps([{**dialogue, "qa": []}]), encoding="utf-8")  # without the questions and their answers
            started = owner.call("memory.import", kind="chat", path=str(path))

            def done(job=started["job"]):
                return next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == job)["state"] in ("done", "failed")

            wait_until(done, 120, "the import")
            turn_of: dict[str, str] = {}  # by item

            def turn(item: str) -> str:
                if item not in turn_of:
                    turn_of[item] = json.loads(owner.call("memory.original", item=item)["text"])["dia_id"]
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


class PairsAlone:
    """BM25 over pairs of characters in a dialogue, without anything else: how much a set asks for beyond it."""

    def __init__(self, dialogue: dict):
        self.turns = [(turn["dia_id"], Counter(self.pairs(turn["text"]))) for turn in turns_of(dialogue)]
        self.lengths = [counts.total() for _, counts in self.turns]
        self.average = sum(self.lengths) / len(self.turns)
        self.holding: dict[str, list[int]] = {}  # the turns that hold a pair
        for place, (_, counts) in enumerate(self.turns):
            for pair in counts:
                self.holding.setdefault(pair, []).append(place)

    @staticmethod
    def pairs(text: str) -> list[str]:
        kept = re.sub(r"[^\w]", "", text)
        return [kept[at:at + 2] for at in range(len(kept) - 1)]

    def search(self, question: str) -> list[str]:
        scores: Counter[int] = Counter()
        for pair in set(self.pairs(question)):
            holding = self.holding.get(pair, [])
            worth = math.log(1 + (len(self.turns) - len(holding) + 0.5) / (len(holding) + 0.5))
            for place in holding:
                count = self.turns[place][1][pair]
                scores[place] += worth * count * 2 / (count + 0.6 + 0.4 * self.lengths[place] / self.average)
        return [self.turns[place][0] for place in sorted(scores, key=lambda place: (-scores[place], place))[:100]]
