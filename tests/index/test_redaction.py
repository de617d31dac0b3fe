"""What is private is never published, and neither is its title."""

import json
from pathlib import Path

import pytest
from tests.conftest import FRENCH, Files, build_notes, facts, run, vault

from herbier.rdf.formats import FORMATS

SECRET = "Zyxomma Vert"  # the title of the private note: no other text has it


def lay(folder: Path, note: str, files: Files | None = None) -> Path:
    """Write a vault with a private note and one that names it."""
    secret = f"---\ntitle: {SECRET}\naliases: [Wubbleflux]\nprivate: true\n---\n# Chapitre\n\nquaxolot ^bloc\n"
    return vault(folder, {"p/secret.md": secret, "a.md": note, "b.md": "", "herbier.toml": FRENCH, **(files or {})})


def published(root: Path) -> str:
    """Return the bytes of all formats, as one text without case."""
    return "\n".join(build_notes(root, name).data.decode() for name in FORMATS).casefold()


@pytest.mark.parametrize(
    "front",
    [
        "private: true",
        "private: oui",
        "Private: TRUE",
        "privé: 'true'",
        "confidentiel: 1",
        "draft: true",
        "brouillon: vrai",
        "publish: false",
        "publish: non",
        "publié: 'no'",
        "public: 0",
        "private: [true]",
        "private: peut-être",
        "publish: plus tard",
        "draft: '{{draft}}'",
        "private: {oui: 1}",
        "private:\n  raison: famille",
        "private:\n- raison: famille",
        "draft:\n  oui:",
        "private: true\nprivate: false",
        "publish: true\ndraft: true",
        "private : true",
        "titre: a: b: c\nprivate: true",
        "titre: 'a\nprivate: true",
        "private:true",
        "private: !!bool true",
        "private: &x true",
        "private: TRUE # remarque",
        "tags:\n- x\nprivate:\n- true",
        "base: &x {private: true}\n<<: *x",
        "titre: a\n  private: true",
        "titre: a\n\tdraft: true",
        "private:",
        "draft: null",
        "publish: ''",
        "meta: {private: true}",
        "extra:\n  config:\n    draft: oui",
        "params: [{private: true}]",
        "dg-publish: false",
        "status: draft",
        "statut: Brouillon",
        "état: non publié",
        "visibility: private",
        "visibilité: équipe seulement",
        "access: membres",
        "unlisted: true",
        "isDraft: true",
        "note_private: oui",
        "non publié: oui",
        "Privées: oui",
        "do-not-publish: x",
        "password: abc",
        "embargo: 2999-01-01",
        "privat: true",
        "drfat: true",
        "priv\u200bate: true",
        "private: \u00a0true",
        "private: true.",
        "private：true",
        "p_r_i_v_a_t_e: true",
        "tags: [a, privé]",
        "tags: statut/brouillon",
    ],
)
def test_what_keeps_a_note_back(front: str, tmp_path: Path) -> None:
    """What cannot be understood keeps it back, too: a leak cannot be undone."""
    root = vault(tmp_path, {"a.md": f"---\n{front}\n---\nZyxomma\n"})
    pressed = build_notes(root)
    assert b"Zyxomma" not in pressed.data
    assert pressed.counts.private == 1


@pytest.mark.parametrize(
    "note",
    [
        "private:: true\n\nZyxomma\n",
        "Zyxomma [draft:: oui] ici\n",
        "+++\nprivate = true\n+++\nZyxomma\n",
        '+++\nprivate = "oui"\n+++\nZyxomma\n',
        "+++\ndraft = true\ncassé = \n+++\nZyxomma\n",
        '{"private": true}\nZyxomma\n',
        '{"draft": "oui"}\n\nZyxomma\n',
        '{"draft": true, "cassé": }\n\nZyxomma\n',
        "\ufeff---\r\nprivate: true\r\n---\r\nZyxomma\r\n",
        "---\nprivate: true\nZyxomma\n",
        "---\ntitle: x\n\nprivate: true\n---\nZyxomma\n",
        "---\ntitle: x\n\nprivate: true\n\nZyxomma\n",
        "---\ntitle: x\nprivate: true\n...\nZyxomma\n",
        "\n\n---\nprivate: true\n---\nZyxomma\n",
        "---\n= x =\n<<<<<<< HEAD\nprivate: true\n=======\nprivate: false\n>>>>>>> b\n---\nZyxomma\n",
    ],
)
def test_what_keeps_a_note_back_in_other_forms(note: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": note})
    pressed = build_notes(root)
    assert b"Zyxomma" not in pressed.data
    assert pressed.counts.private == 1


@pytest.mark.parametrize(
    "front",
    [
        "private: false",
        "private: non",
        "draft: no",
        "publish: true",
        "publish: oui",
        "published: 2020",
        "published: 20/03/2020",
    ],
)
def test_what_does_not_keep_a_note_back(front: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"---\n{front}\n---\nZyxomma\n"})
    assert build_notes(root).counts.published == 1


