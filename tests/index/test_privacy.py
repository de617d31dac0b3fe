"""Privacy fails closed: whatever becomes of a head, its text is kept back or the keeper hears of it."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conftest import FRENCH, Files, build_notes, vault

from herbier.rules.rule_files import load_rules

CANARY = "Zyxomma"
HIDING = [
    "private: true",
    "draft: true",
    "publish: false",
    "statut: brouillon",
    "visibility: private",
    "dg-publish: false",
]
TABLE = load_rules().privacy


def kept(root: Path) -> bool:
    """Return whether the canary is in no output, and its note counts as private."""
    pressed = build_notes(root)
    return CANARY.encode() not in pressed.data and pressed.counts.private == 1


HEADS = {
    "four dashes": "----\n{key}\n----\n",
    "many dashes": "-----------\n{key}\n-----------\n",
    "a long dash and a short one": "—-\n{key}\n—-\n",
    "long dashes": "———\n{key}\n———\n",
    "half-long dashes": "–––\n{key}\n---\n",
    "one long dash": "—\n{key}\n—\n",
    "two dashes": "--\n{key}\n--\n",
    "a second head": "---\ntitle: a\n---\n---\n{key}\n---\n",
    "a second head after a blank line": "---\ntitle: a\n---\n\n---\n{key}\n---\n",
    "a head after an empty one": "---\n---\n{key}\n---\n",
    "a second head in TOML": "---\ntitle: a\n---\n+++\n{toml}\n+++\n",
    "a comment before": "<!-- avant -->\n---\n{key}\n---\n",
    "a comment of Obsidian's before": "%% avant %%\n---\n{key}\n---\n",
    "a title block before": "% Titre\n% Nom\n\n---\n{key}\n---\n",
    "a heading before": "# Titre\n\n---\n{key}\n---\n",
    "text before": "Du texte.\n\n---\n{key}\n---\n",
    "what cannot be seen before": "\u200b---\n{key}\n---\n",
    "two marks of byte order": "\ufeff\ufeff---\n{key}\n---\n",
    "what cannot be seen in the fence": "-\u200b--\n{key}\n---\n",
    "yaml by name": "---yaml\n{key}\n---\n",
    "yaml by name, apart": "--- yaml\n{key}\n---\n",
    "toml by name": "---toml\n{toml}\n---\n",
    "json by name": '---json\n{{"{name}": "{answer}"}}\n---\n',
    "semicolons": ';;;\n"{name}": "{answer}"\n;;;\n',
    "semicolons and braces": ';;;\n{{"{name}": "{answer}"}}\n;;;\n',
    "TOML between dashes": "---\n{toml}\n---\n",
    "YAML between pluses": "+++\n{key}\n+++\n",
    "many pluses": "+++++\n{toml}\n+++++\n",
    "no opening fence": "title: a\n{key}\n---\n",
    "no opening fence and one key": "{key}\n---\n",
    "no fence": "Title: a\n{key}\n\n",
    "no fence and no blank line": "title: a\n{key}\n",
    "no closing fence": "---\ntitle: a\n{key}\n\n",
    "a closing fence of other dashes": "---\n{key}\n——\n",
    "indented": "  ---\n  {key}\n  ---\n",
    "quoted": "> ---\n> {key}\n> ---\n",
    "stars": "***\n{key}\n***\n",
    "stars and blanks": "* * *\n{key}\n* * *\n",
    "equals signs": "===\n{key}\n===\n",
    "equals signs and a name": "= yaml =\n{key}\n= yaml =\n",
    "quotes": '"""\n{key}\n"""\n',
    "code": "```yaml\n{key}\n```\n",
    "in a comment": "<!--\n---\n{key}\n---\n-->\n",
    "in a comment, as Nikola has it": "<!--\n.. title: a\n.. {key}\n-->\n",
    "as Org has it": "#+TITLE: a\n#+{key}\n\n",
    "as AsciiDoc has it": "= Titre\n:{key}\n\n",
    "a remark behind the fence": "--- # remarque\n{key}\n---\n",
    "braces without quotes": "{{{key}}}\n",
    "an item": "---\n- {key}\n---\n",
    "nested": "---\nmeta: {{{key}}}\n---\n",
    "nested in lists": "---\nextra:\n- page:\n    {key}\n---\n",
    "a table of TOML": "+++\ntitle = 'a'\n[extra]\n{toml}\n+++\n",
    "after what is no YAML": "---\ntitle: 'a\n{key}\n---\n",
    "after an open list": "---\ntags: [a\n{key}\n---\n",
    "after a text of several lines": "---\ntext: |\n  a\n{key}\n---\n",
    "before a conflict": "---\n<<<<<<< HEAD\n{key}\n=======\ntitle: b\n>>>>>>> b\n---\n",
}


@pytest.mark.parametrize("key", HIDING)
@pytest.mark.parametrize("head", HEADS)
def test_a_head_in_any_form_keeps_its_note_back(head: str, key: str, tmp_path: Path) -> None:
    name, answer = key.split(": ")
    toml = f"{name} = {answer if answer in ('true', 'false') else repr(answer)}"
    text = HEADS[head].format(key=key, name=name, answer=answer, toml=toml)
    assert kept(vault(tmp_path, {"a.md": f"{text}{CANARY}\n"}))


WAYS: dict[str, Files] = {
    "a level of a tag": {"a.md": f"---\ntags: [private/journal]\n---\n{CANARY}\n"},
    "a tag in the text": {"a.md": f"{CANARY} #brouillon/idées\n"},
    "tags parted by blanks": {"a.md": f"---\ntags: journal private\n---\n{CANARY}\n"},
    "a word of a folder": {"00 Notes privées/a.md": CANARY},
    "a folder and a year": {"Brouillons 2024/a.md": CANARY},
    "what stands in brackets in a name": {"Une idée (brouillon).md": CANARY},
    "the first part of a name": {"private.idée.md": CANARY},
    "a bold key": {"a.md": f"**private**: true\n\n{CANARY}\n"},
    "a key in a list": {"a.md": f"- **Statut** : brouillon\n\n{CANARY}\n"},
    "a numbered key": {"a.md": f"1. private: true\n\n{CANARY}\n"},
    "a symbol before the key": {"a.md": f"🔒 private: true\n\n{CANARY}\n"},
    "an invisible mark before the key": {"a.md": f"\u2060private: true\n\n{CANARY}\n"},
    "a wide colon": {"a.md": f"private：true\n\n{CANARY}\n"},
    "a second key on the line": {"a.md": f"Auteur : x | Statut : brouillon\n\n{CANARY}\n"},
    "a row of a table": {"a.md": f"| clé | valeur |\n|---|---|\n| private | true |\n\n{CANARY}\n"},
    "a comment of Obsidian's": {"a.md": f"%% private: true %%\n\n{CANARY}\n"},
    "a comment of HTML": {"a.md": f"<!-- private: true -->\n\n{CANARY}\n"},
    "a comment of Markdown": {"a.md": f"[//]: # (private: true)\n\n{CANARY}\n"},
    "a module of MDX": {"a.md": f"export const meta = {{private: true}}\n\n{CANARY}\n"},
    "after many blank lines": {"a.md": "\n" * 60 + f"Texte.\n\nprivate: true\n\n{CANARY}\n"},
    "a word alone": {"a.md": f"# CONFIDENTIEL\n\n{CANARY}\n"},
    "words alone": {"a.md": f"**Ne pas publier**\n\n{CANARY}\n"},
    "an empty list": {"a.md": f"---\npublish: []\n---\n{CANARY}\n"},
    "a status with keys": {"a.md": f"---\nstatus: {{name: draft}}\n---\n{CANARY}\n"},
    "a status in several words": {"a.md": f"---\nstatut: Confidentiel (projet de texte)\n---\n{CANARY}\n"},
    "robots": {"a.md": f"---\nrobots: NOINDEX, nofollow\n---\n{CANARY}\n"},
}


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_to_say_it(way: str, tmp_path: Path) -> None:
    assert kept(vault(tmp_path, WAYS[way]))


BREAKS: list[tuple[str, str]] = [
    ("dashes", "---"), ("mdash", "—"), ("blank", " "), ("no-break", "\u00a0"), ("hidden", "\u200b"), ("bom", "\ufeff"),
    ("quote", "'"), ("double", '"'), ("tab", "\t"), ("line", "\n"), ("hash", "#"), ("colon", ":"), ("equals", "="),
    ("bracket", "["), ("brace", "{"), ("item", "- "), ("comment", "<!-- -->"), ("percent", "%%"), ("star", "*"),
    ("bang", "!"), ("amp", "&a "), ("merge", "<<: *a\n"), ("wide", "："),
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a note with a key of privacy and the canary, whose head was damaged in some places."""
    key = draw(st.sampled_from(HIDING))
    keys = draw(st.permutations([key, "title: Un titre", "tags: [un, deux]", "auteur: 'Ada'"]))
    keys = [*keys, *draw(st.lists(st.sampled_from([key, "title: Autre"]), max_size=1))]
    fence = draw(st.sampled_from(["---", "----", "+++", "—-", "---yaml", ""]))
    head = "\n".join([fence, *keys, fence])
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(head)))
        if draw(st.booleans()):
            head = head[:place] + draw(st.sampled_from(BREAKS))[1] + head[place:]
        else:
            head = head[:place] + head[place + draw(st.integers(1, 2)) :]
    assume(re.search(rf"(?<!\w){key.partition(':')[0]}(?!\w)", head))  # else nothing says any more that it is private
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return f"{head}\n\n{CANARY} dit ceci.\n".encode(encoding, "ignore")


