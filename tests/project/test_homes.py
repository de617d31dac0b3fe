"""One home for each thing: a toy of each kind is added in the places that src/README.md names, and is everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

NOTE = "---\ntitle: Ada\nlang: fr\n---\n[[Personne]]\n"


class Copy:
    """A copy of the source that may be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("src/herbier", "mapping", "ontology", "shapes"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.vault = folder / "vault"
        self.vault.mkdir()
        (self.vault / "a.md").write_text(NOTE, "utf-8")
        (self.vault / "herbier.toml").write_text('base = "https://example.org/"\n', "utf-8")

    def write(self, name: str, text: str) -> None:
        """Add a file."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        assert not file.exists()
        file.write_text(text, "utf-8")

    def insert(self, name: str, before: str, text: str) -> None:
        """Add lines to a file, once."""
        file = self.folder / name
        source = file.read_text("utf-8")
        assert source.count(before) == 1
        file.write_text(source.replace(before, text + before), "utf-8")

    def python(self, code: str) -> str:
        """Run Python on the copy, and return what it printed."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src"), "LANG": "C.UTF-8"}
        environment.pop("LC_ALL", None)
        words = [sys.executable, "-c", code]
        ran = subprocess.run(
            words, env=environment, cwd=self.vault, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def herbier(self, *words: str, code: int = 0, **more: str) -> str:
        """Run a command on the copy, and return all that it told."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "src"), "LANG": "C.UTF-8", **more}
        environment.pop("LC_ALL", None)
        command = [sys.executable, "-m", "herbier", *words]
        ran = subprocess.run(
            command, env=environment, cwd=self.vault, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == code, ran.stderr
        return ran.stdout + ran.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


ASK = """
from pathlib import Path
from herbier.pipeline.opening import open_vault
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.site import Site
vault = open_vault(Path("."))
web = create_app(Site(vault, Store.of(vault)[0])).test_client()
def get(path, accept="*/*"):
    answer = web.get(path, headers={"Host": "example.org", "Accept": accept})
    return f"{answer.status_code} {answer.content_type} {answer.text}"
"""


def test_a_format_is_one_row(copy: Copy) -> None:
    row = """        Format(
            "toy", ".toy", "text/toy", "Toy", "Toy", False, _nothing, ntriples_block,
            page=5, dumped=True, parser="N_TRIPLES",
        ),
"""
    copy.insert("src/herbier/rdf/formats.py", "    )\n}  # fmt: skip\n", row)
    copy.herbier("build", ".", "-o", "../out.toy")
    assert (copy.folder / "out.toy").read_text("utf-8").startswith("<https://example.org/")
    assert "<https://example.org/" in copy.herbier("build", ".", "-o", "-", "--format", "toy")
    assert "<https://" in copy.herbier("query", ".", "DESCRIBE ?s { ?s a ?c } LIMIT 1", "--format", "toy")
    (copy.vault / "more.toy").write_text("<https://a.example/> <https://b.example/b> <https://c.example/> .\n")
    (copy.vault / "herbier.toml").write_text('base = "https://example.org/"\ninclude = ["more.toy"]\n')
    assert "https://c.example/" in copy.herbier("build", ".", "-o", "-", "--format", "nt")
    code = ASK + "print(get('/doc/ada', 'text/toy')); print(get('/doc/ada.toy')); print(get('/dataset.ttl'))"
    told = copy.python(
        code + "; print(get('/dump/')); print(get('/sparql', 'text/turtle')); print(get('/openapi.json'))"
    )
    assert told.count("200 text/toy") == 2
    assert "formats/Toy" in told
    assert "dataset.toy.gz" in told
    assert '"text/toy"' in told


PROBLEM = """---
severity: warning
group: files
en: A toy is about.
fr: Un jouet traîne.
---
<!-- en -->

Warning. A toy is about.

<!-- fr -->

Avertissement. Un jouet traîne.
"""


def test_a_problem_is_one_file(copy: Copy) -> None:
    copy.write("src/herbier/locale/problems/a-toy.md", PROBLEM)
    copy.python("from herbier.guide import write_pages; write_pages()")
    assert "A toy is about" in copy.herbier("help", "a-toy")
    assert "Un jouet traîne" in copy.herbier("help", "a-toy", "--lang", "fr")
    told = copy.python(
        "from pathlib import Path\nfrom herbier.problems import problem\n"
        "from herbier.cli.output_reports import REPORTS\n"
        "print(REPORTS['sarif']([problem('a-toy', 'a.md', 1, 1, 'here')], Path('.'), 'fr'))"
    )
    [rule] = json.loads(told)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "Un jouet traîne."
    assert rule["defaultConfiguration"]["level"] == "warning"
    assert "Un jouet traîne" in rule["help"]["text"]


CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "no note is called {name!r}"
msgstr "neniu noto nomiĝas {name}"

msgid "Skip to content"
msgstr "Al la enhavo"

msgid "name"
msgstr "nomo"
"""


def test_a_language_is_one_folder(copy: Copy) -> None:
    copy.write("src/herbier/locale/eo/LC_MESSAGES/herbier.po", CATALOGUE)
    assert "neniu noto nomiĝas Personne" in copy.herbier("check", ".", LANG="eo.UTF-8")
    (copy.vault / "herbier.toml").write_text('base = "https://example.org/"\nlanguage = "eo"\n')
    told = copy.python(ASK + "print(get('/doc/ada', 'text/html'))")
    assert "Al la enhavo" in told
    assert (
        copy.python(
            "from herbier.rdf.prefixes import Namespaces\nfrom herbier.web.pages.labels import predicate_label\n"
            "names = Namespaces('https://example.org/', {'schema': 'https://schema.org/'})\n"
            "print(predicate_label('<https://schema.org/name>', names, 'eo'), end='')"
        )
        == "nomo"
    )
    assert "Januaro 1815" in copy.python(
        "from herbier.web.wording import date\n"
        "print(date('\"1815-01\"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>', 'eo'))"
    )


def test_a_command_is_one_file_and_its_name(copy: Copy) -> None:
    toy = """import click


@click.command("toy")
def toy_command() -> None:
    \'\'\'Play.\'\'\'
    click.echo("played")
"""
    copy.write("src/herbier/cli/toy.py", toy)
    file = copy.folder / "src/herbier/cli/__init__.py"
    file.write_text(file.read_text("utf-8").replace('"serve")', '"serve", "toy")'), "utf-8")
    assert copy.herbier("toy") == "played\n"
    assert "Play." in copy.herbier("--help")


def test_a_page_is_one_module_and_its_name(copy: Copy) -> None:
    toy = (
        "from flask import Blueprint\n\nblueprint = Blueprint('toy', __name__)\n\n\n"
        "@blueprint.get('/toy')\ndef toy() -> str:\n    return 'played'\n"
    )
    copy.write("src/herbier/web/pages/toy.py", toy)
    file = copy.folder / "src/herbier/web/app.py"
    source = file.read_text("utf-8").replace("import search, views", "import search, toy, views")
    file.write_text(source.replace("for module in (views,", "for module in (toy, views,"), "utf-8")
    assert copy.python(ASK + "print(get('/toy'))").startswith("200 text/html")


def test_a_kind_of_identifier_is_two_rows(copy: Copy) -> None:
    rows = {
        "identifiers": "  toy:\n    label: toy number\n    pattern: '(T\\d+)'\n    address: 'https://toys.example/{id}'\n"
        "    example: T1\n",
        "keys": "  toy: {names: [jouet], thing: [schema:identifier], value: identifier, scheme: toy}\n",
    }
    for table, row in rows.items():
        file = copy.folder / "mapping" / f"{table}.yaml"
        source = file.read_text("utf-8")
        assert source.count(f"\n{table}:\n") == 1
        file.write_text(source.replace(f"\n{table}:\n", f"\n{table}:\n{row}"), "utf-8")
    (copy.vault / "a.md").write_text("---\ntitle: Ada\njouet: T12\n---\n", "utf-8")
    assert "<https://toys.example/T12>" in copy.herbier("build", ".", "-o", "-", "--format", "nt")