@pytest.mark.parametrize(
    "settings",
    [
        'publish = "market"\n',
        "publish = true\n",
        'publish = ["marked"]\n',
        'publish = "Marked"\n',
        'publish = "marked"\ntitle = "sans fin\n',
        'title = "un"\ntitle = "deux"\npublish = "marked"\n',
        b"publish = 'marked'\n\xff\n",
    ],
)
def test_settings_that_cannot_be_read_do_not_publish_what_they_keep_back(settings: str | bytes, tmp_path: Path) -> None:
    """With publish = "marked" only marked notes are published; a slip in herbier.toml must not publish all others."""
    root = vault(tmp_path, {"a.md": "Zyxomma", "herbier.toml": settings})
    ran = run("build", root, "-o", tmp_path / "out.nt")
    assert ran.code in (1, 2)
    assert "publish" in ran.err or "herbier.toml" in ran.err
    assert ran.code == 2 or "Zyxomma" not in (tmp_path / "out.nt").read_text("utf-8")


# --- its title ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (f"[[{SECRET}]]", "[…]"),
        ("[[secret]]", "[…]"),
        ("[[p/secret]]", "[…]"),
        ("[[secret.md]]", "[…]"),
        ("[[SECRET#Chapitre]]", "[…]"),
        ("[[secret#^bloc]]", "[…]"),
        ("[[Wubbleflux]]", "[…]"),
        ("[[secret|un autre texte]]", "un autre texte"),
        (f"[[secret|{SECRET}]]", "[…]"),
        ("[[secret|wubbleflux]]", "[…]"),
        ("[un autre texte](p/secret.md)", "un autre texte"),
        (f"[{SECRET}](p/secret.md)", "[…]"),
        ("[un **autre** texte](p/secret.md#Chapitre)", "un autre texte"),
        ("*[[secret]]*", "[…]"),
        ("![[secret]]", "[…]"),
        ("[[secret]][[b]]", "[…]b"),
    ],
)
def test_the_text_of_a_link_to_a_private_note(link: str, text: str, tmp_path: Path) -> None:
    """A link to a private note gives no triple, and its text is the alias, or […] where the alias is itself private."""
    root = lay(tmp_path, f"{link}\n")
    assert f'doc/a schema:text "{text}"@fr' in facts(root)
    references = {fact for fact in facts(root) if fact.startswith("doc/a dcterms:references")}
    assert references == ({"doc/a dcterms:references doc/b"} if "[[b]]" in link else set())


WAYS = {
    "title": f"---\ntitle: 'Sur [[{SECRET}]]'\n---\n",
    "title with an alias": "---\ntitle: 'Sur [[secret|Wubbleflux]]'\n---\n",
    "alias": f"---\naliases: ['Sur [[{SECRET}]]', '[[Wubbleflux]]']\n---\n",
    "slug": f"---\nslug: '[[{SECRET}]]'\n---\n",
    "reference by slug": "---\nisPartOf: zyxomma-vert\n---\n",
    "employer by slug": "---\nemployeur: zyxomma-vert\n---\n",
    "unknown key by slug": "---\ninconnue: zyxomma-vert\n---\n",
    "link by slug": "[[zyxomma-vert]]\n",
    "reference by title": f"---\nisPartOf: {SECRET}\n---\n",
    "reference by alias": "---\nsource: Wubbleflux\n---\n",
    "text": f"---\ndescription: 'Sur [[{SECRET}]]'\n---\n",
    "markdown link in a text": "---\ndescription: 'Sur [Wubbleflux](p/secret.md)'\n---\n",
    "tags": f"---\ntags: ['[[{SECRET}]]']\n---\n",
    "type": f"---\ntype: '[[{SECRET}]]'\n---\n",
    "words beside a link": f"---\nemployeur: 'avec [[b]] et [[{SECRET}]]'\n---\n",
    "unknown key": f"---\ninconnue: 'avec [[b]] et [[{SECRET}]]'\n---\n",
    "unquoted": f"---\ninconnue: [[{SECRET}]]\n---\n",
    "nested": f"---\nmissions: [{{employer: '[[{SECRET}]]', inconnue: 'x [[Wubbleflux]] y'}}]\n---\n",
    "bad date": f"---\ncreated: '[[{SECRET}]]'\n---\n",
    "bad number": f"---\neffectif: '5 [[{SECRET}]]'\n---\n",
    "string": f"---\nidentifiant: '[[{SECRET}]]'\n---\n",
    "address": f"---\nsite_web: '[[{SECRET}]]'\n---\n",
    "image": f"---\nlogo: '[[{SECRET}]]'\n---\n",
    "prefixed key": f"---\nfoaf:nick: 'x [[{SECRET}]]'\n---\n",
    "inline field": f"inconnue:: un [[{SECRET}]]\n",
    "heading": f"# Sur [[{SECRET}]]\n\n## [[secret|Wubbleflux]]\n",
    "tight heading": f"##Sur [[{SECRET}]]\n",
    "heading that describes": f"## Généralité\n\nSur [[{SECRET}]].\n",
    "key point": f"## Points clés\n\n- Sur [[{SECRET}]]\n- [[secret|Wubbleflux]]\n",
    "source": f"## Sources\n\n- [[{SECRET}]]\n",
    "see also": f"## Voir aussi\n\n- [[{SECRET}]]\n",
    "table": f"| a |\n|---|\n| [[secret\\|Wubbleflux]] |\n| [[{SECRET}]] |\n",
    "block": f"Sur [[{SECRET}]]. ^ici\n\n[[#^ici]]\n",
    "footnote": f"x[^1]\n\n[^1]: Sur [[{SECRET}]]\n",
    "link to its heading": f"[[{SECRET}#Chapitre]] [[secret#^bloc]]\n",
    "own heading": f"# Sur [[{SECRET}]]\n\n[[#Sur {SECRET}|là]]\n",
    "image alt": f"![[{SECRET}|200]]\n",
    "reference link": "[Wubbleflux][x]\n\n[x]: p/secret.md\n",
    "comment": f"%% {SECRET} %%\n",
    "comment in html": f"<div>\n%% {SECRET} %%\n</div>\n",
    "html comment": f"<!-- {SECRET} -->\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_title_of_a_private_note_is_in_no_output(way: str, tmp_path: Path) -> None:
    out = published(lay(tmp_path, WAYS[way]))
    assert "zyxomma" not in out
    assert "wubbleflux" not in out
    assert "quaxolot" not in out


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("comment", "html comment", "comment in html")])
def test_the_title_of_an_ignored_note_is_in_no_output(way: str, tmp_path: Path) -> None:
    files = {"p/secret.md": f"---\ntitle: {SECRET}\naliases: [Wubbleflux]\n---\nquaxolot\n", ".herbierignore": "p/\n"}
    out = published(lay(tmp_path, WAYS[way], files))
    assert "zyxomma" not in out
    assert "wubbleflux" not in out
    assert "quaxolot" not in out


