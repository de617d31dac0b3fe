"""Makes vaults for the benchmark: French notes of about 4 KB, the same ones for the same arguments."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import gcd
from pathlib import Path
from typing import Any

NOTES_A_FOLDER = 20
DANGLING = 0.01
BY_ALIAS = 0.05
WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
PROSE: dict[str, list[str]] = WORDS["prose"]
HEADS: dict[str, list[str]] = WORDS["heads"]
TYPES = tuple(HEADS)
TAGS: tuple[str, ...] = (
    *WORDS["themes"],
    *(f"{theme} {quality}" for theme in WORDS["themes"][::4] for quality in WORDS["qualities"][::2]),
    *(str(year) for year in range(1960, 2026)),
)

Link = Callable[[], str]


@dataclass(frozen=True)
class Shape:
    """What the notes of one vault have in common."""

    notes: int
    seed: int


def make_vault(folder: Path, notes: int, *, language: str | None = "fr", seed: int = 2026) -> None:
    """Write a vault of `notes` notes under `folder`, with a herbier.toml where a language is given."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = Shape(notes, seed)
    for first in range(0, notes, NOTES_A_FOLDER):
        home = folder / theme_folder(first // NOTES_A_FOLDER)
        home.mkdir(parents=True)
        for number in range(first, min(first + NOTES_A_FOLDER, notes)):
            text = note_text(shape, number)
            (home / f"{title(number)}.md").write_text(text, encoding="utf-8", newline="\n")
    if language is not None:
        settings = f'title = "Carnet de {notes} notes"\nlanguage = "{language}"\n'
        (folder / "herbier.toml").write_text(settings, encoding="utf-8", newline="\n")


def theme_folder(number: int) -> str:
    """The path of the folder of that number, as `botanique/Lectures`."""
    themes, aspects = WORDS["themes"], WORDS["aspects"]
    turn, place = divmod(number, len(themes) * len(aspects))
    aspect, theme = divmod(place, len(themes))
    return f"{themes[theme]}/{aspects[aspect]}{f' {turn + 1}' if turn else ''}"


@cache
def title(number: int) -> str:
    """The title of the note of that number, which no other number has."""
    number, kind = divmod(number, len(TYPES))
    heads = HEADS[TYPES[kind]]
    person = TYPES[kind] == "personne"
    middles, tails = WORDS["surnames" if person else "qualities"], WORDS["trades" if person else "places"]
    count = len(heads) * len(middles) * len(tails)
    if number >= count:
        raise ValueError(f"there are titles for {count * len(TYPES)} notes only")
    # Each type starts elsewhere, so that neighbours in a folder do not share their words.
    rest, head = divmod((number * stride(count) + kind * 1009) % count, len(heads))
    tail, middle = divmod(rest, len(middles))
    last = f"({tails[tail]})" if person else tails[tail]
    return f"{heads[head]} {middles[middle]} {last}"


@cache
def stride(count: int) -> int:
    """A step that visits each of `count` places once, far from the one before."""
    return next(step for step in range(int(count * 0.618), 2 * count) if gcd(step, count) == 1)


def alias(number: int) -> str | None:
    """The acronym that a third of the notes have, with the number that makes it unique."""
    if number % 3:
        return None
    initials = "".join(word.strip("(")[0] for word in title(number).split() if len(word) > 2)
    return f"{initials.upper()} {number}"


def note_text(shape: Shape, number: int) -> str:
    """The whole text of a note, front matter included."""
    rng = random.Random(f"{shape.seed}:{shape.notes}:{number}")
    target = target_of(rng, shape.notes, number)
    return "\n".join([*front_matter(rng, number, target), "", *body(rng, number, link_of(rng, shape, target))]) + "\n"


def target_of(rng: random.Random, notes: int, number: int) -> Callable[[], int]:
    """Draws another note, in the same folder half of the time (the note itself where it is alone)."""
    home = number - number % NOTES_A_FOLDER
    neighbours = range(home, min(home + NOTES_A_FOLDER, notes))

    def draw() -> int:
        drawn = rng.choice(neighbours) if rng.random() < 0.5 else rng.randrange(notes)
        return drawn if drawn != number else (number + 1) % notes

    return draw


def link_of(rng: random.Random, shape: Shape, target: Callable[[], int]) -> Link:
    """Draws a wikilink: plain, with a text of its own, to a heading, through an alias, or dangling."""
    forms = ("[[{}]]",) * 6 + ("[[{}|{text}]]",) * 3 + ("[[{}#Points clés]]",)

    def draw() -> str:
        if rng.random() < DANGLING:
            return f"[[Note à écrire {rng.randrange(1 + shape.notes // 20)}]]"
        number = target()
        name = title(number)
        if rng.random() < BY_ALIAS:
            name = alias(number) or name
        return rng.choice(forms).format(name, text=" ".join(name.split()[:2]).lower())

    return draw


def front_matter(rng: random.Random, number: int, target: Callable[[], int]) -> Iterator[str]:
    """The lines of the front matter, fences included."""
    created = date(2019, 1, 1) + timedelta(days=rng.randrange(2000))
    modified = created + timedelta(days=rng.randrange(500))
    yield "---"
    yield f"title: {title(number)}"
    yield f"type: {TYPES[number % len(TYPES)]}"
    short = alias(number)
    if short:
        yield from ("aliases:", f"- {short}")
    yield "tags:"
    for tag in rng.sample(TAGS, rng.randint(8, 10)):
        yield f"- '{tag}'" if tag.isdigit() else f"- {tag}"
    yield f"date_creation: '{created.isoformat()}'"
    yield f"date_modification: '{modified.isoformat()}'"
    yield from relations(rng, number, target)
    yield "---"


def relations(rng: random.Random, number: int, target: Callable[[], int]) -> Iterator[str]:
    """Two to four links: one that says what the note is a part of, the others as lists."""
    if number:
        yield f"isPartOf: {quoted(parent(number))}"
    for key in sorted(rng.sample(("seeAlso", "uses", "relatedTo"), rng.randint(1, 2))):
        yield f"{key}:"
        yield f"- {quoted(target())}"
        if key == "seeAlso":
            yield f"- {quoted(target())}"


def parent(number: int) -> int:
    """The first note of the folder; of that one, the first of a folder above: a tree, as keepers make."""
    folder, place = divmod(number, NOTES_A_FOLDER)
    return (folder if place else folder // 2) * NOTES_A_FOLDER


def quoted(number: int) -> str:
    """A link as a single-quoted YAML scalar."""
    return "'[[" + title(number).replace("'", "''") + "]]'"


def body(rng: random.Random, number: int, link: Link) -> Iterator[str]:
    """The lines of the body, in the sections of the owner's notes."""
    theme = rng.choice(WORDS["themes"])
    yield from ("## Généralité", "")
    yield from (f"{title(number)} {predicate(rng)}. {paragraph(rng, 3)} {linked(rng, link)}", "")
    yield from ("## Points clés", "")
    yield from (f"- {sentence(rng)}" for _ in range(rng.randint(4, 5)))
    yield from (f"- {linked(rng, link)}", "")
    yield from ("## Détails", "")
    for place, heading in enumerate(rng.sample(PROSE["subheadings"], 3)):
        yield from (f"### {heading}", "")
        yield from (f"{paragraph(rng, rng.randint(3, 4))} {linked(rng, link)}", "")
        yield from (f"{paragraph(rng, 1)} {linked(rng, link)} {EXTRAS[place](rng, theme)}", "")
    yield from (inline_field(rng, link), "")
    if rng.random() < 0.12:
        yield from (rng.choice(PROSE["code"]), "")
    yield from ("## Voir aussi", "")
    yield from (f"- {link()}" for _ in range(rng.randint(3, 4)))


def external(rng: random.Random, theme: str) -> str:
    """A sentence with a link out of the vault."""
    page = rng.randrange(10_000)
    return f"Source : [{rng.choice(PROSE['subjects'])}](https://{rng.choice(PROSE['sites'])}/{page}.html)."


def tags(rng: random.Random, theme: str) -> str:
    """A sentence with two tags, one of them nested."""
    return f"À classer sous #{theme} et #chantier/{rng.choice(WORDS['themes'])}."


# What closes each of the three subsections: two links out of the vault, and the tags.
EXTRAS: tuple[Callable[[random.Random, str], str], ...] = (external, tags, external)

FIELDS: tuple[Callable[[random.Random, Link], str], ...] = (
    lambda rng, link: f"relatedTo:: {link()}",
    lambda rng, link: f"uses:: {link()}",
    lambda rng, link: f"source:: {rng.choice(PROSE['subjects'])}, {rng.randint(1950, 2025)}",
)


def inline_field(rng: random.Random, link: Link) -> str:
    """A field of the body, as `key:: value`."""
    return rng.choice(FIELDS)(rng, link)


def paragraph(rng: random.Random, sentences: int) -> str:
    """So many sentences on one line."""
    return " ".join(sentence(rng) for _ in range(sentences))


def sentence(rng: random.Random) -> str:
    """A sentence without links."""
    text = f"{rng.choice(PROSE['openings'])}{rng.choice(PROSE['subjects'])} {predicate(rng)}."
    return text[0].upper() + text[1:]


def predicate(rng: random.Random) -> str:
    """A verb, what it bears on and where or how."""
    return f"{rng.choice(PROSE['verbs'])} {rng.choice(PROSE['objects'])}{rng.choice(PROSE['complements'])}"


def linked(rng: random.Random, link: Link) -> str:
    """A sentence with one link."""
    words = {"s": "subjects", "v": "verbs", "o": "objects", "c": "complements"}
    drawn = {letter: rng.choice(PROSE[name]) for letter, name in words.items()}
    return rng.choice(PROSE["linked"]).format(link=link(), **drawn)
