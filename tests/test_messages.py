"""Every sentence that the box says about a failure exists in English and Chinese.

The English format string in the source is the key; src/base/messages_zh.inc has its Chinese. This reads the sources and
compares: nothing without a translation, nothing translated that nobody says, the same placeholders in both.
"""

import re
import sys
import unittest
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
CATALOGUE = TOP / "src" / "base" / "messages_zh.inc"

# Which argument of these calls is the English text.
CALLS = {"fail": 1, "translated": 0, "from_errno": 1, "malformed": 0, "require_changed": 2, "number_of": 1, "give_up": 0, "check_filter": 1, "failed": 0}
# Where these are defined, not called.
DEFINITIONS = {"src/base/result.h", "src/base/result.cpp", "src/base/message.h", "src/base/message.cpp"}

LITERAL = re.compile(r'\s*"((?:[^"\\\n]|\\.)*)"', re.S)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}


@dataclass(frozen=True)
class Use:
    where: str
    text: str | None  # None: no literal


def without_comments(source: str) -> str:
    """The same text, with comments blanked: positions and line numbers stay."""
    pattern = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|//[^\n]*|/\*(?:.|\n)*?\*/')
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0].startswith("/") else m[0], source)


def arguments_of(source: str, start: int) -> list[str]:
    """The arguments of the call whose "(" lies before `start`."""
    found, depth, begin, at = [], 0, start, start
    while at < len(source):
        literal = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'').match(source, at)
        if literal:
            at = literal.end()
            continue
        char = source[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                found.append(source[begin:at])
                return found
            depth -= 1
        elif char == "," and depth == 0:
            found.append(source[begin:at])
            begin = at + 1
        at += 1
    return found


def literal_of(text: str) -> str | None:
    """The value of adjacent string literals; None when there is anything else."""
    value, at = "", 0
    while found := LITERAL.match(text, at):
        value += re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[0]), found[1])
        at = found.end()
    return value if at and not text[at:].strip() else None


def uses_in(path: Path) -> list[Use]:
    source = without_comments(path.read_text())
    name = str(path.relative_to(TOP))
    uses = []
    for call in re.finditer(rf"(?:(?<![\w.])(?:\w+::)*|(?<=\.)(?=failed\())({'|'.join(CALLS)})\(", source):
        where = f"{name}:{source.count(chr(10), 0, call.start()) + 1}"
        arguments = [argument.strip() for argument in arguments_of(source, call.end())]
        index = CALLS[call[1]]
        given = arguments[index] if len(arguments) > index else ""
        if not given or call[1] == "fail" and not re.match(r"Code::|code$", arguments[0]):
            continue  # another function of that name
        if call[1] == "failed":  # hearth-extract tells of an item: recognised() finds the entry again
            if not name.startswith("src/memory/extract/") or not re.match(r'"|fmt::format\(', given):
                continue
            given = re.sub(r"^fmt::format\(", "", given)
            given = arguments_of(given + ")", 0)[0]
        if "fmt::format_string<" in given or re.search(rf"fmt::format_string<[^>]*> {re.escape(given)}\b", source):
            continue  # a wrapper: its callers are checked
        uses.append(Use(where, literal_of(given)))
    # An error made by hand takes a translated message; only one that another program wrote is passed on as it is.
    for call in re.finditer(r"\bError\(Code::\w+,|\{Code::\w+,", source):
        rest = source[call.end():call.end() + 60].lstrip()
        if re.match(r'"|fmt::format|std::string\("', rest):
            uses.append(Use(f"{name}:{source.count(chr(10), 0, call.start()) + 1}", None))
    # Why a request's head is refused: a status and a text.
    for refusal in re.finditer(r"(?:\bRefusal(?: \w+ = )?|\brefusal_ = |\brefuse\()\{\d{3}, ", source):
        uses.append(Use(f"{name}:{source.count(chr(10), 0, refusal.start()) + 1}", literal_of(arguments_of(source, refusal.end())[0])))
    return uses


def sources() -> list[Path]:
    return sorted(path for path in (TOP / "src").rglob("*") if path.suffix in (".cpp", ".h")
                  and not re.search(r"_(test|fuzz)\.cpp$|testing\.h$|test_support\.h$|fixture\.h$|fake_\w+\.h$", path.name))


def all_uses() -> list[Use]:
    uses = []
    for path in sources():
        if str(path.relative_to(TOP)) in DEFINITIONS:
            uses += [use for use in uses_in(path) if use.text is not None]
        else:
            uses += uses_in(path)
    return uses


def catalogue() -> list[tuple[str, str]]:
    source = without_comments(CATALOGUE.read_text())
    entries = []
    for call in re.finditer(r"\bZH\(", source):
        entries.append(tuple(literal_of(argument) for argument in arguments_of(source, call.end())))
    return entries


def placeholders(text: str) -> Counter:
    """What is filled in, by the position of the argument: "{}" twice is arguments 0 and 1."""
    found, following = Counter(), 0
    for field in re.findall(r"\{([^{}]*)\}", text.replace("{{", "").replace("}}", "")):
        index, _, form = field.partition(":")
        if not index:
            index, following = str(following), following + 1
        found[(int(index), form)] += 1
    return found


class Messages(unittest.TestCase):
    def test_every_message_is_a_literal(self):
        loose = [use.where for use in all_uses() if use.text is None]
        self.assertEqual(loose, [], "these messages are no string literals, so that they cannot be looked up; "
                                    "pass parts that need a translation as translated(\"…\", …)")

    def test_every_message_has_chinese(self):
        known = {english for english, _ in catalogue()}
        missing = {use.text: use.where for use in all_uses() if use.text is not None and use.text not in known
                   and re.search(r"[A-Za-z]", re.sub(r"\{[^}]*\}", "", use.text))}
        lines = "".join(f"\n{where}\n  {text!r}" for text, where in missing.items())
        self.assertFalse(missing, f"add these to src/base/messages_zh.inc, in their room's part:{lines}")

    def test_nothing_is_translated_in_vain(self):
        said = {use.text for use in all_uses()}
        self.assertEqual([english for english, _ in catalogue() if english not in said], [],
                         "src/base/messages_zh.inc has entries that no source uses any more")

    def test_entries_are_whole(self):
        entries = catalogue()
        self.assertGreater(len(entries), 100)
        twice = [english for english, count in Counter(english for english, _ in entries).items() if count > 1]
        self.assertEqual(twice, [], "entries that stand there twice")
        for english, chinese in entries:
            with self.subTest(english):
                self.assertTrue(english and chinese, "an entry is ZH(\"English\", \"中文\")")
                self.assertEqual(placeholders(english), placeholders(chinese))
                self.assertRegex(chinese, "[\u4e00-\u9fff]|^[^A-Za-z]*$", "this is no Chinese")
                fields = re.findall(r"\{([^{}]*)\}", chinese)
                self.assertIn(len([f for f in fields if not f or f.startswith(":")]), (0, len(fields)),
                              "fmt takes numbered placeholders or plain ones, not both in one text")


if __name__ == "__main__":
    if "--list" in sys.argv:
        seen = set()
        room = ""
        known = {english for english, _ in catalogue()} if CATALOGUE.exists() else set()
        for use in all_uses():
            if use.text is None:
                print(f"  LOOSE {use.where}")
            elif use.text not in seen and use.text not in known:
                seen.add(use.text)
                print(f"{use.where}\t{use.text}")
        sys.exit(0)
    unittest.main()
