"""What the gateway's benchmarks share: nginx and the bench server on free ports, wrk, medians."""
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVER = os.path.join(ROOT, "build", "release", "bin", "gateway_bench_server")
COOKIE = "hearth_entrance=benchmark-token-of-43-characters-aaaaaaaaaaa"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


class Bench:
    """Runs peers in a temporary folder and ends them all."""

    def __init__(self):
        for tool in ("nginx", "wrk"):
            if not shutil.which(tool):
                raise SystemExit(f"{tool} is missing: apt-get install {tool}")
        self.folder = tempfile.mkdtemp(prefix="gateway-bench.")
        os.chmod(self.folder, 0o755)
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command, **options):
        process = subprocess.Popen(command, **options)
        self.processes.append(process)
        return process

    def nginx(self, name, http, workers=2, connections=20000):
        """An nginx with `http` as its http block's content, tuned alike for every use."""
        path = os.path.join(self.folder, name + ".conf")
        with open(path, "w") as config:
            config.write(
                f"""daemon off; worker_processes {workers}; pid {self.folder}/{name}.pid; error_log {self.folder}/{name}.log error;
worker_rlimit_nofile 65536;
events {{ worker_connections {connections}; }}
http {{
  access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
  client_body_temp_path {self.folder}/{name}-body; proxy_temp_path {self.folder}/{name}-proxy;
  fastcgi_temp_path {self.folder}/{name}-f; uwsgi_temp_path {self.folder}/{name}-u; scgi_temp_path {self.folder}/{name}-s;
  types {{ text/html html; text/javascript js; application/octet-stream bin; }}
  {http}
}}
"""
            )
        return self.start("nginx", "-c", path, "-e", f"{self.folder}/{name}.log", "-p", self.folder)

    def gateway(self, upstream, files, threads=2):
        port = free_port()
        process = self.start(SERVER, f"127.0.0.1:{port}", upstream, files, str(threads))
        wait_for(port)
        self.wait_for_entrance(port)
        return port, process

    @staticmethod
    def wait_for_entrance(port):
        """Until the gateway knows its entrances: it answers 503 before."""
        for _ in range(500):
            with socket.create_connection(("127.0.0.1", port), 1) as client:
                client.sendall(b"GET / HTTP/1.1\r\nHost: none.hearth.localhost\r\nConnection: close\r\n\r\n")
                if b" 503 " not in client.recv(100):
                    return
            time.sleep(0.01)


def seconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def wrk(url, headers=(), connections=64, duration=3, threads=1):
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{duration}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    output = subprocess.run(command + [url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit("the run had errors:\n" + output)
    return {
        "rps": float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
        "p99": seconds(re.search(r"99%\s+([\d.]+\w+)", output).group(1)),
    }


def alternate(ours, theirs, rounds):
    """Runs both in turn, the order changing each round; medians, and the median of the rounds' ratios."""
    results = {"ours": [], "theirs": []}
    for i in range(rounds):
        order = (("ours", ours), ("theirs", theirs)) if i % 2 == 0 else (("theirs", theirs), ("ours", ours))
        for name, run in order:
            results[name].append(run())
    median = statistics.median
    pairs = list(zip(results["ours"], results["theirs"]))
    return {
        "rps": round(median(r["rps"] for r in results["ours"])),
        "peer_rps": round(median(r["rps"] for r in results["theirs"])),
        "rps_ratio": round(median(a["rps"] / b["rps"] for a, b in pairs), 3),
        "p99_ms": round(median(r["p99"] for r in results["ours"]) * 1000, 2),
        "peer_p99_ms": round(median(r["p99"] for r in results["theirs"]) * 1000, 2),
        "p99_ratio": round(median(a["p99"] / b["p99"] for a, b in pairs), 3),
    }


def report(name, peer, **figures):
    print(json.dumps({"benchmark": name, "peer": peer, **figures}))
    sys.stdout.flush()