@settings(max_examples=1500)
@given(note=mutated())
def test_a_damaged_head_publishes_nothing_unheard(note: bytes, tmp_path: Path) -> None:
    """The canary is in no output, or something is reported of the note, or no word of privacy is left in it."""
    pressed = build_notes(vault(tmp_path, {"a.md": note, "herbier.toml": FRENCH}))
    assert CANARY.encode() not in pressed.data or [problem for problem in pressed.problems if problem.path == "a.md"]


@pytest.mark.parametrize(
    "head",
    [
        "---\nstatus: in progress\n---\n",
        "---\nstatut: en cours\n---\n",
        "---\nstatus: evergreen\n---\n",
        "---\npublished: 1845\n---\n",
        "---\npublished:\n---\n",
        "---\nnav_exclude: true\n---\n",
        "- Password: dans le coffre\n\n",
        "tags:: a\n- # Titre\n\t- corps\n\t  ```py\n\t  title = 1\n\t  draft = true\n\t  ```\n\n",
        "Voici :\n\n{{< code-toggle >}}\ndraft = true\n{{< /code-toggle >}}\n\n",
        "La mention privée : elle se garde.\n\n",
        "---\npublisher: Dunod\n---\n",
        "---\npublication: Nature\n---\n",
        "---\nshare: 3\n---\n",
        "---\nvisibility: public\n---\n",
        "---\naccess: open\n---\n",
        "---\ndraft: false\nprivate: non\npublish: true\n---\n",
        "---\npassword: ''\n---\n",
        "---\nhide: [navigation, toc]\n---\n",
        "---\nmissions: [{status: draft}]\n---\n",
        "---\ntags: [private-tutoring, tirage privé 2]\n---\n",
        "Note : une chose\n---\n\n",
        "---\n\nDu texte.\n\n---\n\n",
        "Un mot sur `private: true`, qui retient une note.\n\n",
        "Voici comment :\n\n```yaml\ndraft: true\n```\n\n",
        "Alice: bonjour\nBob: bonjour\n\n",
        "Date : 3 mai\nLieu : Paris\n\n",
    ],
)
def test_what_only_resembles_it_is_published(head: str, tmp_path: Path) -> None:
    assert build_notes(vault(tmp_path, {"a.md": f"{head}{CANARY}\n"})).counts.published == 1


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("---\nvisibility: voisins\n---\n", "kept-back"),
        ("---\nprivate:\n---\n", "kept-back"),
        ("---\nstatus: wip\n---\n", "kept-back"),
        ("---\ntags: [brouillon]\n---\n", "kept-back"),
        ("---\npirvate: true\n---\n", "kept-back"),
        ("Du texte.\n\nprivate: true\n", "unread-front-matter"),
        ("----\ntitle: a\n----\n", "odd-front-matter"),
        ("-----\ntitle: a\ntexte\n-----\n", "unread-front-matter"),
    ],
)
def test_what_is_guessed_is_reported(note: str, code: str, tmp_path: Path) -> None:
    assert build_notes(vault(tmp_path, {"a.md": note, "herbier.toml": FRENCH})).codes.count(code) == 1