def test_what_only_a_private_note_says_is_not_published(tmp_path: Path) -> None:
    private = "---\nprivate: true\ntags: [zyxtag]\ninconnuezyx: x\nisPartOf: '[[b]]'\n---\n[[Stub zyx]] ![[zyx.png]]\n"
    root = vault(tmp_path, {"a.md": private, "b.md": "", "zyx.png": "x"})
    assert "zyx" not in published(root)
    assert b"hasPart" not in build_notes(root).data


def test_a_private_note_has_no_part_in_what_is_told_of_others(tmp_path: Path) -> None:
    """JSON and SARIF go to other programs: of an ambiguous link or a slug that clashes they name no private note."""
    files = {"p/N.md": "---\nprivate: true\n---\n", "q/N.md": "", "a.md": "[[N]]", "herbier.toml": FRENCH}
    root = vault(tmp_path, files)
    assert build_notes(root).codes == []
    assert json.loads(run("check", root, "--format", "json").out) == []


def test_a_link_that_may_mean_a_private_note_gives_nothing_away(tmp_path: Path) -> None:
    files = {"p/N.md": "---\nprivate: true\n---\n", "q/N.md": "", "a.md": "[[N]]", "herbier.toml": FRENCH}
    root = vault(tmp_path, files)
    assert 'doc/a schema:text "[…]"@fr' in facts(root)
    assert not [fact for fact in facts(root) if fact.startswith("doc/a dcterms:references")]


def test_what_herbierignore_lists_is_not_published_by_an_include(tmp_path: Path) -> None:
    files = {
        "plus.ttl": "<a:b> <a:c> 'zyxomma' .",
        "herbier.toml": "include = ['plus.ttl']\n",
        ".herbierignore": "*.ttl\n",
        "a.md": "",
    }
    root = vault(tmp_path, files)
    assert "zyxomma" not in published(root)


def test_explain_refuses_a_private_note(tmp_path: Path) -> None:
    root = lay(tmp_path, "")
    ran = run("explain", root / "p" / "secret.md", "--vault", root)
    assert ran.code == 2
    assert "private" in ran.err
    assert "Zyxomma" not in ran.out


def test_a_query_finds_nothing_of_a_private_note(tmp_path: Path) -> None:
    root = lay(tmp_path, "[[secret]] [[secret|Wubbleflux]]\n")
    ran = run("query", root, "SELECT * { ?s ?p ?o }", "--format", "csv")
    assert ran.code == 0
    assert "zyxomma" not in ran.out.casefold()
    assert "wubbleflux" not in ran.out.casefold()


def test_the_words_of_a_link_do_not_name_another_private_note(tmp_path: Path) -> None:
    other = {"q.md": "---\ntitle: Quimbo Bleu\nprivate: true\n---\n"}
    root = lay(tmp_path, f"Voir [[{SECRET}|la suite de Quimbo Bleu]].\n", other)
    assert "quimbo" not in published(root)
