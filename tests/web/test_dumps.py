"""The files to download, fetched as a client fetches them: in parts, again, while they are being made."""

import gzip
import http.client
import os
import re
import shutil
import stat
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from tests.conftest import vault
from tests.live import serving
from tests.site import client_of, fetch

from herbier.web.data import dumps

NAME = "/dump/dataset.nq.gz"
FILES: dict[str, str | bytes] = {
    "herbier.toml": 'language = "fr"\n',
    **{f"note {number}.md": f"---\ntype: concept\n---\nUn texte, le numéro {number}.\n" for number in range(60)},
}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    data: bytes


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(vault(tmp_path_factory.mktemp("dumps") / "coffre", FILES)) as server:
        address = server.address.rstrip("/")
        yield address


def download(address: str, path: str = NAME, method: str = "GET", **headers: str) -> Answer:
    """Ask as HTTP is on the wire: nothing is unpacked or followed on the way."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def test_a_file_is_sent_as_it_is(address: str) -> None:
    whole = download(address, Accept_Encoding="gzip, br")
    assert whole.status == 200
    assert whole.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in whole.headers, "else clients would unpack it"
    assert whole.headers["content-length"] == str(len(whole.data))
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-disposition"] == "attachment; filename=dataset.nq.gz"
    assert re.fullmatch(r'"[0-9a-f]{64}"', whole.headers["etag"]), "a strong one"
    assert "last-modified" not in whole.headers, "nothing of it tells when the notes were changed"
    assert {"Content-Range", "Repr-Digest"} <= set(whole.headers["access-control-expose-headers"].split(", "))
    assert gzip.decompress(whole.data).count(b"\n") > 500
    assert whole.data[4:8] == bytes(4), "no time in the head of gzip (RFC 1952, section 2.3.1)"
    assert whole.data[3] == 0, "and no name"


def test_its_digest(address: str) -> None:
    whole = download(address)
    digest = sha256(whole.data)
    field = re.fullmatch(r"sha-256=:([A-Za-z0-9+/]+={0,2}):", whole.headers["repr-digest"])
    assert field is not None, "a byte sequence of structured fields (RFC 9530, section 3)"
    assert b64decode(field[1]) == digest.digest()
    for part in (download(address, method="HEAD"), download(address, Range="bytes=10-19")):
        assert part.headers["repr-digest"] == whole.headers["repr-digest"], "of the whole, whatever part is sent"
    assert download(address, f"{NAME}.sha256").data.decode() == f"{digest.hexdigest()}  dataset.nq.gz\n"


def test_the_list_of_digests_as_sha256sum_reads_it(address: str, tmp_path: Path) -> None:
    listed = download(address, "/dump/SHA256SUMS")
    assert listed.headers["content-type"].startswith("text/plain")
    names = re.findall(r"^[0-9a-f]{64}  (\S+)$", listed.data.decode(), re.MULTILINE)
    assert len(names) == 5
    (tmp_path / "SHA256SUMS").write_bytes(listed.data)
    for name in names:
        (tmp_path / name).write_bytes(download(address, f"/dump/{name}").data)
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum is not installed")
    done = subprocess.run(
        [program, "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().count(": OK") == 5


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=0-99999999", 0, None)],
)
def test_parts(address: str, wanted: str, start: int, end: int | None) -> None:
    whole = download(address)
    part = download(address, Range=wanted)
    assert part.status == 206
    assert part.data == whole.data[start:end]
    first = start % len(whole.data)
    assert part.headers["content-range"] == f"bytes {first}-{first + len(part.data) - 1}/{len(whole.data)}"
    assert part.headers["etag"] == whole.headers["etag"]
    assert part.headers["content-type"] == "application/gzip"


def test_parts_join_to_the_whole(address: str) -> None:
    whole = download(address)
    half = len(whole.data) // 2
    first = download(address, Range=f"bytes=0-{half}")
    rest = download(address, Range=f"bytes={half + 1}-", If_Range=first.headers["etag"])
    assert (first.status, rest.status) == (206, 206)
    assert sha256(first.data + rest.data).digest() == sha256(whole.data).digest()


def test_what_is_no_part(address: str) -> None:
    size = len(download(address).data)
    beyond = download(address, Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for ignored in ("bytes=0-1,5-6", "items=0-5", "nonsense"):
        assert (download(address, Range=ignored).status, len(download(address, Range=ignored).data)) == (200, size), (
            ignored
        )
    assert download(address, Range="bytes=0-9", If_Range='"another"').status == 200
    assert download(address, Range="bytes=0-9", If_Range="Sun, 06 Nov 1994 08:49:37 GMT").status == 200


def test_what_a_client_has_is_not_sent_again(address: str) -> None:
    whole = download(address)
    again = download(address, If_None_Match=whole.headers["etag"])
    assert (again.status, again.data) == (304, b"")
    assert again.headers["etag"] == whole.headers["etag"]
    assert download(address, If_None_Match='"another"').status == 200
    assert download(address, If_Match='"another"').status == 412
    head = download(address, method="HEAD")
    assert (head.status, head.data, head.headers["content-length"]) == (200, b"", str(len(whole.data)))


@pytest.mark.parametrize(
    "path",
    [
        "/dump/nothing.nq.gz",
        "/dump/dataset.nq",
        "/dump/dataset.rdf.gz",
        "/dump/dataset.nq.gz.sha512",
        "/dump/.sha256",
        "/dump/..%2f..%2fetc%2fpasswd",
        "/dump/../herbier.toml",
        "/dump/.dataset.nq.gz.1.part",
    ],
)
def test_no_other_file(address: str, path: str) -> None:
    assert download(address, path).status == 404


def test_the_list_has_a_slash(address: str) -> None:
    moved = download(address, "/dump")
    assert (moved.status, moved.headers["location"]) == (308, "dump/")


# --- how they are made ------------------------------------------------------------------------------------------------


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary ones are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def web(tmp_path: Path) -> FlaskClient:
    return client_of(vault(tmp_path / "coffre", FILES))


def test_files_are_made_once_asked_for_where_no_other_user_looks(web: FlaskClient, temporary: Path) -> None:
    assert fetch(web, "/").status_code == 200
    assert not list(temporary.iterdir())
    assert fetch(web, NAME).status_code == 200
    (folder,) = temporary.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["dataset.nq.gz"]


def test_a_file_is_made_once_for_all_who_ask(
    web: FlaskClient, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no one is sent the half of it."""
    made: list[str] = []
    make = dumps.Dumps._make

    def counted(self: dumps.Dumps, dump: dumps.Dump) -> dumps.DumpFile:
        made.append(dump.name)
        return make(self, dump)

    monkeypatch.setattr(dumps.Dumps, "_make", counted)
    application = web.application
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fetch(application.test_client(), NAME).data, range(16)))
    assert made == ["dataset.nq.gz"]
    assert len(set(answers)) == 1
    assert gzip.decompress(answers[0]).endswith(b" .\n")


def test_a_file_that_was_taken_away_is_made_again(web: FlaskClient, temporary: Path) -> None:
    before = fetch(web, NAME)
    (file,) = temporary.glob("*/dataset.nq.gz")
    file.unlink()
    after = fetch(web, NAME)
    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])


def test_where_nothing_can_be_written(web: FlaskClient, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device", str(temporary))

    monkeypatch.setattr(dumps, "mkdtemp", full)
    for path in (NAME, "/dump/", "/dump/SHA256SUMS", "/dataset.ttl"):
        answer = fetch(web, path, "text/plain")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
        assert str(temporary) not in answer.text
    monkeypatch.undo()
    assert fetch(web, NAME).status_code == 200


def test_the_folder_goes_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setitem(os.environ, "TMPDIR", str(folder))
    with serving(vault(tmp_path / "coffre", FILES)) as server:
        address = server.address.rstrip("/")
        assert download(address).status == 200
        assert list(folder.glob("herbier-*/dataset.nq.gz"))
    assert not list(folder.glob("herbier-*"))
