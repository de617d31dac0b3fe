"""The bare application of the comparison: Flask, which returns the same bytes for a path, under the same server.

`python bare.py PORT FOLDER`: FOLDER has a file `page` and a file `point`, and beside each its media type.
"""

import os
import sys
from pathlib import Path

from flask import Flask, Response
from granian import Granian
from granian.constants import Interfaces


def app() -> Flask:
    """Return the application."""
    made = Flask("bare")
    for file in Path(os.environ["BARE_FOLDER"]).glob("*.type"):
        body, media_type = file.with_suffix("").read_bytes(), file.read_text("ascii")

        def view(body: bytes = body, media_type: str = media_type) -> Response:
            return Response(body, content_type=media_type)

        made.add_url_rule(f"/{file.stem}", file.stem, view)
    return made


if __name__ == "__main__":
    os.environ["BARE_FOLDER"] = sys.argv[2]
    Granian(
        "tests.bench.bare:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=len(os.sched_getaffinity(0)),
        blocking_threads=int(sys.argv[3]),
        factory=True,
        log_enabled=False,
        websockets=False,
    ).serve()
