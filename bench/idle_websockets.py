#!/usr/bin/env python3
"""5,000 idle WebSockets to an app: memory of each through the gateway and through nginx, after both have carried a message."""
import argparse
import asyncio
import base64
import hashlib
import os
import resource

from measure import COOKIE, Bench, free_port, report, wait_for

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--connections", type=int, default=5000)
options = parser.parse_args()

resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
KEY = base64.b64encode(os.urandom(16)).decode()
ACCEPT = base64.b64encode(hashlib.sha1((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
PING = bytes([0x89, 0x80, 1, 2, 3, 4])
PONG = bytes([0x8A, 0x00])


async def app(reader, writer):
    """The upstream: accepts the WebSocket, answers one ping, then is quiet."""
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     f"Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n".encode())
        await reader.readexactly(len(PING))
        writer.write(PONG)
        await reader.read(1)
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        pass
    finally:
        writer.close()


def resident(pid):
    """Proportional memory of a process and its children, in bytes (private pages, and a share of the shared ones)."""
    total = 0
    children = [pid]
    while children:
        process = children.pop()
        with open(f"/proc/{process}/smaps_rollup") as rollup:
            total += sum(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/children") as file:
                children += [int(child) for child in file.read().split()]
    return total


async def open_socket(port, host):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 f"Sec-WebSocket-Key: {KEY}\r\nCookie: {COOKIE}\r\nUser-Agent: bench\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head, head
    writer.write(PING)
    assert await reader.readexactly(2) == PONG
    return writer


async def measure(port, host, pid):
    await open_socket(port, host)  # what the first request costs is no connection's
    before = resident(pid)
    writers = []
    for start in range(0, options.connections, 100):
        count = min(100, options.connections - start)
        writers += await asyncio.gather(*(open_socket(port, host) for _ in range(count)))
    await asyncio.sleep(1)
    used = (resident(pid) - before) / len(writers)
    for writer in writers:
        writer.close()
    return used


async def main():
    with Bench() as bench:
        upstream, peer = free_port(), free_port()
        server = await asyncio.start_server(app, "127.0.0.1", upstream, backlog=1024)
        nginx = bench.nginx(
            "peer",
            f"""server {{ listen 127.0.0.1:{peer} backlog=1024; location / {{
    proxy_pass http://127.0.0.1:{upstream}; proxy_http_version 1.1; proxy_read_timeout 1h;
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }} }}""",
        )
        wait_for(peer)
        port, gateway = bench.gateway(f"127.0.0.1:{upstream}", bench.folder)
        ours = await measure(port, f"app.hearth.localhost:{port}", gateway.pid)
        theirs = await measure(peer, "localhost", nginx.pid)
        report("idle_websockets", "nginx proxy_pass", connections=options.connections, bytes_each=round(ours),
               peer_bytes_each=round(theirs), memory_ratio=round(ours / theirs, 3))
        server.close()


asyncio.run(main())
