"""Many small questions at once, and the same one again, have the answers that each has alone."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import vault
from tests.live import JSON, Live, serving

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="queries have their processes on Linux")

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SETTINGS = 'language = "fr"\n[limits]\nquery_time = 1.5\n'


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    notes = {f"n{n}.md": f"---\ntype: personne\n---\nVoir [[n{n + 1}]].\n" for n in range(40)}
    with serving(vault(tmp_path_factory.mktemp("lookups") / "coffre", {"herbier.toml": SETTINGS, **notes})) as server:
        yield server


def test_many_questions_at_once_each_have_their_own_answer(live: Live) -> None:
    def ask(number: int) -> tuple[str, str]:
        connection = HTTPConnection(live.host, timeout=30)
        found = []
        for turn in range(20):
            word = f"{number}-{turn}" + "x" * (50_000 if number == 7 else 0)
            query = f"SELECT ?x {{ VALUES ?x {{ '{word}' }} }}"
            connection.request(
                "POST", "/sparql", query, {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
            )
            found.append((connection.getresponse().read().decode(), f"x\r\n{word}\r\n"))
        connection.close()
        return "".join(got for got, _ in found), "".join(wanted for _, wanted in found)

    with ThreadPoolExecutor(24) as threads:
        for got, wanted in threads.map(ask, range(24)):
            assert got == wanted


def test_a_long_question_does_not_hold_up_those_sent_with_it(live: Live) -> None:
    ends: list[str] = []

    def short(number: int) -> None:
        assert live.ask(f"SELECT ?x {{ VALUES ?x {{ {number} }} }}").rows == [{"x": str(number)}]
        ends.append("short")

    def ask_long() -> None:
        assert live.ask(LONG).status == 500
        ends.append("long")

    long = threading.Thread(target=ask_long)
    others = [threading.Thread(target=short, args=(number,)) for number in range(30)]
    for thread in (*others[:10], long, *others[10:]):
        thread.start()
    for thread in (*others, long):
        thread.join()
    assert ends == ["short"] * 30 + ["long"]


def test_one_that_ends_its_process_takes_no_other_with_it(live: Live) -> None:
    deep = "SELECT * { " + "{" * 4000 + " ?s ?p ?o " + "}" * 4000 + " }"

    def ask(number: int) -> int:
        if number % 4:
            return live.ask(f"SELECT ?x {{ VALUES ?x {{ {number} }} }}").status
        return live.post(deep.encode(), "application/sparql-query").status

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(32))) == [200 if number % 4 else 500 for number in range(32)]


def test_the_same_question_again(live: Live) -> None:
    query = f"SELECT ?p {{ ?p a <https://schema.org/Person> }} ORDER BY ?p LIMIT {len(live.address)}"
    answers = {accept: [live.ask(query, accept) for _ in range(6)] for accept in (JSON, "text/csv", None, "text/html")}
    for got in answers.values():
        assert len({(one.status, one.body, one.headers["ETag"], one.headers["Content-Type"]) for one in got}) == 1
        assert got[0].status == 200
        heads = [sorted((name.lower(), value) for name, value in one.headers.items() if name != "date") for one in got]
        assert all(head == heads[0] for head in heads)
    assert answers[JSON][0].media_type == JSON
    assert answers["text/csv"][0].body.count(b"\r\n") == 1 + len(answers[JSON][0].rows)
    tag = answers[JSON][0].headers["ETag"]
    for _ in range(4):
        assert live.get(f"/sparql?query={quote(query)}", JSON, If_None_Match=tag).status == 304
        assert live.get(f"/sparql?query={quote(query)}", JSON, If_None_Match='"other"').status == 200
        head = live.get(f"/sparql?query={quote(query)}", JSON, "HEAD")
        assert (head.status, head.body, head.headers["ETag"]) == (200, b"", tag)
    assert live.get(f"/sparql?query={quote(query)}&default-graph-uri=urn:x", JSON).rows == []


@pytest.mark.parametrize("word", ["RAND()", "UUID()", "STRUUID()", "NOW()"])
def test_what_differs_each_time_is_asked_each_time(live: Live, word: str) -> None:
    found = set()
    for _ in range(6):
        found.add(live.ask(f"SELECT ({word} AS ?x) {{}}").rows[0]["x"])
        time.sleep(0.002)
    assert len(found) == 6
