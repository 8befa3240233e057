"""How well the memory finds: no change may make it worse without being seen. LoCoMo's measures; no language model."""

import json
import unittest
from pathlib import Path

import chinese_dialogues
import chinese_dialogues_unseen
import finding

LOCOMO = Path(__file__).resolve().parents[2] / "shared/data/locomo/dialogues.json"


class Finding(unittest.TestCase):
    def check(self, dialogues: list[dict], least: dict[str, float]) -> None:
        reached = finding.scores(dialogues, finding.ask_all(dialogues, []))
        for name, value in least.items():
            self.assertGreaterEqual(reached[name], value, f"{name} fell: {reached}")

    @staticmethod
    def by_pairs_alone(dialogue: dict) -> list[list[str]]:
        pairs = finding.PairsAlone(dialogue)
        return [pairs.search(entry["question"]) for entry in dialogue["qa"]]

    def test_chinese(self):
        dialogues = chinese_dialogues.dialogues()
        alone = finding.scores(dialogues, {(dialogue["sample_id"], index): found for dialogue in dialogues
                                           for index, found in enumerate(self.by_pairs_alone(dialogue))})
        self.assertLess(alone["turn_recall@10"], 75, "the questions have become too easy")
        self.check(dialogues, {"turn_recall@10": 97, "session_all@5": 97, "session_ndcg@5": 88.5})

    def test_chinese_of_other_matters(self):
        self.check(chinese_dialogues_unseen.dialogues(), {"turn_recall@10": 80, "session_all@5": 82, "session_ndcg@5": 70.5})

    @unittest.skipUnless(LOCOMO.exists(), "LoCoMo's dialogues are not here")
    def test_english(self):
        self.check(json.loads(LOCOMO.read_text(encoding="utf-8")), {"turn_recall@10": 82, "session_all@5": 86, "session_ndcg@5": 85.5})


if __name__ == "__main__":
    unittest.main()
