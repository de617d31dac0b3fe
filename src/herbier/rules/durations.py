"""Durations: how long something takes, from what people write to the form of ISO 8601 (its section 5.5.2)."""

import re
from typing import Final

from herbier.rdf.terms import Term, typed

_UNITS: Final = {
    "D": ("d", "day", "days", "jour", "jours", "j", "día", "días", "dia", "dias", "giorno", "giorni", "tag", "tage"),
    "H": ("h", "hr", "hrs", "hour", "hours", "heure", "heures", "hora", "horas", "ora", "ore", "stunde", "stunden",
          "std"),
    "M": ("m", "mn", "min", "mins", "minute", "minutes", "minuto", "minutos", "minuti", "minuten", "'", "’", "′"),
    "S": ("s", "sec", "secs", "second", "seconds", "seconde", "secondes", "segundos", "secondi", "sekunden", '"', "″"),
}  # fmt: skip
_UNIT: Final = {word: unit for unit, words in _UNITS.items() for word in words}
_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+\.?|['’′\"″])?\s*(?:,|et|and|y|e|und)?\s*", re.IGNORECASE)
_ISO: Final = re.compile(r"P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
_SMALLER: Final = {"D": "H", "H": "M", "M": "S"}  # `1h30`: what follows a unit without one of its own
_MOST: Final = 100  # characters


def duration_term(text: str) -> Term | None:
    """Return a duration; a mere number is of minutes.

    >>> [duration_term(text) for text in ("1h30", "45 min")]  # doctest: +ELLIPSIS
    ['"PT1H30M"^^<...#duration>', '"PT45M"^^<...#duration>']
    >>> duration_term("155"), duration_term("un moment")  # doctest: +ELLIPSIS
    ('"PT155M"^^<...#duration>', None)
    """
    text = text.strip().removeprefix("~").removeprefix("env.").strip()
    if not text or len(text) > _MOST:
        return None
    if _ISO.fullmatch(text):
        return typed(text, "duration")
    if clock := _CLOCK.fullmatch(text):
        return _written({"H": int(clock[1]), "M": int(clock[2]), "S": int(clock[3])})
    parts: dict[str, float] = {}
    last = ""
    start = 0
    for match in _PART.finditer(text):
        if match.start() != start:
            return None
        start = match.end()
        word = (match[2] or "").lower().rstrip(".")
        unit = _UNIT.get(word) if word else _SMALLER.get(last, "M" if not last else "")
        if not unit or unit in parts:
            return None
        parts[unit] = float(match[1].replace(",", "."))
        last = unit
    return _written(parts) if start == len(text) else None


def _written(parts: dict[str, float]) -> Term | None:
    """Return a duration of whole numbers: of a half hour, the minutes."""
    for unit, smaller, count in (("D", "H", 24), ("H", "M", 60), ("M", "S", 60)):
        whole = int(parts.get(unit, 0))
        if rest := parts.get(unit, 0) - whole:
            parts[smaller] = parts.get(smaller, 0) + round(rest * count, 6)
            parts[unit] = whole
    day = f"{int(parts['D'])}D" if parts.get("D") else ""
    time = "".join(f"{int(parts[unit])}{unit}" for unit in "HMS" if parts.get(unit))
    if not day and not time:
        return None
    return typed(f"P{day}{f'T{time}' if time else ''}", "duration")
