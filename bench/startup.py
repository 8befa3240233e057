#!/usr/bin/env python3
"""From exec to accepting requests, and idle memory, with 1,000 items in the memory and 10 entrances in the home.

The peer is nginx (Debian) with 10 server blocks, started the same way in the same run. Prints one JSON line."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from box import Box, wait_until  # noqa: E402

RUNS = 15
ITEMS = 1000
ENTRANCES = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_mbox(path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for i in range(ITEMS):
            out.write(f"From a@example.org Thu Jan  1 00:00:00 2026\nMessage-ID: <{i}@example.org>\nFrom: A <a@example.org>\n"
                      f"To: b@example.org\nDate: Thu, 1 Jan 2026 00:00:{i % 60:02d} +0000\nSubject: Letter {i}\n\n"
                      f"This is letter number {i} about the garden, the roof and the weather of day {i}.\n\n")


def accepts(port: int, request: bytes) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(request)
            return connection.recv(16).startswith(b"HTTP/1.1")
    except OSError:
        return False


def time_start(command: list, port: int, request: bytes) -> tuple[float, subprocess.Popen]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not accepts(port, request):
        if process.poll() not in (None, 0) or time.perf_counter() - begun > 20:
            raise SystemExit(f"{command[0]} did not start")
        time.sleep(0.0005)
    return (time.perf_counter() - begun) * 1000, process


def resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def nginx_configuration(folder: Path, port: int) -> Path:
    servers = "".join(f"server {{ listen 127.0.0.1:{port}; server_name app{i}.localhost;"
                      f" location / {{ proxy_pass http://127.0.0.1:9; }} }}\n" for i in range(ENTRANCES))
    path = folder / "nginx.conf"
    path.write_text(f"daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log /dev/null;\n"
                    f"events {{ }}\nhttp {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;"
                    f" fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{servers}}}\n")
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as name, Box() as box:
        folder = Path(name)
        owner = box.claim()
        write_mbox(folder / "letters.mbox")
        job = owner.call("memory.import", kind="mail", path=str(folder / "letters.mbox"), name="Letters")["job"]
        wait_until(lambda: owner.call("jobs.get", id=job)["state"] == "done", 120, "the import")
        for i in range(ENTRANCES):
            owner.call("entrances.set", id=f"app{i}", upstream=f"127.0.0.1:{9000 + i}", access="private")
        box.stop()

        port, peer_port = free_port(), free_port()
        program = ROOT / "build/release/bin/hearthd"
        command = [program, "--home", box.home, "--http", f"127.0.0.1:{port}"]
        request = b"POST /api/identity.state HTTP/1.1\r\nHost: hearth.localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        peer = ["nginx", "-c", nginx_configuration(folder, peer_port)]
        peer_request = b"GET / HTTP/1.1\r\nHost: app0.localhost\r\nConnection: close\r\n\r\n"
        ours, theirs, memory = [], [], []
        for _ in range(RUNS):
            elapsed, process = time_start(command, port, request)
            ours.append(elapsed)
            time.sleep(0.5)
            memory.append(resident(process.pid))
            process.terminate()
            process.wait()
            elapsed, process = time_start(peer, peer_port, peer_request)
            theirs.append(elapsed)
            process.terminate()
            process.wait()
    median, peer_median = statistics.median(ours), statistics.median(theirs)
    print(json.dumps({"bench": "startup", "peer": "nginx", "ratio": round(median / peer_median, 2),
                      "start_ms": round(median, 1), "start_ms_max": round(max(ours), 1), "peer_start_ms": round(peer_median, 1),
                      "idle_rss_mb": round(statistics.median(memory), 1), "runs": RUNS, "items": ITEMS,
                      "entrances": ENTRANCES, "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
