"""The stages of ./test.sh: builds, runs each stage, counts, and closes with "N passed, N failed".

A stage is a function that returns a Tally. One that fails does not stop the others.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LOGS = TOP / "build" / "logs"
PRESET = "release"  # or debug, tsan: set from the command line
SANITIZERS = ("debug", "tsan")
FUZZ_BIN = TOP / "build" / "fuzz" / "bin"


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    log: Path | None = None  # shown when something failed
    notes: list[str] = field(default_factory=list)  # why a test was skipped

    def add(self, other: "Tally") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def run(name: str, command: list, timeout: float, **options) -> tuple[int, Path]:
    """Runs a command with its output in a log; the exit status, 124 when it took too long."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen([str(c) for c in command], stdout=output, stderr=subprocess.STDOUT, cwd=options.pop("cwd", TOP),
                                   stdin=subprocess.DEVNULL, start_new_session=True, **options)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            output.write(f"\ntook longer than {timeout:.0f} s and was ended\n".encode())
            status = 124
    return status, log


def check(name: str, command: list, timeout: float, **options) -> Tally:
    """A command that is one test: it passes when it exits with 0."""
    status, log = run(name, command, timeout, **options)
    return Tally(passed=1, log=log) if status == 0 else Tally(failed=1, log=log)


def slowness() -> int:
    """How many times longer things may take than in a release build."""
    return 5 if PRESET in SANITIZERS else 1


def bin_folder() -> Path:
    return TOP / "build" / PRESET / "bin"


# --- C++ rooms ---

def room_tests() -> list[str]:
    """The rooms that have tests, as cmake/rooms.cmake makes a program of each."""
    rooms = []
    for lists in (TOP / "src").rglob("CMakeLists.txt"):
        if any(lists.parent.glob("*_test.cpp")):
            rooms += re.findall(r"hearth_room\((\w+)", lists.read_text())
    return sorted(rooms)


SHARDS = 2  # of a room's tests, side by side


def room(name: str) -> Tally:
    program = bin_folder() / f"{name}_test"
    if not program.exists():
        return Tally(failed=1, notes=[f"{program.relative_to(TOP)} was not built"])
    tally = Tally()
    with ThreadPoolExecutor(SHARDS) as pool:
        for one in pool.map(lambda shard: room_shard(program, shard), range(SHARDS)):
            tally.add(one)
            tally.notes += one.notes
            if one.failed or not tally.log:
                tally.log = one.log
    return tally


def room_shard(program: Path, shard: int) -> Tally:
    name = f"{program.name}-{shard + 1}"
    report = LOGS / f"{name}.json"
    report.unlink(missing_ok=True)
    status, log = run(name, [program, "--gtest_brief=1", f"--gtest_output=json:{report}"], 300 * slowness(),
                      env={**os.environ, "GTEST_TOTAL_SHARDS": str(SHARDS), "GTEST_SHARD_INDEX": str(shard)})
    if not report.exists():
        return Tally(failed=1, log=log, notes=[f"{program.name} ended with status {status} before its end"])
    result = json.loads(report.read_text())
    tally = Tally(log=log)
    for suite in result["testsuites"]:
        for test in suite["testsuite"]:
            full = f"{suite['name']}.{test['name']}"
            if test.get("result") == "SKIPPED":
                tally.skipped += 1
                tally.notes.append(f"{full} skipped: {skip_reason(log, full)}")
            elif test.get("status") == "NOTRUN":
                tally.skipped += 1
                tally.notes.append(f"{full} is disabled")
            elif test.get("failures"):
                tally.failed += 1
            else:
                tally.passed += 1
    if status != 0 and tally.failed == 0:
        tally.failed += 1
    return tally


def skip_reason(log: Path, _: str) -> str:
    found = re.search(r"Skipped\n(.*)", log.read_text(errors="replace"))
    return found.group(1) if found else "no reason given"


# --- black-box tests ---

def black_box_tests() -> list[str]:
    return sorted(path.stem for path in (TOP / "tests").glob("test_*.py"))


