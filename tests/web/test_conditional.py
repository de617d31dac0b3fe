"""Requests with conditions, and for a part (RFC 9110, sections 13 and 14), are answered alike for all that is sent."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from tests.conftest import vault
from tests.live import Live, serving
from tests.web.test_serving import FILES

NOTE, QUERY = "/doc/ada", f"/sparql?query={quote('SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o')}"
DUMP, FILE = "/dump/dataset.nq.gz", "/file/grande.png"
ALL = (NOTE, "/doc/ada.ttl", QUERY, DUMP, FILE, "/ns", "/sitemap.xml", "/openapi.json", "/fragments", "/search?q=ada")
OLD, NEW = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(vault(tmp_path_factory.mktemp("conditions") / "coffre", FILES)) as server:
        yield server


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_tags(live: Live, path: str, method: str) -> None:
    whole = live.get(path, method=method)
    tag = whole.headers["ETag"]
    assert whole.status == 200
    assert not tag.startswith("W/")
    for known in (tag, f"W/{tag}", f'"x", {tag}', f'{tag} , "y"', "*"):
        got = live.get(path, method=method, If_None_Match=known)
        assert (got.status, got.body) == (304, b"")
        for name in ("ETag", "Vary", "Cache-Control", "Content-Location"):
            assert got.headers.get_all(name) == whole.headers.get_all(name)
    for other in ('"x"', 'W/"x"', "nonsense"):
        assert live.get(path, method=method, If_None_Match=other, If_Modified_Since=NEW).status == 200
    for known in (tag, f'"x", {tag}', "*"):
        got = live.get(path, method=method, If_Match=known, If_Unmodified_Since=OLD)
        assert (got.status, got.body) == (200, whole.body)
    for other in ('"x"', f"W/{tag}"):  # which is compared strongly
        got = live.get(path, method=method, If_Match=other)
        assert (got.status, got.media_type) == (412, "text/plain")
        assert method == "HEAD" or "Redemandez sans condition" in got.text


@pytest.mark.parametrize("path", [path for path in ALL if path.startswith(("/doc", "/file"))])
def test_dates(live: Live, path: str) -> None:
    changed = live.get(path).headers["Last-Modified"]
    assert [live.get(path, If_Modified_Since=date).status for date in (OLD, changed, NEW, "nonsense")] == [
        200,
        304,
        304,
        200,
    ]
    assert [live.get(path, If_Unmodified_Since=date).status for date in (OLD, changed, NEW, "nonsense")] == [
        412,
        200,
        200,
        200,
    ]


@pytest.mark.parametrize("path", [DUMP, FILE])
def test_parts(live: Live, path: str) -> None:
    whole = live.get(path)
    size, tag = len(whole.body), whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    for wanted, begin, end in (("0-9", 0, 10), ("5-5", 5, 6), ("-7", size - 7, size), (f"3-{size * 2}", 3, size)):
        got = live.get(path, Range=f"bytes={wanted}")
        assert (got.status, got.body) == (206, whole.body[begin:end])
        assert got.headers["Content-Range"] == f"bytes {begin}-{end - 1}/{size}"
    for ignored in ("bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "nonsense"):
        got = live.get(path, Range=ignored)
        assert (got.status, got.body) == (200, whole.body)
    got = live.get(path, Range=f"bytes={size}-")
    assert (got.status, got.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert "avant la fin du fichier" in got.text
    assert live.get(path, Range="bytes=0-9", If_Range=tag).status == 206
    assert live.get(path, Range="bytes=0-9", If_Range='"x"').status == 200
    head = live.get(path, method="HEAD", Range="bytes=0-9")  # a part is of GET alone (section 14.2)
    assert (head.status, head.headers["Content-Length"]) == (200, str(size))
