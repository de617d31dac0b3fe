"""A vault in which every private thing is called by a random word of its own, and public notes that link to it."""

import os
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import quote

from tests.conftest import vault

LETTERS = "bcdfgjklmnpqrstvwxz"  # no vowel: no word of any language, and nothing that a hint could take for another
SETTINGS = 'base = "https://notes.example/v/"\ntitle = "Un carnet"\nlanguage = "fr"\n'
LAID = 1_700_000_000  # when the files were written, in seconds
PIXEL = b"\x89PNG\r\n\x1a\n"


@dataclass
class Words:
    """The words that were given out, and what each stands for."""

    random: Random
    places: dict[str, str] = field(default_factory=dict)

    def new(self, place: str) -> str:
        """Return a word that no one has had; `place` tells what it is put into."""
        word = "".join(self.random.choices(LETTERS, k=10))
        assert word not in self.places
        self.places[word] = place
        return word


def dotted(word: str) -> str:
    """Return a word with a mark on its first letter, which slugs leave out and addresses have in percent signs."""
    return unicodedata.normalize("NFC", f"{word[0]}\u0307{word[1:]}")


class Way(NamedTuple):
    """A way to keep a note back: lines of its front matter, what stands around it, or what .herbierignore lists."""

    front: str = ""
    ignore: str = ""  # a pattern; {path}, {folder} and {stem} are the note's
    note: str = ""  # the note as a whole, where it has no YAML; {front} and {body} are its keys and its text
    suffix: str = ".md"


WAYS = {
    "draft": Way("draft: true"),
    "private": Way("private: true"),
    "not published": Way("publish: false"),
    "in French": Way("privé: oui"),
    "brouillon": Way("brouillon: vrai"),
    "confidential": Way("confidentiel: 1"),
    "unreadable": Way("publish: peut-être"),
    "an inline field": Way(note="---\n{front}\n---\nprivate:: true\n\n{body}"),
    "TOML": Way(note='+++\ntitle = "{title}"\naliases = ["{alias}"]\ndraft = true\n+++\n{body}'),
    "JSON": Way(note='{{"title": "{title}", "aliases": ["{alias}"], "private": true}}\n{body}'),
    "ignored file": Way(ignore="/{path}"),
    "ignored folder": Way(ignore="{folder}/"),
    "ignored pattern": Way(ignore="*.secret.md", suffix=".secret.md"),
    "ignored, and no text": Way(ignore="/{path}", note="\0\1\2\3{title}\0\0\0"),
}


