#!/usr/bin/env python3
"""Reading a folder of documents: a fresh box's import against recollindex on the same folder, both from nothing, alternately.

Prints one JSON line: documents per second of both, the ratio, and the most memory that each program took. The
folder holds Word, OpenDocument, PDF, HTML, Markdown, text and spreadsheet files with sentences made of common words.
"""
import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import make_papers as make  # noqa: E402
from box import Box  # noqa: E402

WORDS = ("the of and house garden water letter morning paper window kitchen road winter summer train doctor school music number market "
         "bread river answer question mother father sister city mountain contract payment office meeting plan report budget travel").split()
HAN = "我们今天在家里看书明年去北京旅行合同付款学校花园早上开会计划报告预算医生音乐市场河流问题城市办公室"


def text(chance: random.Random, sentences: int) -> list[str]:
    lines = []
    for _ in range(sentences):
        if chance.random() < 0.2:
            lines.append("".join(chance.choices(HAN, k=25)) + "。")
        else:
            lines.append(" ".join(chance.choices(WORDS, k=14)).capitalize() + ".")
    return lines


def fill(folder: Path, count: int) -> None:
    chance = random.Random(7)
    for number in range(count):
        lines = text(chance, chance.randrange(20, 200))
        kind = ("docx", "pdf", "odt", "html", "md", "txt", "xlsx")[number % 7]
        ascii_lines = [line for line in lines if line.isascii()]
        content = {"docx": lambda: make.docx(lines), "odt": lambda: make.odt(lines),
                   "pdf": lambda: make.pdf(["\n".join(ascii_lines[at:at + 40]) for at in range(0, len(ascii_lines), 40)]),
                   "html": lambda: f"<html><meta charset=utf-8><title>{lines[0]}</title>{''.join(f'<p>{line}</p>' for line in lines)}".encode(),
                   "md": lambda: ("# " + "\n\n".join(lines)).encode(), "txt": lambda: "\n".join(lines).encode(), "xlsx": lambda: make.xlsx(lines)}[kind]()
        path = folder / f"{number % 10}" / f"{number}.{kind}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def peak_memory(name: str) -> int:
    """The most resident memory, in kB, of the running processes of this name, of which the kernel keeps 15 characters."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue
        if lines and lines[0].split(maxsplit=1)[1] == name[:15]:
            most = max([most, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))])
    return most


def hearth(folder: Path, count: int) -> tuple[float, dict]:
    memory = {}
    with Box() as box:
        owner = box.claim()
        begun = time.monotonic()
        job = owner.call("memory.import", kind="folder", path=str(folder))["job"]
        while True:
            found = next(one for one in owner.call("jobs.list")["jobs"] if one["id"] == job)
            for name in ("hearthd", "hearth-extract", "hearth-extract-pages"):
                memory[name] = max(memory.get(name, 0), peak_memory(name))
            if found["state"] in ("done", "failed", "cancelled"):
                break
            time.sleep(0.01)
        took = time.monotonic() - begun
        if found["state"] != "done" or found["result"]["added"] < 0.95 * count:
            raise SystemExit(f"the box did not read the folder: {found}")
        return count / took, memory


def recoll(folder: Path, count: int) -> float:
    config = Path(tempfile.mkdtemp(prefix="recoll."))
    try:
        (config / "recoll.conf").write_text(f"topdirs = {folder}\nloglevel = 1\nidxflushmb = 100\n")
        begun = time.monotonic()
        subprocess.run(["recollindex", "-c", str(config), "-z"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return count / (time.monotonic() - begun)
    finally:
        shutil.rmtree(config, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=350)
    options = parser.parse_args()
    if not shutil.which("recollindex"):
        raise SystemExit("recollindex is missing: apt-get install recollcmd")
    ours, theirs, memory = [], [], {}
    with tempfile.TemporaryDirectory(prefix="documents.") as folder:
        fill(Path(folder), options.documents)
        for _ in range(options.rounds):
            speed, used = hearth(Path(folder), options.documents)
            ours.append(speed)
            memory = {name: max(used[name], memory.get(name, 0)) for name in used}
            theirs.append(recoll(Path(folder), options.documents))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    print(json.dumps({"benchmark": "documents", "peer": "recollindex", "documents": options.documents,
                      "hearth_documents_per_second": round(statistics.median(ours), 1),
                      "peer_documents_per_second": round(statistics.median(theirs), 1), "ratio": round(ratio, 2),
                      "memory_mb": {name: round(kilobytes / 1024) for name, kilobytes in memory.items()}}))
