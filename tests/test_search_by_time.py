"""Searching for what somebody wrote at some time, from outside: who and when are understood, not only matched as words."""

import csv
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from test_memory_model import Model

TODAY = datetime.now(timezone.utc).replace(hour=11, minute=0, second=0, microsecond=0)
LAST_YEAR = TODAY.year - 1

CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY:Trip to Lisbon
DTSTART;VALUE=DATE:{LAST_YEAR}0612
DTEND;VALUE=DATE:{LAST_YEAR}0620
END:VEVENT
END:VCALENDAR
"""


def said(path: Path, messages) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", "sender", "text", "chat"])
        for when, sender, text in messages:
            table.writerow([when.strftime("%Y-%m-%d %H:%M:%S"), sender, text, sender])


class ByTime(Model):
    def setUp(self) -> None:
        super().setUp()
        day = timedelta(days=1)
        said(self.outside / "family.csv", [
            (TODAY - day, "Mama", "The cat ate the fish"), (TODAY - 40 * day, "Zoe", "Yesterday was fun"),
            (TODAY - 41 * day, "Mama", "Buy bread"), (TODAY - day, "爸爸", "晚上吃红烧肉"),
            (datetime(LAST_YEAR, 3, 10, 9), "Zoe", "Skiing was great"), (datetime(LAST_YEAR, 9, 9, 9), "Zoe", "We march on"),
            (datetime(LAST_YEAR, 6, 8, 9), "Liz", "Do not forget the passports"), (datetime(LAST_YEAR, 5, 20, 9), "Liz", "The trip to Lisbon is booked, June is hot"),
            (datetime(LAST_YEAR, 10, 2, 9), "妈妈", "我们在黄山看日出"), (datetime(LAST_YEAR, 12, 25, 9), "Tom", "Merry everything"),
            (datetime(LAST_YEAR - 2, 8, 11, 9), "Tom", "The apples are in"), (datetime(LAST_YEAR, 8, 11, 9), "Tom", "R&D budget and AT&T bill"),
            (datetime(LAST_YEAR, 4, 12, 9), "Tom", "Beech table is done"), (datetime(LAST_YEAR, 4, 13, 9), "Tom", "Oak table is done"),
            (datetime(LAST_YEAR, 4, 14, 9), "爸爸", "开车送你去学校"), (datetime(LAST_YEAR, 4, 15, 9), "Tom", "order NL-2019-00817 came"),
        ])
        self.read(self.outside / "family.csv", "chat")
        (self.outside / "trips.ics").write_text(CALENDAR, encoding="utf-8")
        self.read(self.outside / "trips.ics", "calendar")

    def found(self, query: str) -> list[str]:
        results = self.owner.call("memory.search", query=query, limit=5)["results"]
        return ["".join(part["text"] for part in one["snippet"]) for one in results]

    def test_who_and_when_together(self) -> None:
        for query, first in (("Mama yesterday", "The cat ate the fish"), ("messages from Mama yesterday", "The cat ate the fish"),
                             (f"what did Liz write in June {LAST_YEAR}?", "Do not forget the passports"), ("爸爸昨天说了什么？", "晚上吃红烧肉"),
                             ("爸爸昨天的消息", "晚上吃红烧肉"), (f"妈妈{LAST_YEAR}年国庆发的", "我们在黄山看日出")):
            with self.subTest(query):
                self.assertEqual(self.found(query)[:1], [first])
        self.assertEqual(self.found("Mama yesterday")[:3], ["The cat ate the fish", "Buy bread", "Yesterday was fun"])  # hers before others' words

    def test_a_time_alone_brings_what_is_from_then(self) -> None:
        for query, held in ((f"{LAST_YEAR}-03-10", "Skiing was great"), (f"March {LAST_YEAR}", "Skiing was great"), (f"10.03.{LAST_YEAR}", "Skiing was great"),
                            (f"christmas {LAST_YEAR}", "Merry everything"), (f"Q3 {LAST_YEAR - 2}", "The apples are in"), ("去年国庆", "我们在黄山看日出"),
                            (f"before {LAST_YEAR - 1}", "The apples are in")):
            with self.subTest(query):
                self.assertIn(held, self.found(query))
        self.assertEqual(self.found(f"before {LAST_YEAR - 1}"), ["The apples are in"])
        self.assertNotIn("The apples are in", self.found(f"since {LAST_YEAR}"))

    def test_a_time_told_by_an_event(self) -> None:
        for query in ("the week before the trip", "the week before the trip to Lisbon", "What happened the week before the trip?"):
            with self.subTest(query):
                self.assertEqual(self.found(query)[0], "Do not forget the passports")

    def test_words_that_are_odd(self) -> None:
        self.assertEqual(self.found("AT&T"), ["R&D budget and AT&T bill"])
        self.assertEqual(self.found("table -beech"), ["Oak table is done"])
        self.assertEqual(self.found("缆车"), [])  # 开车 holds one character of it
        self.assertEqual(self.found("otder NL-2019-00817"), ["order NL-2019-00817 came"])  # no year is meant
        self.assertEqual(self.found("aplpes"), ["The apples are in"])


if __name__ == "__main__":
    unittest.main()