@dataclass(frozen=True)
class Private:
    """A private note: where it is, by what names links find it, and its text."""

    way: str
    folder: str
    stem: str
    title: str
    alias: str
    path: str
    text: str
    anchor: str
    block: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return what a link may call it; a note that could not be read has no title and no alias."""
        return (self.stem,) if self.way == "ignored, and no text" else (self.stem, self.title, self.alias)


def private_note(way: str, words: Words) -> tuple[Private, dict[str, str | bytes], str]:
    """Return a private note, its files, and the pattern that .herbierignore is to have."""
    row = WAYS[way]

    def word(place: str) -> str:
        return words.new(f"{way}: {place}")

    folder, stem, title, alias = (
        f"d{word('folder')}",
        dotted(word("stem")) + row.suffix.removesuffix(".md"),
        f"Le {word('title')}",
        word("alias"),
    )
    path = f"{folder}/{stem}.md"
    heading, block, attachment = word("heading"), word("block"), f"{word('attachment name')}.png"
    front = "\n".join(
        [
            f"title: {title}",
            f"aliases: [{alias}, {word('second alias')}]",
            f"tags: [{word('tag')}, {word('upper tag')}/{word('lower tag')}]",
            f"{word('unknown key')}: {word('unknown value')}",
            f"isPartOf: ['[[{word('part of what')}]]', '[[Accueil]]']",
            f"hasPart: {word('plain relation')}",
            f"type: {word('type')}",
            f"description: {word('description')}",
            f"missions: [{{employer: '[[{word('nested link')}]]', {word('nested key')}: {word('nested value')}}}]",
            f"slug: {word('slug')}",
            f"id: {word('id')}",
            f"site: https://{word('address')}.example/",
        ]
    )
    body = "\n\n".join(
        [
            f"# {heading}",
            f"Un texte, {word('text')}, #{word('tag in the text')}. ^{block}",
            f"{word('inline key')}:: {word('inline value')}",
            f"[[{word('link target')}|{word('link alias')}]] ![[{attachment}]] ![[{word('embed')}]] [[Accueil]]",
            f"%% {word('comment')} %% `{word('code')}` ${word('math')}$ https://example.org/{word('cited')}",
            f"- {word('item')}",
        ]
    )
    if row.note:
        text = row.note.format(front=front, body=body, title=title, alias=alias)
    else:
        text = f"---\n{row.front}\n{front}\n---\n{body}\n".replace("---\n\n", "---\n")
    note = Private(way, folder, stem, title, alias, path, text, heading, block)
    files: dict[str, str | bytes] = {path: text, f"{folder}/{attachment}": PIXEL + word("attachment content").encode()}
    if way == "ignored, and no text":
        del files[f"{folder}/{attachment}"]
    ignore = row.ignore.format(path=path, folder=folder, stem=stem)
    return note, files, ignore


# --- what public notes write of it ------------------------------------------------------------------------------------

Form = Callable[[str], tuple[str, str]]  # from a name to what is written, and to what a reader may see of it
ALIAS = "un autre texte"


def _wiki(before: str, after: str, seen: str = "[…]") -> Form:
    return lambda name: (f"{before}{name}{after}", seen)


def _both(before: str, middle: str, after: str) -> Form:
    return lambda name: (f"{before}{name}{middle}{name}{after}", "[…]")


LINKS: dict[str, Form] = {  # to be written wherever a text may stand
    "bare": _wiki("[[", "]]"),
    "capitals": lambda name: (f"[[{name.upper()}]]", "[…]"),
    "decomposed": lambda name: (f"[[{unicodedata.normalize('NFD', name)}]]", "[…]"),
    "alias": _wiki("[[", f"|{ALIAS}]]", ALIAS),
    "alias that is its name": _both("[[", "|", "]]"),
    "alias that holds its name": _both("[[", "|voir ", " ici]]"),
    "alias that is its slug": lambda name: (f"[[{name}|{name.lower().replace(' ', '-')}]]", "[…]"),
    "heading": _wiki("[[", "#Un titre]]"),
    "heading and alias": _wiki("[[", f"#Un titre|{ALIAS}]]", ALIAS),
    "block": _wiki("[[", "#^bloc]]"),
    "suffix": _wiki("[[", ".md]]"),
    "blanks": _wiki("[[ ", " ]]"),
    "embed": _wiki("![[", "]]"),
    "embed with a size": _wiki("![[", "|200]]", "200"),
    "from here": _wiki("[[./", "]]"),
    "a folder that is not its own": _wiki("[[ailleurs/", "]]"),
    "a stop": _wiki("[[", ".]]"),
    "bold": lambda name: (f"**[[{name}]]**", "**[…]**"),
}
PATHS: dict[str, Form] = {  # to be written with its path
    "path": _wiki("[[", "]]"),
    "path and alias": _wiki("[[", f"|{ALIAS}]]", ALIAS),
    "path and suffix": _wiki("[[", ".md]]"),
    "from the top": _wiki("[[/", "]]"),
    "Markdown": _wiki(f"[{ALIAS}](", ".md)", ALIAS),
    "Markdown without a suffix": _wiki(f"[{ALIAS}](", ")", ALIAS),
    "Markdown in brackets": _wiki(f"[{ALIAS}](<", ".md>)", ALIAS),
    "Markdown with a title": lambda path: (f'[{ALIAS}]({path}.md "{path.rpartition("/")[2]}")', ALIAS),
    "Markdown that names it": lambda path: (f"[{path.rpartition('/')[2]}]({path}.md)", "[…]"),
    "Markdown to a heading": _wiki(f"[{ALIAS}](", ".md#un%20titre)", ALIAS),
    "image": lambda path: (f"![{path.rpartition('/')[2]}]({path}.md)", "[…]"),
}
TEXTS: dict[str, str] = {  # where a link may stand in a body
    "paragraph": "Voir {}, puis la suite.",
    "heading": "## Sur {} en titre\n\nDu texte.",
    "tight heading": "##Encore {} ici\n\nDu texte.",
    "item": "- un point sur {}\n- un autre",
    "task": "- [ ] faire {}",
    "quote": "> citer {}",
    "callout": "> [!note] Sur {}\n> et {}",
    "table": "| a | b |\n|---|---|\n| dans {} | x |",
    "key point": "## Points clés\n\n- savoir {}",
    "description": "## Généralité\n\nCela tient à {}.",
    "see also": "## Voir aussi\n\n- {}",
    "source": "## Sources\n\n- {}",
    "named block": "Un bloc sur {}. ^ici",
    "footnote": "Une note[^1].\n\n[^1]: au pied, {}",
    "emphasis": "*avec {}*",
}
FIELDS: dict[str, str] = {  # lines of front matter, or of an inline field; {} is a name, {quoted} in percent signs
    "relation": "isPartOf: '[[{}]]'",
    "relation with an alias": "uses: '[[{}|un mot]]'",
    "relation in plain words": "relatedTo: {}",
    "relation to several": "hasPart: ['[[{}]]', '[[Accueil]]']",
    "relation with words": "follows: 'après [[{}]] encore'",
    "prefixed relation": "rdfs:seeAlso: '[[{}]]'",
    "entity": "employeur: '[[{}]]'",
    "entity in plain words": "lieu: {}",
    "text or entity": "source: {}",
    "image in a text": "description: 'Voir ![{}]({quoted}.md) là'",
    "embed in a text": "description: 'Voir ![[{}]] là'",
    "text": "description: 'Sur [[{}]] en mots'",
    "Markdown in a text": "description: 'Sur [{}]({quoted}.md) en mots'",
    "unknown key": "inconnue: 'un [[{}]]'",
    "unknown key in plain words": "inconnue: {}",
    "key that is a link": "'[[{}]]': valeur",
    "nested": "missions: [{{employer: '[[{}]]', inconnue: 'x [[{}]] y'}}]",
    "nested key that is a link": "missions: [{{'[[{}]]': x, employer: '[[Accueil]]'}}]",
    "date": "created: '[[{}]]'",
    "number": "effectif: '5 [[{}]]'",
    "string": "identifiant: '[[{}]]'",
    "e-mail": "courriel: '[[{}]] a@b.example'",
    "DOI": "doi: '10.1234/[[{}]]'",
    "DOI of a work": "type: livre\ndoi: '10.1234/[[{}]]'",
    "address of the same thing": "sameAs: 'https://a.example/[[{}]]'",
    "address that no rule asks for": "voir-là: 'https://a.example/[[{}]]'",
    "category": "categories: ['[[{}]]', 'Livres']",
    "author of a work": "type: livre\nauteur: '[[{}]]'",
    "address": "site: '[[{}]]'",
    "image": "logo: '[[{}]]'",
    "type": "type: '[[{}]]'",
    "type in plain words": "type: {}",
    "type that is unknown": "type: 'une sorte de [[{}]]'",
    "tag": "tags: ['[[{}]]', '#[[{}]]']",
    "alias": "aliases: ['Sur [[{}]]', '[[{}|{}]]']",
    "title": "title: 'Le titre dit [[{}]]'",
    "title and name": "title: Un titre\nname: 'Le nom dit [[{}]]'",
    "slug": "slug: '[[{}]]'",
    "slug with a Markdown link": "slug: '[x]({quoted}.md)'",
    "language": "lang: '[[{}]]'",
    "unquoted": "inconnue: [[{}]]",
    "folded": "isPartOf: '[[\n  {}]]'",
    "literal block": "description: |\n  Des mots\n  sur [[{}]].",
    "identifier": "id: '[[{}]]'",
    "e-mail of the family": "nom: '[[{}]]'",
}


@dataclass(frozen=True)
class Marked:
    """A vault with private notes, and the place that each of their words has been put into."""

    root: Path
    words: dict[str, str]
    private: list[Private]

    @property
    def public(self) -> list[str]:
        """Return the paths of the public notes."""
        return sorted(file.name for file in self.root.glob("*.md"))


def lay_open(folder: Path, seed: int) -> Marked:
    """Write the notes of every way with nothing that keeps them back."""
    words, private, files, _ = _private_notes(Random(seed))
    files = _public_all(files) | _common("") | {"herbier.toml": SETTINGS}
    return Marked(vault(folder, files), words, private)


def lay(folder: Path, seed: int, *, only_marked: bool = False) -> Marked:
    """Write a vault with private notes of every way, and public notes that link to them in every form.

    `only_marked` is of a vault whose settings publish nothing but what is marked: nothing else keeps a note back there.
    """
    random, front = Random(seed), "publish: true\n" if only_marked else ""
    words, private, files, ignored = _private_notes(random)
    if only_marked:
        files = _public_all(files)
        ignored = []
    files |= {name: f"---\n{front}---\n{written}" for name, written, _ in _texts(private, random)}
    files |= {name: f"---\n{front}{line}\n---\n{line_of}\n" for name, line, line_of in _fields(private, random)}
    marked = 'publish = "marked"\n' if only_marked else ""
    files |= _common(front) | {"herbier.toml": SETTINGS + marked, ".herbierignore": "\n".join(ignored)}
    return Marked(vault(folder, files), words, private)


def lay_twice(folder: Path, seed: int) -> tuple[Marked, Path]:
    """Write a vault with private notes, and beside it what it would be had they never been: the links to them too."""
    random = Random(seed)
    words, private, files, ignored = _private_notes(random)
    pairs = list(
        _texts(private, random, {"source", "embed", "embed with a size"})
    )  # where a link is read as no text is
    settings = {"herbier.toml": SETTINGS}
    with_them = files | {name: written for name, written, _ in pairs} | {".herbierignore": "\n".join(ignored)}
    root = vault(folder / "with", with_them | _common("") | settings)
    plain = vault(folder / "without", {name: seen for name, _, seen in pairs} | _common("") | settings)
    for file in (root / "public.png", plain / "public.png"):
        os.utime(file, (LAID, LAID))  # else they differ by how long it took to lay them
    return Marked(root, words, private), plain


def _common(front: str) -> dict[str, str | bytes]:
    home = f"---\n{front}tags: [public]\n---\n# Bienvenue\n\n![[public.png]] [[Pas encore]]\n"
    return {"Accueil.md": home, "public.png": PIXEL}


def _private_notes(random: Random) -> tuple[dict[str, str], list[Private], dict[str, str | bytes], list[str]]:
    words = Words(random)
    private: list[Private] = []
    files: dict[str, str | bytes] = {}
    ignored: list[str] = []
    for way in WAYS:
        note, of_note, pattern = private_note(way, words)
        private.append(note)
        files |= of_note
        ignored += [pattern] if pattern else []
    return words.places, private, files, ignored


def _public_all(files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """Return notes without the lines of front matter that keep them back."""
    ways = {row.front for row in WAYS.values() if row.front}

    def public(text: str | bytes) -> str | bytes:
        if isinstance(text, bytes):
            return text
        return "\n".join(line for line in text.split("\n") if line not in ways)

    return {name: public(text) for name, text in files.items()}


def _texts(private: list[Private], random: Random, without: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Yield notes with every form of link in their text: a name, what is written, and what a reader may see."""
    places = [text for place, text in TEXTS.items() if place not in without]
    links = [form for name, form in LINKS.items() if name not in without]
    for number, note in enumerate(private, 1):
        written, seen = [], []
        path = note.path.removesuffix(".md")
        forms = [(form, note.names) for form in links] + [(form, (path,)) for form in PATHS.values()]
        for form, names in forms:
            here, there = form(random.choice(names))
            place = random.choice(places)
            escaped = here.replace("|", "\\|") if place.startswith("|") else here
            written.append(place.replace("{}", escaped))
            seen.append(place.replace("{}", there))
        yield f"Page {number}.md", "\n\n".join(written) + "\n", "\n\n".join(seen) + "\n"


def _fields(private: list[Private], random: Random) -> Iterator[tuple[str, str, str]]:
    """Yield notes that name private ones in their front matter: a name, the lines, and what their text is to say."""
    for number, (place, line) in enumerate(FIELDS.items()):
        name = random.choice(random.choice(private).names)
        field = line.replace("{{", "{").replace("}}", "}").replace("{}", name).replace("{quoted}", quote(name))
        inline = f"{field.replace(chr(39), '')}".replace(": ", ":: ", 1) if "\n" not in field else ""
        yield f"Champ {number}.md", field, f"{place}\n\n{inline}"
