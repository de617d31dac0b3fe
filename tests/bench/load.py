"""A load for servers where wrk is missing: `python load.py HOST PORT SECONDS CONNECTIONS REQUESTS` prints the rate.

REQUESTS is a file of requests as JSON, each the bytes of one; each connection sends the next one when it has the answer
to the last. It needs more of the processor than wrk, so rates are lower than under wrk, and ratios nearer to one.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path


async def fetch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
    """Send a request and read its answer to the end; whether it was a good one."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    fields = head.lower()
    if b"transfer-encoding: chunked" in fields:
        while (size := int(await reader.readuntil(b"\r\n"), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    else:
        await reader.readexactly(int(fields.partition(b"content-length:")[2].partition(b"\r\n")[0]))
    return head.startswith(b"HTTP/1.1 200")


def numbered(requests: list[bytes], numbers: Iterator[int]) -> bytes:
    """Return a request, with a number of its own where it has the place for one."""
    return random.choice(requests).replace(b"{n}", b"%d" % next(numbers))


async def connection(
    host: str, port: int, requests: list[bytes], numbers: Iterator[int], until: float
) -> tuple[int, int]:
    """Keep one connection busy; how many answers came, and how many of them were no good ones."""
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 24)
    done = bad = 0
    while time.monotonic() < until:
        done += 1
        bad += not await fetch(reader, writer, numbered(requests, numbers))
    writer.close()
    return done, bad


async def main(host: str, port: int, seconds: float, connections: int, requests: list[bytes]) -> None:
    """Keep all connections busy, and print answers a second and the bad ones."""
    began = time.monotonic()
    until = began + seconds
    numbers = count(time.time_ns())
    counts = await asyncio.gather(*(connection(host, port, requests, numbers, until) for _ in range(connections)))
    print(sum(done for done, _ in counts) / (time.monotonic() - began), sum(bad for _, bad in counts))


if __name__ == "__main__":
    asked = [text.encode() for text in json.loads(Path(sys.argv[5]).read_text("utf-8"))]
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), asked))