@pytest.mark.parametrize(
    "note",
    ["- # T\n\t- Zyxun\n\t  ~~~sh\n\t  a=1\n\t  ~~~\n- Zyxdeux\n",
     "tags:: a\n- # T\n\t- Zyxun\n\t  ```py\n\t  title = 1\n\t  b: 2\n\t  ```\n- Zyxdeux\n",
     "- Zyxun\n---\n- Zyxdeux\n"],
)  # fmt: skip
def test_lists_are_no_heads(note: str, tmp_path: Path) -> None:
    data = build_notes(vault(tmp_path, {"a.md": note})).data
    assert b"Zyxun" in data and b"Zyxdeux" in data


def test_what_looks_like_a_head_is_no_text(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "-----\ntitle: Zyxun\ndu texte Zyxdeux\n-----\nLa suite.\n"})
    data = build_notes(root).data
    assert b"La suite." in data
    assert b"Zyxun" not in data and b"Zyxdeux" not in data


@pytest.mark.parametrize("front", ["accès: '[[Le hall]]'", "tags: [brouillon]", "draft:"])
def test_a_word_that_means_something_else_is_taken_away(front: str, tmp_path: Path) -> None:
    settings = f'{FRENCH}[privacy]\nharmless = ["Accès", "brouillon", "draft"]\n'
    root = vault(tmp_path, {"a.md": f"---\n{front}\n---\n", "herbier.toml": settings})
    assert build_notes(root).counts.published == 1


