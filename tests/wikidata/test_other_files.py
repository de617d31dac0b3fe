"""The other files for Wikidata, for Mix'n'match, QuickStatements and SSSOM, and which things are in them all."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from rdflib import SKOS, Graph, Literal, URIRef
from tests.conftest import FRENCH, ROOT, run, spawn, vault
from tests.dumps import BASE, NOTES, SCHEMA, SETTINGS, dump, note, out, tabbed, table

from herbier.wikidata.export import FILES

__all__ = ["out"]  # the fixture

# --- the others -------------------------------------------------------------------------------------------------------


def test_mixnmatch_has_the_columns_that_it_knows(out: Path) -> None:
    rows = tabbed((out / "mixnmatch.tsv").read_text("utf-8"))
    known = re.compile("id|name|desc|url|type|q|born|died|P[1-9][0-9]*")
    assert not [name for name in rows[0] if not known.fullmatch(name)]
    [ada] = [row for row in rows if row["id"] == "ada-lovelace"]
    assert "\n" not in ada.pop("desc")
    assert {name: cell for name, cell in ada.items() if cell} == {
        "id": "ada-lovelace",
        "name": "Ada Lovelace",
        "url": f"{BASE}doc/ada-lovelace",
        "type": "Q5",
        "q": "Q7259",
        "born": "1815-12-10",
        "died": "1852-11",
        "P214": "10053",
    }


REFERENCE = f'S854\t"{BASE}doc/mila"'


def test_quickstatements_are_for_those_that_want_an_item(out: Path) -> None:
    book, mila = (out / "quickstatements.txt").read_text("utf-8").split("CREATE\n")[1:]
    assert mila.splitlines() == [
        'LAST\tLfr\t"Mila"',
        f"LAST\tP571\t+1993-00-00T00:00:00Z/9\t{REFERENCE}",
        f'LAST\tP856\t"https://mila.quebec/"\t{REFERENCE}',
        f'LAST\tP6782\t"05c22rx21"\t{REFERENCE}',
        'LAST\tSfrwiki\t"Mila (institut)"',
    ]
    # the book is a work, and an ISBN is that of an edition
    assert book.splitlines() == [
        'LAST\tLfr\t"Livre"',
        f'LAST\tP356\t"10.1038/NATURE14539"\tS854\t"{BASE}doc/livre"',
    ]


def test_without_a_base_nothing_is_proposed_to_wikidata(tmp_path: Path) -> None:
    """What is added there must name a source that others can read."""
    root = vault(tmp_path / "vault", {"Mila.md": note("type: organisation", "fondation: 1993", "wikidata: new")})
    folder, ran = dump(root)
    assert (folder / "quickstatements.txt").read_text("utf-8") == ""
    assert "quickstatements.txt is empty: its references would lead nowhere (1 left out)" in ran.err
    folder, ran = dump(root, "--base", BASE)
    assert "P571" in (folder / "quickstatements.txt").read_text("utf-8")
    assert "is empty" not in ran.err


STATEMENT = re.compile(
    r'CREATE|LAST\t[LAD](?:[a-z]{2,3})\t"[^\t\n]{1,250}"|LAST\tS[a-z_]+wiki\t"[^\t\n]+"'
    r'|LAST\tP[1-9]\d*\t(?:Q[1-9]\d*|[+-]\d{4,}-\d\d-\d\dT00:00:00Z/(?:9|10|11)|"[^\t\n]+"|\d+)\tS854\t"https://[^\t\n"]+"'
)


def test_every_command_is_of_the_form_that_quickstatements_takes(tmp_path: Path) -> None:
    text = note(
        "type: personne",
        "aliases: ['Une\tautre', 'B']",
        "naissance: 1815-12",
        "décès: 27/11/1852",
        "lieu_naissance: '[[Londres]]'",
        "lieu_décès: '[[Ailleurs]]'",
        "nationalité: britannique",
        "orcid: 0000-0002-1825-0097",
        "wikidata: new",
        text=f"## Généralité\n\n{'Une phrase qui dit beaucoup. ' * 20}",
    )
    londres = note("type: ville", "wikidata: Q84")
    folder, _ = dump(vault(tmp_path / "vault", {"herbier.toml": SETTINGS, "Ada.md": text, "Londres.md": londres}))
    lines = (folder / "quickstatements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not STATEMENT.fullmatch(line)] == []
    said = {tuple(line.split("\t")[1:3]) for line in lines}
    assert {("P569", "+1815-12-00T00:00:00Z/10"), ("P570", "+1852-11-27T00:00:00Z/11"), ("P19", "Q84")} <= said
    assert not [line for line in lines if re.match("LAST\tP(20|27|31)\t", line)]  # no item, and no claim of a class


@pytest.mark.parametrize("size", [249, 250, 251])
def test_a_name_of_250_characters_is_whole_and_a_longer_one_ends_at_a_word(size: int, tmp_path: Path) -> None:
    title = ("mot. " * 60)[: size - 1] + "x"
    root = vault(tmp_path / "vault", {"herbier.toml": SETTINGS, "a.md": note(f"title: '{title}'", "wikidata: new")})
    folder, _ = dump(root)
    lines = (folder / "quickstatements.txt").read_text("utf-8").splitlines()
    [label] = [line.split("\t")[2].strip('"') for line in lines if line.startswith("LAST\tLfr")]
    assert label == (title if size <= 250 else "mot")


def test_a_language_has_one_label_and_one_description_and_any_number_of_other_names(tmp_path: Path) -> None:
    text = note("title: A", "aliases: [B, C]", "description: [Un, Deux]", "wikidata: new")
    folder, _ = dump(vault(tmp_path / "vault", {"herbier.toml": SETTINGS, "a.md": text}))
    lines = (folder / "quickstatements.txt").read_text("utf-8").splitlines()
    marks = [line.split("\t")[1] for line in lines if line.startswith("LAST\t") and line[5] in "LAD"]
    assert marks == ["Lfr", "Afr", "Afr", "Dfr"]


def test_sssom_says_what_is_matched(out: Path) -> None:
    text = (out / "matches.sssom.tsv").read_text("utf-8")
    assert f'#  note: "{BASE}id/"\n' in text
    assert "#license: " in text
    assert {tuple(row.values()) for row in tabbed(text)} == {
        ("note:ada-lovelace", "Ada Lovelace", "schema:sameAs", "wd:Q7259", "semapv:ManualMappingCuration"),
        ("note:attention", "Attention", "skos:exactMatch", "wd:Q103701642", "semapv:ManualMappingCuration"),
        ("note:londres", "Londres", "schema:sameAs", "wd:Q84", "semapv:ManualMappingCuration"),
    }


def test_sssom_names_things_in_ascii(tmp_path: Path) -> None:
    """As its readers ask of a CURIE; the address is the same one, written as a URI."""
    folder, _ = dump(vault(tmp_path / "vault", {"herbier.toml": SETTINGS, "Москва.md": note("wikidata: Q649")}))
    [row] = tabbed((folder / "matches.sssom.tsv").read_text("utf-8"))
    assert row["subject_id"].isascii()
    assert unquote(row["subject_id"].removeprefix("note:")) == "москва"


@pytest.mark.parametrize(("language", "word"), [("fr", "Ouvrir"), ("en", "Open"), ("de", "Open")])
def test_the_readme_tells_of_every_file_in_the_language_of_the_vault(language: str, word: str, tmp_path: Path) -> None:
    files = {"herbier.toml": f'language = "{language}"\ntitle = "Notes"\n', "a.md": "Texte."}
    folder, _ = dump(vault(tmp_path / "vault", files))
    text = (folder / "README.md").read_text("utf-8")
    assert f"## {word} " in text
    assert "{" not in re.sub(r"`[^`]*`", "", text)
    assert [name for name in FILES if name != "README.md" and f"`{name}`" not in text] == []
    assert "OpenRefine" in text


def test_the_french_readme_is_set_as_french_is(tmp_path: Path) -> None:
    folder, _ = dump(vault(tmp_path / "vault", {"herbier.toml": FRENCH, "a.md": "Texte."}))
    prose = re.sub(r"`[^`]*`", "`", (folder / "README.md").read_text("utf-8"))
    assert "’" in prose
    assert re.findall(r".{0,9}'.{0,9}", prose) == []
    assert re.findall(r".{0,9}[ \n][:;!?»].{0,9}", prose) == []
    assert re.findall(r".{0,9}«(?!\u202f).{0,9}", prose) == []
    assert '"' not in prose


# --- what is written, and what is not ---------------------------------------------------------------------------------

CHOICES = {
    ("--type", "personne"): {"ada-lovelace"},
    ("--type", "organisation de recherche", "--type", "ville"): {"londres", "mila"},
    ("--tag", "calcul"): {"ada-lovelace"},
    ("--tag", "#Lieu", "--tag", "calcul/histoire"): {"ada-lovelace", "londres"},
    ("--unmatched",): {"livre", "mila", "modeles"},
    ("--unmatched", "--type", "concept"): {"modeles"},
    ("--tag", "absente"): set[str](),
}


@pytest.mark.parametrize("words", CHOICES, ids=" ".join)
def test_a_choice_of_things(words: tuple[str, ...], tmp_path: Path) -> None:
    folder, ran = dump(vault(tmp_path / "vault", NOTES), *words)
    assert ran.code == 0
    assert set(table(folder)) == CHOICES[words]
    count = len(CHOICES[words])
    assert f"\n{count} {'thing' if count == 1 else 'things'}, " in ran.err


REFUSED = [
    ("--profile", "wikidata", "--type", "personnne"),
    ("--profile", "wikidata", "--format", "ttl"),
    ("--type", "personne"),
    ("--tag", "x"),
    ("--unmatched",),
]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_does_not_go_together_is_refused_in_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    root = vault(tmp_path / "vault", NOTES)
    ran = run("build", root, "-o", tmp_path / "out", *words)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_or_cannot_be_is_refused(tmp_path: Path) -> None:
    root = vault(tmp_path / "vault", NOTES)
    for place in ("-", root / "Ada.md", root / "Ada.md" / "out"):
        ran = run("build", root, "-o", place, "--profile", "wikidata")
        assert ran.code == 2
        assert len(ran.err.splitlines()) == 1


def test_the_same_vault_gives_the_same_bytes_from_any_number_of_processes(tmp_path: Path) -> None:
    many = {f"n{number}.md": note("type: personne", f"wikidata: Q{number + 1}") for number in range(120)}
    root = vault(tmp_path / "vault", {**many, **NOTES})
    outs: list[Mapping[str, bytes]] = []
    for jobs in ("1", "2", "1"):
        done = spawn("build", root, "-o", tmp_path / jobs, "--profile", "wikidata", "--jobs", jobs)
        assert done.returncode == 0, done.stderr
        outs.append({file.name: file.read_bytes() for file in (tmp_path / jobs).iterdir()})
    assert outs[0] == outs[1] == outs[2]
    assert sorted(outs[0]) == sorted(FILES)  # and no part of a file is left
    rows = list(csv.DictReader(io.StringIO(outs[0]["things.csv"].decode(), newline="")))
    assert len(rows) == 126


def test_nothing_private_is_in_any_file(out: Path) -> None:
    for file in out.iterdir():
        text = file.read_text("utf-8")
        assert not re.search(r"(?i)journal\b|\bQ1\b|1900", text), file.name


BAD = {
    "orcid.md": note("type: personne", "orcid: 0000-0002-1825-0098"),
    "numéro.md": note("type: personne", "wikidata: Turing"),
    "date.md": note("type: personne", "naissance: jadis"),
    "un.md": note("wikidata: Q42"),
    "deux.md": note("wikidata: Q42"),
}


def test_what_is_wrong_is_told_by_file_and_line_and_the_rest_is_written(tmp_path: Path) -> None:
    folder, ran = dump(vault(tmp_path / "vault", {"herbier.toml": SETTINGS, **BAD}))
    assert ran.code == 0  # nothing is lost: what cannot be used is kept in the data as it stands
    for place in ("orcid.md:3:8", "numéro.md:3:11", "date.md:3:12", "un.md:2:11", "deux.md:2:11"):
        assert f"{place}: warning: " in ran.err
    rows = table(folder)
    assert {slug: rows[slug]["item"] for slug in rows} == {
        "date": "",
        "deux": "Q42",
        "numero": "",
        "orcid": "",
        "un": "Q42",
    }
    assert rows["orcid"]["orcid"] == rows["date"]["born"] == ""


def test_a_file_that_cannot_be_read_is_an_error_and_the_rest_is_written(tmp_path: Path) -> None:
    folder, ran = dump(vault(tmp_path / "vault", {**NOTES, "binaire.md": b"\0\1\2\0"}))
    assert ran.code == 1
    assert len(table(folder)) == 6


def test_included_data_on_a_thing_is_said_of_it(tmp_path: Path) -> None:
    ada = f"<{BASE}id/ada-lovelace>"
    more = f"""{ada} <{SCHEMA}foundingDate> "1850"^^<http://www.w3.org/2001/XMLSchema#gYear> .
{ada} <{SCHEMA}name> "Ada, Countess of Lovelace"@en .
{ada} <{SCHEMA}name> "Une autre Ada"@fr .
"""
    files = {**NOTES, "herbier.toml": f'{SETTINGS}include = ["plus.nt"]\n', "plus.nt": more}
    folder, ran = dump(vault(tmp_path / "vault", files))
    assert ran.code == 0
    row = table(folder)["ada-lovelace"]
    assert (row["inception"], row["label_en"]) == ("1850", "Ada, Countess of Lovelace")
    # a language has one label, and what else it is called is an alias
    assert (row["label_fr"], row["aliases"].split("|")[0]) == ("Ada Lovelace", "Une autre Ada")
    graph = Graph().parse(folder / "things.ttl")
    labels = list(graph.objects(URIRef(f"{BASE}id/ada-lovelace"), SKOS.prefLabel))
    assert len(labels) == len({label.language for label in labels if isinstance(label, Literal)}) == 2


def test_the_sample_vault_gives_all_its_things(tmp_path: Path) -> None:
    ran = run("build", ROOT / "seeds", "-o", tmp_path / "out", "--profile", "wikidata")
    assert ran.code == 0
    rows = table(tmp_path / "out")
    assert len(rows) > 30
    assert rows["alan-turing"]["item"] == "Q7251"


def test_what_a_role_leads_to_is_a_value_of_the_column(tmp_path: Path) -> None:
    missions = "missions:\n- {start: 1982, employer: '[[Mila]]'}\n- {start: 1990, employer: Google}"
    files = {"Ada.md": note("type: personne", missions), "Mila.md": "", "herbier.toml": SETTINGS}
    folder, _ = dump(vault(tmp_path / "vault", files))
    assert table(folder)["ada"]["employer"] == "Mila|Google"
