#!/usr/bin/env python3
"""A private entrance (session, policy, signed identity headers) against nginx's plain proxy_pass, same upstream."""
import argparse

from measure import COOKIE, Bench, alternate, free_port, report, wait_for, wrk

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=int, default=3)
parser.add_argument("--connections", type=int, default=64)
options = parser.parse_args()

with Bench() as bench:
    upstream, peer = free_port(), free_port()
    bench.nginx("upstream", f"server {{ listen 127.0.0.1:{upstream}; location / {{ return 200 '{'x' * 200}'; }} }}")
    bench.nginx(
        "peer",
        f"""upstream app {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{peer}; location / {{
    proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}""",
    )
    wait_for(upstream)
    wait_for(peer)
    port, _ = bench.gateway(f"127.0.0.1:{upstream}", bench.folder)
    headers = [f"Cookie: {COOKIE}; theme=dark", "Accept: */*", "User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench",
               "Accept-Language: en,zh-CN"]
    figures = alternate(
        lambda: wrk(f"http://127.0.0.1:{port}/page?x=1", [*headers, f"Host: app.hearth.localhost:{port}"],
                    options.connections, options.seconds),
        lambda: wrk(f"http://127.0.0.1:{peer}/page?x=1", headers, options.connections, options.seconds),
        options.rounds,
    )
    report("entrance", "nginx proxy_pass", **figures)
