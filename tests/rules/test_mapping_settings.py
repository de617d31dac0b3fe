"""Languages, and what a vault says of its mapping and in its settings."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, facts, spawn, values, vault
from tests.mapping.test_mapping import lay

# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "front", "settings", "language"),
    [
        ("a.md", "lang: es", FRENCH, "es"),
        ("a.md", "langue: Anglais", FRENCH, "en"),
        ("a.md", "inLanguage: fr_CA", "", "fr-ca"),
        ("a.md", "lang: sr-Latn-RS-ekavsk", FRENCH, "sr-latn-rs-ekavsk"),
        ("a.md", "lang: fr-une-langue-trop-longue", FRENCH, "fr"),
        ("a.md", "lang: en", 'language = "fr-CA-latn"\n', "en"),
        ("en/a.md", "", FRENCH, "en"),
        ("x/EN/y/a.md", "", FRENCH, "en"),
        ("it/a.md", "", FRENCH, "fr"),
        ("en/a.md", "lang: de", FRENCH, "de"),
        ("anglais/a.md", "", f'{FRENCH}[languages]\nanglais = "en"\n', "en"),
        ("x/anglais/a.md", "", f'{FRENCH}[languages]\n"x/anglais" = "en"\n', "en"),
        ("x/anglais/y/a.md", "", f'{FRENCH}[languages]\nanglais = "en"\n', "en"),
        ("x/anglais/a.md", "", f'{FRENCH}[languages]\nx = "de"\nanglais = "en"\n', "en"),
        ("a.md", "", FRENCH, "fr"),
    ],
)
def test_language(path: str, front: str, settings: str, language: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {path: f"---\ntitle: A\n{front}\n---\n", "herbier.toml": settings})
    assert values(root, "id/a", "schema:name") == {f'"A"@{language}'}
    assert values(root, "doc/a", "dcterms:language") == {f'"{language}"'}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le réseau de neurones apprend à reconnaître les images que nous lui montrons chaque jour.", "fr"),
        ("The neural network learns to recognise the images that we show to it every single day.", "en"),
        ("x", ""),
        ("1 2 3", ""),
    ],
)
def test_language_of_a_text_where_nothing_states_it(text: str, language: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": text})
    assert values(root, "doc/a", "dcterms:language") == ({f'"{language}"'} if language else set())


def test_a_folder_of_settings_is_compared_under_nfc(tmp_path: Path) -> None:
    root = vault(tmp_path, {"e\u0301tranger/a.md": "", "herbier.toml": f'{FRENCH}[languages]\n"étranger" = "en"\n'})
    assert values(root, "doc/a", "dcterms:language") == {'"en"'}


# --- mapping of the vault -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ("keys:\n  k: {thing: [xyz:k]}\n", "neither a CURIE"),
        ("keys:\n  k: {thing: [schema:k], value: entier}\n", "unknown value 'entier'"),
        ("keys:\n  k: {thing: [schema:k], role: rien}\n", "unknown role"),
        ("keys:\n  k: {chose: [schema:k]}\n", "unknown field 'chose'"),
        ("keys:\n  k: schema:k\n", "a mapping"),
        ("keys:\n  k: {thing: [schema:k], types: [rien]}\n", "unknown type 'rien'"),
        ("relations:\n  k: {thing: [schema:k], inverse: rien}\n", "'rien' is no relation"),
        ("headings:\n  k: {states: rien}\n", "unknown states"),
        ("headings:\n  k: {states: relation, relation: rien}\n", "is no relation"),
        ("titles:\n  k: {pattern: '('}\n", "not a regular expression"),
        ("titles:\n  k: {pattern: 'x'}\n", "short"),
        ("model:\n  rien: [schema:k]\n", "unknown row 'rien'"),
        ("rien:\n  k: v\n", "unknown table 'rien'"),
        ("- a\n", "holds none of"),
        ("keys: [\n", "not valid YAML"),
        ("keys:\n  k: {thing: ['https://x.example/2024']}\n", "does not end in a name"),
    ],
)
def test_what_cannot_be_used_of_a_mapping_is_told_with_its_line(mapping: str, problem: str, tmp_path: Path) -> None:
    root = lay(tmp_path, "title: A", "", {"mapping/mien.yaml": mapping})
    found = [p for p in build_notes(root).problems if p.code == "bad-mapping"]
    assert found
    assert any(problem in p.message for p in found), found
    assert all((p.path, p.severity) == ("mapping/mien.yaml", "error") and p.line >= 1 for p in found)
    assert values(root, "id/a", "schema:name") == {'"A"@fr'}


def test_the_values_of_a_key_whose_row_cannot_be_used_are_kept(tmp_path: Path) -> None:
    """The row is left out; its key is then one that no rule knows, and is kept with its value."""
    root = lay(tmp_path, "mauvais: Zyxomma", "", {"mapping/mien.yaml": "keys:\n  mauvais: {thing: [xyz:k]}\n"})
    assert values(root, "id/a", "key/mauvais") == {'"Zyxomma"@fr'}


def test_a_vault_can_give_a_title_pattern_and_a_type(tmp_path: Path) -> None:
    mapping = "titles:\n  deux: {pattern: '^(?P<short>.+) \\| (?P<long>.+)$'}\n"
    mapping += "types:\n  navire: {classes: [schema:Vehicle], names: [bateau]}\n"
    root = lay(tmp_path, "title: Un | Deux\nslug: a\ntype: bateaux\nclasse: Bateau", "", {"mapping/m.yml": mapping})
    assert values(root, "id/a", "schema:alternateName") == {'"Un"@fr', '"Deux"@fr'}
    assert "schema:Vehicle" in values(root, "id/a", "rdf:type")


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "code", "line"),
    [
        ('base = "exemple"\n', "bad-setting", 1),
        ('base = "https://x.example/#a"\n', "bad-setting", 1),
        ('base = "https://x.example/%zz/"\n', "bad-setting", 1),
        ('base = "https://x.example:8a/"\n', "bad-setting", 1),
        ('base = "http://[x/"\n', "bad-setting", 1),
        ('[mapping.prefixes]\nx = "https://x.example/%zz#"\n', "bad-mapping", 2),
        ("# remarque\ntitle = 12\n", "bad-setting", 2),
        ('language = "français"\n', "bad-setting", 1),
        ('include = "a.ttl"\n', "bad-setting", 1),
        ("titel = 'x'\n", "unknown-setting", 1),
        ("[limits]\nfile_size = 'grand'\n", "bad-setting", None),
        ("[limits]\nfile_sise = 3\n", "unknown-setting", None),
        ("limits = 3\n", "bad-setting", 1),
        ("title = \n", "bad-setting", 1),
        ('a = "b"\ntitle = "x\n', "bad-setting", 2),
    ],
)
def test_settings_that_cannot_be_used_are_told(settings: str, code: str, line: int | None, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "x", "herbier.toml": settings})
    (found,) = build_notes(root).problems
    assert (found.path, found.code) == ("herbier.toml", code)
    assert found.line >= 1
    assert line is None or found.line == line
    assert build_notes(root).counts.published == 1


@pytest.mark.parametrize(
    ("mapping", "line"),
    [
        ('[mapping.keys.a]\nthing = ["schema:name"]\n[mapping.keys.b]\nvalue = "text"\n', 4),
        ('[mapping.keys.b]\nvalue = "text"\n', 2),
        ('[mapping.keys]\na = {thing = ["schema:name"]}\nb = {value = "text"}\n', 4),
        ('[mapping]\nkeys = {b = {value = "text"}}\n', 3),
        ('[mapping.types.b]\nclasses = ["schema:Thing"]\n[mapping.keys."b"]\nvalue = "text"\n', 4),
        ('[mapping.kees.b]\nvalue = "text"\n', 2),
    ],
)
def test_a_row_of_the_settings_that_cannot_be_used_is_told_with_its_line(
    mapping: str, line: int, tmp_path: Path
) -> None:
    root = vault(tmp_path, {"a.md": "x", "herbier.toml": FRENCH + mapping})
    (found,) = build_notes(root).problems
    assert (found.path, found.line, found.code) == ("herbier.toml", line, "bad-mapping")


TOO_DEEP = {
    "herbier.toml": f"x = {'[' * 900}{']' * 900}\n",
    "mapping/keys.yaml": f"keys:\n  a: {'[' * 100_000}{']' * 100_000}\n",
    "x.jsonld": '{"@id": "http://e.example/x", "http://e.example/p":' * 20_000 + "1" + "}" * 20_000,
}


@pytest.mark.parametrize(("path", "code"), [*zip(TOO_DEEP, ["bad-setting", "bad-mapping", "bad-include"], strict=True)])
def test_what_is_nested_too_deep_is_told(path: str, code: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "x", "herbier.toml": 'include = ["x.jsonld"]\n', "x.jsonld": "{}"})
    vault(tmp_path, {path: TOO_DEEP[path]})
    done = spawn("build", root, "-o", tmp_path / "out.nq")  # in a process of its own, which a fault would end
    assert done.returncode == 1
    (told,) = [line for line in done.stderr.decode().splitlines() if "error" in line]
    assert told.startswith(path)
    assert told.endswith(f"it is nested too deep [{code}]")


@pytest.mark.parametrize("path", ["absent.ttl", "../dehors.ttl", "/etc/hostname", "a.md", "lien.ttl", "dossier.ttl"])
def test_what_cannot_be_included_is_told(path: str, tmp_path: Path) -> None:
    (tmp_path / "dehors.ttl").write_text("<a:b> <a:c> 'dehors' .")
    root = vault(tmp_path / "coffre", {"a.md": "x", "herbier.toml": f"include = ['{path}']\n", "dossier.ttl/x": "x"})
    (root / "lien.ttl").symlink_to(tmp_path / "dehors.ttl")
    pressed = build_notes(root)
    assert pressed.codes == ["bad-include"]
    assert b"dehors" not in pressed.data


@pytest.mark.parametrize("path", ["plus.ttl", "./plus.ttl", "x/../plus.ttl"])
def test_an_included_file_is_published_and_counted_once(path: str, tmp_path: Path) -> None:
    root = vault(
        tmp_path,
        {"a.md": "x", "x/b.md": "", "plus.ttl": "<a:b> <a:c> 'plus' .", "herbier.toml": f"include = ['{path}']\n"},
    )
    pressed = build_notes(root)
    assert b'"plus"' in pressed.data
    assert pressed.counts.published == 3
    assert set(pressed.counts.listed) == {"herbier.toml"}


def test_included_blank_nodes_are_iris_that_last(tmp_path: Path) -> None:
    turtle = (
        "@prefix s: <https://schema.org/> .\n<a:b> s:address [ s:name 'x' ; s:geo [ s:name 'y' ] ] . _:z s:name 'z' .\n"
    )
    root = vault(tmp_path, {"plus.ttl": turtle, "herbier.toml": "include = ['plus.ttl']\n"})
    assert b"_:" not in build_notes(root).data
    assert build_notes(root).data == build_notes(root).data
    assert len({fact.split()[0] for fact in facts(root) if "genid" in fact.split()[0]}) == 3


def test_a_setting_that_cannot_be_used_is_told_with_its_line(tmp_path: Path) -> None:
    settings = (
        'language = "fr"\ninclude = [\n  "données/absentes.ttl",\n  "tableau.xls",\n]\n\n'
        "[limits]\nfile_size = 0\nautre = 1\n"
    )
    pressed = build_notes(vault(tmp_path, {"herbier.toml": settings, "a.md": "A", "tableau.xls": "x"}))
    told = [place.partition(": ") for place in pressed.places]
    assert [(place, code) for place, _, code in told] == [
        ("herbier.toml:3:1", "error bad-include"),
        ("herbier.toml:4:1", "error bad-include"),
        ("herbier.toml:8:1", "error bad-setting"),
        ("herbier.toml:9:1", "warning unknown-setting"),
    ]
