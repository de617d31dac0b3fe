"""What the benchmark tells: its rows, their figures and the targets beside them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.lab import Job, Lab
from tests.bench.serving import rates


@dataclass(frozen=True)
class Sizes:
    """How many notes the vaults have: the large one, that of the obvious pipeline, and those of the cost."""

    notes: int
    obvious: int

    @property
    def cost(self) -> tuple[int, int, int]:
        """A tenth of the notes, all of them, and five times as many."""
        return max(1, self.notes // 10), self.notes, self.notes * 5


@dataclass(frozen=True)
class Target:
    """What a figure is to reach; the aim is what one hopes for beyond."""

    sign: str
    bound: float
    aim: float | None = None

    def __str__(self) -> str:
        aim = f" (aim {self.aim:,g})" if self.aim is not None else ""
        return f"{self.sign} {self.bound:,g}{aim}"

    def met_by(self, value: float) -> bool:
        """Whether the value is on the right side of the bound."""
        return SIGNS[self.sign](value, self.bound)


SIGNS: dict[str, Callable[[float, float], bool]] = {"≥": operator.ge, "≤": operator.le, "<": operator.lt}
TRIPLES_A_SECOND = Target("≥", 250_000, aim=350_000)
OBVIOUS_NQUADS = Target("≥", 12)
OBVIOUS_TURTLE = Target("≥", 40)
GROWTH = Target("≤", 1.2)
CHECK = Target("≥", 10)
WIKIDATA = Target("≤", 1.5)
LEARN = Target("≤", 3)
AS_IT_COMES, CLASSES_LEARNT, FACTS_LEARNT = Target("≥", 0.8), Target("≥", 0.95), Target("≥", 0.9)
PRECISION, ANSWERED = Target("≥", 0.98), Target("≥", 1)
COLD, WARM = Target("<", 4), Target("<", 1)
PAGE_RATE, POINT_RATE = Target("≥", 0.5), Target("≥", 0.4)
POINT_RDFLIB, GROUP_RDFLIB, GROUP_OXIGRAPH = Target("≥", 3), Target("≥", 10), Target("≥", 0.5)
KILOBYTES_A_NOTE = Target("<", 70)


@dataclass(frozen=True)
class Figure:
    """One value, None where it was not measured; `net` is the same with the start-up subtracted."""

    label: str
    value: float | None
    unit: str
    target: Target | None = None
    net: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met, by the net value too; None without a target or a value."""
        if self.target is None or self.value is None:
            return None
        values = [self.value] if self.net is None else [self.value, self.net]
        return all(self.target.met_by(value) for value in values)


def throughput(lab: Lab, job: Job, label: str, target: Target | None = None) -> Iterator[Figure]:
    """Notes and triples a second; the triples are those of the N-Quads of the same vault."""
    seconds = lab.time(job).median
    triples = lab.time(Job(job.program, job.notes, ".nq", job.language)).statements
    yield Figure(f"{label}: notes", job.notes / seconds, "notes/s")
    yield Figure(f"{label}: triples", triples / seconds, "triples/s", target)


