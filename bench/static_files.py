#!/usr/bin/env python3
"""The desktop's files (a script of 10 kB, a bundle of 100 kB, a file of 1 MB) against nginx with sendfile."""
import argparse
import os

from measure import Bench, alternate, free_port, report, wait_for, wrk

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=int, default=2)
parser.add_argument("--connections", type=int, default=64)
options = parser.parse_args()

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}

with Bench() as bench:
    peer = free_port()
    files = os.path.join(bench.folder, "files")
    os.makedirs(os.path.join(files, "assets"))
    for name, size in SIZES.items():
        with open(os.path.join(files, "assets", f"{name}.js"), "wb") as file:
            file.write(os.urandom(size))
        os.chmod(file.name, 0o644)
    os.chmod(files, 0o755)
    bench.nginx("peer", f"server {{ listen 127.0.0.1:{peer}; root {files}; }}")
    wait_for(peer)
    port, _ = bench.gateway("127.0.0.1:1", files)
    ratios = {}
    for name in SIZES:
        figures = alternate(
            lambda: wrk(f"http://127.0.0.1:{port}/assets/{name}.js", (), options.connections, options.seconds),
            lambda: wrk(f"http://127.0.0.1:{peer}/assets/{name}.js", (), options.connections, options.seconds),
            options.rounds,
        )
        ratios.update({f"{key}_{name}": value for key, value in figures.items()})
    report("static_files", "nginx sendfile", **ratios)