def black_box(name: str) -> Tally:
    missing = [program for program in ("hearthd", "hearth") if not (bin_folder() / program).exists()]
    if missing:
        return Tally(failed=1, notes=[f"build/{PRESET}/bin/{missing[0]} was not built"])
    environment = {**os.environ, "HEARTH_BIN": str(bin_folder()), "HEARTH_SLOWNESS": str(slowness())}
    if PRESET in SANITIZERS:
        environment["HEARTH_SANITIZED"] = "1"
    status, log = run(name, [sys.executable, "-m", "unittest", "-v", name], 600 * slowness(), cwd=TOP / "tests", env=environment)
    text = log.read_text(errors="replace")
    ran = re.search(r"^Ran (\d+) tests? in", text, re.M)
    if not ran:
        return Tally(failed=1, log=log)
    counts = {key: int(value) for key, value in re.findall(r"(failures|errors|skipped|unexpected successes)=(\d+)",
                                                           text[ran.end():])}
    failed = counts.get("failures", 0) + counts.get("errors", 0) + counts.get("unexpected successes", 0)
    skipped = counts.get("skipped", 0)
    if status != 0 and failed == 0:
        failed = 1
    notes = [f"{test}: {reason}" for test, reason in re.findall(r"^(\w+) .*skipped ['\"](.*)['\"]$", text, re.M)]
    return Tally(max(0, int(ran.group(1)) - failed - skipped), failed, skipped, log, notes)


# --- what is generated from the operations ---

GENERATED = {"typescript": "web/src/lib/api.gen.ts", "markdown": "docs/operations.md", "markdown-zh": "docs/operations.zh-CN.md"}


def generated() -> Tally:
    tally = Tally()
    for kind, path in GENERATED.items():
        status, log = run(f"describe-{kind}", [bin_folder() / "hearthd", "--describe", kind], 60)
        current = TOP / path
        if status == 0 and current.exists() and current.read_bytes() == log.read_bytes():
            tally.passed += 1
        else:
            tally.failed += 1
            tally.notes.append(f"{path} is not what the operations say: run build/{PRESET}/bin/hearthd --describe {kind} > {path}")
    return tally


# --- the desktop ---

def web() -> Tally:
    folder = TOP / "web"
    if not (folder / "package.json").exists():
        return Tally(notes=["there is no web/ yet"])
    tally = check("web-packages", ["scripts/build.sh", "node", "web"], 600)
    if tally.failed:
        return tally
    tally = check("svelte-check", ["npm", "run", "--silent", "check"], 300, cwd=folder)
    if tally.failed:
        tally.notes.append("svelte-check found something: build/logs/svelte-check.log")
    report = LOGS / "vitest.json"
    report.unlink(missing_ok=True)
    status, log = run("vitest", ["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=json",
                                 f"--outputFile={report}"], 300, cwd=folder)
    if report.exists():
        result = json.loads(report.read_text())
        tally.add(Tally(result["numPassedTests"], result["numFailedTests"],
                        result["numPendingTests"] + result["numTodoTests"]))
    if status != 0:
        tally.log = log
        if not report.exists() or json.loads(report.read_text())["numFailedTests"] == 0:
            tally.failed += 1
    return tally


def browser() -> Tally:
    folder = TOP / "tests" / "browser"
    if not (folder / "package.json").exists():
        return Tally(notes=["there are no browser tests yet"])
    tally = check("browser-packages", ["scripts/build.sh", "node", "tests/browser"], 600)
    if tally.failed:
        return tally
    report = LOGS / "playwright.json"
    report.unlink(missing_ok=True)
    status, log = run("browser", ["npx", "--no-install", "playwright", "test", "--reporter=list,json"], 900, cwd=folder,
                      env={**os.environ, "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report)})
    if not report.exists():
        return Tally(failed=1, log=log)
    stats = json.loads(report.read_text())["stats"]
    tally = Tally(stats["expected"], stats["unexpected"] + stats["flaky"], stats["skipped"], log)
    if status != 0 and tally.failed == 0:
        tally.failed = 1
    return tally


# --- fuzzing ---

def fuzz_targets() -> list[str]:
    return sorted(path.stem for path in (TOP / "src").rglob("*_fuzz.cpp"))


def fuzz_one(name: str, seconds: int) -> Tally:
    program = FUZZ_BIN / name
    if not program.exists():
        return Tally(failed=1, notes=[f"{name} was not built"])
    corpus, findings = TOP / "build" / "fuzz" / "corpus" / name, TOP / "build" / "fuzz" / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    seeds = [path for path in (TOP / "tests" / "fuzz" / name,) if path.is_dir()]
    return check(name, [program, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                        f"-artifact_prefix={findings}/{name}-", corpus, *seeds], seconds + 60)


def fuzz(seconds: int, at_once: int) -> Tally:
    targets = fuzz_targets()
    if not targets:
        return Tally(notes=["there are no fuzz targets yet"])
    tally = Tally()
    with ThreadPoolExecutor(at_once) as pool:
        for name, one in zip(targets, pool.map(lambda target: fuzz_one(target, seconds), targets)):
            tally.add(one)
            tally.notes += one.notes
            if one.failed:
                tally.log = one.log
                tally.notes.append(f"{name} found something: build/fuzz/findings/, build/logs/{name}.log")
    return tally


# --- shell scripts ---

def scripts() -> Tally:
    files = ["run.sh", "test.sh", ".ci/run", *sorted(str(p.relative_to(TOP)) for p in (TOP / "scripts").glob("*.sh"))]
    return check("shellcheck", ["shellcheck", "-x", *files], 60)


# --- the whole ---

class Progress:
    """Tells what was done, a stage at a time, and counts."""

    def __init__(self) -> None:
        self.total = Tally()
        self.lock = threading.Lock()

    def stage(self, name: str, function) -> Tally:
        start = time.monotonic()
        try:
            tally = function()
        except Exception as error:  # a stage that breaks is a failed one, not the end of the run
            tally = Tally(failed=1, notes=[f"{type(error).__name__}: {error}"])
        lines = [f"── {name}: {tally.line()} ({time.monotonic() - start:.1f} s)"]
        if tally.failed and tally.log and tally.log.exists():
            lines += [f"   | {line}" for line in tally.log.read_text(errors="replace").splitlines()[-60:]]
            lines.append(f"   the whole output is in {tally.log.relative_to(TOP)}")
        lines += [f"   {note}" for note in tally.notes]
        with self.lock:
            print("\n".join(lines), flush=True)
            self.total.add(tally)
        return tally


# Stages wait more than they compute, so several run at once, those that take long first. The fuzzers only compute: one at a time
# beside the others, two when they are alone.
LANES = 3
LONGEST = ("browser", "fuzz", "test_memory_live", "test_broken_inputs", "test_crash", "test_finding", "web", "test_memory_model", "test_memory")


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))