def build(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """N-Quads of the large vault."""
    job = Job("herbier", sizes.notes, ".nq")
    yield from throughput(lab, job, "N-Quads", TRIPLES_A_SECOND)
    yield Figure("triples a note", lab.time(job).statements / sizes.notes, "triples/note")


def plain(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The same by the source as it stands, where no part of Herbier is compiled."""
    job = Job("herbier of plain Python", sizes.notes, ".nq")
    yield from throughput(lab, job, "N-Quads, plain Python")
    times = rate(lab, Job("herbier", sizes.notes, ".nq")) / rate(lab, job)
    yield Figure("compiled / plain Python", times, "times")


def unstated(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The same where nothing states the language, and each note's own is to be found."""
    yield from throughput(lab, Job("herbier", sizes.notes, ".nq", None), "N-Quads, language not stated")


def turtle(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """Turtle of the large vault."""
    yield from throughput(lab, Job("herbier", sizes.notes, ".ttl"), "Turtle")


def rate(lab: Lab, job: Job) -> float:
    """Notes a second."""
    return job.notes / lab.time(job).median


def against(lab: Lab, sizes: Sizes, suffix: str, label: str, target: Target) -> Iterator[Figure]:
    """How many times as fast as the obvious pipeline, which a large vault would keep busy for too long."""
    obvious = Job("obvious", sizes.obvious, suffix)
    yield Figure(f"obvious pipeline, {label}, {sizes.obvious:,} notes", rate(lab, obvious), "notes/s")
    judgements = {sizes.obvious: None, sizes.notes: target}
    for notes, judged in sorted(judgements.items(), reverse=True):
        times = rate(lab, Job("herbier", notes, suffix)) / rate(lab, obvious)
        yield Figure(f"Herbier at {notes:,} / obvious at {sizes.obvious:,}, {label}", times, "times", judged)


def obvious(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The ratio in N-Quads."""
    yield from against(lab, sizes, ".nq", "N-Quads", OBVIOUS_NQUADS)
    statements = lab.time(Job("obvious", sizes.obvious, ".nq")).statements
    yield Figure("triples a note of the obvious pipeline", statements / sizes.obvious, "triples/note")


def obvious_turtle(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The ratio in Turtle, and for information that to a pipeline which binds prefixes for its own IRIs."""
    yield from against(lab, sizes, ".ttl", "Turtle", OBVIOUS_TURTLE)
    bound = rate(lab, Job("obvious, with prefixes", sizes.obvious, ".ttl"))
    times = rate(lab, Job("herbier", sizes.notes, ".ttl")) / bound
    yield Figure(f"Herbier at {sizes.notes:,} / obvious with prefixes bound, Turtle", times, "times")


def read(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The limit: what only reading the files takes."""
    limit = Job("read only", sizes.notes)
    yield Figure("only reading the files", rate(lab, limit), "notes/s")
    seconds = lab.time(Job("herbier", sizes.notes, ".nq")).median
    yield Figure("building N-Quads / only reading", seconds / lab.time(limit).median, "times as long")


def memory(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The peak of the whole process tree, shared among the notes."""
    peak = lab.peak(Job("herbier", sizes.notes, ".nq"))
    size = peak.size if peak else None
    yield Figure("peak memory", size and size / 1e6, "MB")
    yield Figure("peak memory a note", size and size / 1000 / sizes.notes, "KB/note", KILOBYTES_A_NOTE)


def cost(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """What a note costs in vaults of three sizes, and how that grows; the start-up is a vault of one note."""
    start_up = lab.time(Job("herbier", 1, ".nq")).median
    yield Figure("start-up (a vault of one note)", start_up * 1000, "ms")
    whole: dict[int, float] = {}
    net: dict[int, float] = {}
    for notes in sizes.cost:
        seconds = lab.time(Job("herbier", notes, ".nq")).median
        whole[notes], net[notes] = seconds / notes * 1e6, (seconds - start_up) / notes * 1e6
        yield Figure(f"cost of a note, {notes:,} notes", whole[notes], "µs/note", net=net[notes])
    least, _, most = sizes.cost
    yield Figure(
        f"cost at {most:,} / cost at {least:,}",
        whole[most] / whole[least],
        "times",
        GROWTH,
        net=net[most] / net[least],
    )


def check(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """Checking, against pySHACL on the whole graph, which a large vault would keep busy for too long."""
    reference, least = Job("pyshacl", sizes.obvious), Job("check", sizes.obvious)
    yield Figure(f"pySHACL on the whole graph, {sizes.obvious:,} notes", rate(lab, reference), "notes/s")
    whole = Job("check", sizes.notes)
    yield Figure("check, nothing known", rate(lab, whole), "notes/s")
    times = rate(lab, whole) / rate(lab, reference)
    yield Figure(f"check at {sizes.notes:,} / pySHACL at {sizes.obvious:,}", times, "times", CHECK)
    times = rate(lab, least) / rate(lab, reference)
    yield Figure(f"check at {sizes.obvious:,} / pySHACL at {sizes.obvious:,}", times, "times")
    _, _, most = sizes.cost
    cost = {notes: lab.time(Job("check", notes)).median / notes for notes in (sizes.cost[0], most)}
    for notes, seconds in cost.items():
        yield Figure(f"check, cost of a note, {notes:,} notes", seconds * 1e6, "µs/note")
    growth = cost[most] / cost[sizes.cost[0]]
    yield Figure(f"check, cost at {most:,} / cost at {sizes.cost[0]:,}", growth, "times", GROWTH)


def again(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """A look at one note, and a check after one has changed, in a vault that is known from before."""
    first, second, commands = lab.again(sizes.notes)
    yield Figure("check after one note has changed", second, "s", Target("≤", max(1.0, 0.05 * first)))
    for name, (cold, warm) in commands.items():
        yield Figure(f"{name} of one note, nothing known", cold, "s", COLD)
        yield Figure(f"{name} of one note, all others known", warm, "s", WARM)


def wikidata(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """The files for Wikidata, against Turtle of the same vault."""
    job = Job("wikidata", sizes.notes)
    yield Figure("files for Wikidata", rate(lab, job), "notes/s")
    times = lab.time(job).median / lab.time(Job("herbier", sizes.notes, ".ttl")).median
    yield Figure("files for Wikidata / Turtle", times, "times as long", WIKIDATA)


def learn(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """What `herbier learn` takes, against a build of the same vault."""
    job = Job("learn", sizes.notes)
    yield Figure("learn", rate(lab, job), "notes/s")
    times = lab.time(job).median / lab.time(Job("herbier", sizes.notes, ".nq")).median
    yield Figure("learn / build", times, "times as long", LEARN)


def vaults(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """How well vaults of several kinds of users are understood, as they come and once they have learnt."""
    from tests.vaults.judge import VAULTS, judged_twice

    for name in VAULTS:
        lab.say(f"judging {name}")
        before, after, answered = judged_twice(name)
        yield Figure(f"{name}: classes as it comes", before.classes, "of what is expected", AS_IT_COMES)
        yield Figure(f"{name}: classes, learnt", after.classes, "of what is expected", CLASSES_LEARNT)
        yield Figure(f"{name}: facts as it comes", before.facts, "of what is expected")
        yield Figure(f"{name}: facts, learnt", after.facts, "of what is expected", FACTS_LEARNT)
        yield Figure(f"{name}: precision, learnt", after.precision, "of what is said", PRECISION)
        yield Figure(f"{name}: questions answered", answered, "of those asked", ANSWERED)


def serve(lab: Lab, sizes: Sizes) -> Iterator[Figure]:
    """Requests a second, and how they stand to those of others; of the bare application the faster way counts."""
    found = rates(lab, sizes.notes)
    for name, value in found.items():
        yield Figure(name, value, "requests/s")

    def times(kind: str, other: str, target: Target | None) -> Figure:
        own = found.get(f"herbier: {kind}")
        others = [value for name, value in found.items() if value and name.startswith(other) and name.endswith(kind)]
        value = own / max(others) if own and others else None
        return Figure(f"Herbier / {other}, {kind}", value, "times", target)

    yield times("page, negotiated", "bare Flask", PAGE_RATE)
    yield times("point", "bare Flask", POINT_RATE)
    yield times("point", "rdflib-endpoint", POINT_RDFLIB)
    yield times("group", "rdflib-endpoint", GROUP_RDFLIB)
    yield times("group", "oxigraph", GROUP_OXIGRAPH)
    yield times("point", "oxigraph", None)


ROWS: dict[str, Callable[[Lab, Sizes], Iterator[Figure]]] = {
    "build": build,
    "plain": plain,
    "unstated": unstated,
    "turtle": turtle,
    "obvious": obvious,
    "obvious-turtle": obvious_turtle,
    "read": read,
    "memory": memory,
    "cost": cost,
    "check": check,
    "again": again,
    "wikidata": wikidata,
    "learn": learn,
    "vaults": vaults,
    "serve": serve,
}