def test_a_vault_adds_words_and_takes_none_away(tmp_path: Path) -> None:
    settings = (
        f"{FRENCH}[mapping.privacy.own]\nkeys = ['chuchoter']\nhides = ['yes']\n"
        "[mapping.privacy.private]\nkeys = ['x']\n"
        "[mapping.keys.private]\nnames = ['private']\nthing = ['schema:name']\n"
    )
    files = {"a.md": "---\nchuchoter: oui\n---\n", "b.md": "---\nprivate: true\n---\n", "herbier.toml": settings}
    pressed = build_notes(vault(tmp_path, files))
    assert pressed.counts.private == 2
    assert "bad-mapping" in pressed.codes


@pytest.mark.parametrize("folder", ["Private", "privé", "_drafts", "a/Brouillons/b"])
def test_a_folder_that_says_so_keeps_its_notes_back(folder: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {f"{folder}/a.md": CANARY, "b.md": "[[a]]"})
    assert CANARY.encode() not in build_notes(root).data
    assert build_notes(root).codes.count("kept-back") == 1


# --- what is not notes ------------------------------------------------------------------------------------------------


def repository(folder: Path, files: Files) -> Path:
    root = vault(folder, files)
    subprocess.run(["git", "init", "--quiet", str(root)], check=True, capture_output=True)
    return root


CODE: Files = {
    "a.md": "[[secret]]",
    "node_modules/x/README.md": CANARY,
    "env/pyvenv.cfg": "",
    "env/lib/b.md": CANARY,
    "sub/.gitignore": "c.md\n!d.md\n",
    "sub/c.md": CANARY,
    ".gitignore": "perso/\n*.tmp.md\nd.md\n",
    "perso/secret.md": CANARY,
    "x.tmp.md": CANARY,
    "sub/d.md": "Bien public.",
    "d.md": CANARY,
}


def test_what_git_ignores_and_programs_are_not_published(tmp_path: Path) -> None:
    pressed = build_notes(repository(tmp_path, CODE))
    assert CANARY.encode() not in pressed.data
    assert b"id/secret" not in pressed.data  # nor is its name
    assert b"Bien public." in pressed.data
    assert pressed.counts.listed["node_modules/"] == pressed.counts.listed["env/"]
    assert pressed.counts.private == 4


def test_without_a_repository_git_ignores_nothing(tmp_path: Path) -> None:
    assert build_notes(vault(tmp_path, CODE)).counts.private == 0


def test_a_vault_in_a_repository_heeds_what_stands_above_it(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitignore": "*.tmp.md\nnotes/perso/\n", "notes/perso/a.md": CANARY,
                                 "notes/b.tmp.md": CANARY, "notes/c.md": ""})  # fmt: skip
    assert build_notes(root / "notes").counts.private == 2


def test_a_vault_that_git_ignores_as_a_whole_is_read(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitignore": "notes/\n", "notes/a.md": CANARY})
    assert build_notes(root / "notes").counts.published == 1


def test_settings_bring_it_back(tmp_path: Path) -> None:
    files = {**CODE, "herbier.toml": '[files]\ngitignore = false\nread = ["node_modules/x/"]\n'}
    pressed = build_notes(repository(tmp_path, files))
    assert pressed.counts.private == 0
    assert b"doc/readme" in pressed.data
    files["herbier.toml"] = '[files]\nread = ["perso/"]\n'
    assert build_notes(repository(tmp_path / "b", files)).counts.private == 3


def test_an_included_file_is_read_though_git_ignores_it(tmp_path: Path) -> None:
    files = {
        ".gitignore": "données/\n",
        "données/plus.ttl": "<x:a> <x:b> 'Zyxplus' .",
        "herbier.toml": "include = ['données/plus.ttl']\n",
    }
    assert b"Zyxplus" in build_notes(repository(tmp_path, files)).data


def test_the_table_is_not_empty() -> None:
    assert len(TABLE.keys) > 150
    assert TABLE.tags and TABLE.folders


@pytest.mark.parametrize(
    ("key", "back"), [("note publiée", False), ("jamais publiée", True), ("note non publique", True)]
)
def test_a_no_within_a_longer_key_turns_its_answer(key: str, back: bool, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": f"---\n{key}: oui\n---\n{CANARY}\n"})
    assert kept(root) is back


def test_a_comment_before_the_head_may_keep_the_note_back(tmp_path: Path) -> None:
    for number, comment in enumerate(("<!-- private: true -->", "%% private: true %%")):
        files = {"herbier.toml": FRENCH, "a.md": f"{comment}\n---\ntitle: a\n---\n{CANARY}\n"}
        assert kept(vault(tmp_path / str(number), files)), comment