UNSANITIZED = ("test_package", "test_run")
PROGRAMS = ["hearthd", "hearth", "hearth-extract", "hearth-extract-pages"]


def build(rooms: list[str], programs: bool, desktop: bool, fuzzers: bool) -> Tally:
    """Builds what the chosen stages need and no more."""
    LOGS.mkdir(parents=True, exist_ok=True)
    parts = [["cpp", PRESET, *[f"{name}_test" for name in rooms], *(PROGRAMS if programs else [])]] if rooms or programs else []
    if programs or "memory" in rooms:
        parts.append(["words"])
    if desktop:
        parts.append(["desktop"])
    if fuzzers:
        parts.append(["cpp", "fuzz", *fuzz_targets()])
    # A build that works is no test passed; one that fails is a failure.
    return Tally(failed=sum(subprocess.run(["scripts/build.sh", *part], cwd=TOP, stdin=subprocess.DEVNULL).returncode != 0
                            for part in parts))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--fuzz", type=int, default=5)
    parser.add_argument("--preset", choices=["release", *SANITIZERS], default="release")
    options = parser.parse_args()
    global PRESET
    PRESET = options.preset

    rooms, black_boxes = room_tests(), black_box_tests()
    stages = {name: lambda name=name: room(name) for name in rooms}
    stages |= {name: lambda name=name: black_box(name) for name in black_boxes}
    stages |= {"generated": generated, "web": web, "browser": browser, "fuzz": lambda: fuzz(options.fuzz, 2 if options.only == ["fuzz"] else 1), "scripts": scripts}
    groups = {"rooms": rooms, "blackbox": black_boxes}
    if PRESET in SANITIZERS:  # what runs no C++ of ours, or times it, is the same in every build
        stages = {name: stage for name, stage in stages.items() if name in rooms or name in black_boxes and name not in UNSANITIZED}
        groups["blackbox"] = [name for name in black_boxes if name in stages]

    chosen = []
    for name in options.only or stages:
        if name not in stages and name not in groups:
            print(f"error: there is no stage {name}; there are {', '.join([*groups, *stages])}", file=sys.stderr)
            return 2
        chosen += groups.get(name, [name])

    progress = Progress()
    unbuilt = {"web", "scripts"}  # these build for themselves, or nothing
    chosen_rooms = [name for name in chosen if name in rooms]
    fuzzers = "fuzz" in chosen
    programs = any(name not in rooms and name not in unbuilt and name != "fuzz" for name in chosen)
    desktop = any(name in ("browser", "test_package", "test_run") for name in chosen)
    built = Tally()
    if chosen_rooms or programs or fuzzers:
        print("building …", flush=True)
        built = progress.stage("build", lambda: build(chosen_rooms, programs, desktop, fuzzers))

    def one(name: str) -> None:
        unready = built.failed and name not in unbuilt
        progress.stage(name, (lambda: Tally(failed=1, notes=["not run: the build failed"])) if unready else stages[name])

    chosen = in_order(chosen)
    with ThreadPoolExecutor(LANES if PRESET == "release" else 1) as lanes:
        list(lanes.map(one, chosen))

    print()
    print(progress.total.line(), flush=True)
    return 1 if progress.total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
