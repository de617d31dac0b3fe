"""Dates as people and programs write them, to dates of XML Schema."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from herbier.rdf.terms import Term, typed

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "février fevrier févr fevr fév fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin jun june",
            "juillet juil july jul",
            "août aout aoû august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "décembre decembre déc dec december",
        ),
        1,
    )
    for name in names.split()
}
_YEAR: Final = r"(?P<y>[0-9]{4})"
_MONTH_NAME: Final = r"(?P<name>[^\W0-9_]{3,9})\.?"
_WEEKDAY: Final = r"(?:[^\W0-9_]{2,9}\.?,?[ ]+)?"
_DAY: Final = r"(?P<d>[0-9]{1,2})(?:er|re|st|nd|rd|th)?"
_HALF: Final = r"(?:[ ]?(?P<half>[ap])\.?m\.?)?"
_TIME: Final = rf"(?P<h>[0-9]{{1,2}})[:h](?P<min>[0-9]{{2}})(?::(?P<s>[0-9]{{2}})(?P<frac>\.[0-9]+)?)?{_HALF}"
_OFFSET: Final = r"[ ]?(?P<offset>Z|[+-][0-9]{1,2}(?::?[0-9]{2})?|UTC|GMT)?"
_AT: Final = rf"(?:(?:T|,?[ ]+(?:à[ ]+|at[ ]+|-[ ]+)?){_TIME}{_OFFSET})?"
# Day before month, as in French: 03/04/2025 is the third of April, whatever the language of the note.
_DATE_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-./](?P<m>[0-9]{{1,2}})[-./](?P<d>[0-9]{{1,2}})(?:[ ]+[^\W0-9_]{{2,3}}\.?)?{_AT}",
        rf"(?P<d>[0-9]{{1,2}})(?P<mark>[-./ ])(?P<m>[0-9]{{1,2}})[-./ ]{_YEAR}{_AT}",
        rf"{_WEEKDAY}(?:le[ ]+)?{_DAY}[ ]+(?:de[ ]+|of[ ]+)?{_MONTH_NAME},?[ ]+{_YEAR}{_AT}",
        rf"(?P<d>[0-9]{{1,2}})[-/.]{_MONTH_NAME}[-/.]{_YEAR}{_AT}",
        rf"{_WEEKDAY}{_MONTH_NAME}[ ]+{_DAY},?[ ]+{_YEAR}{_AT}",
        rf"{_YEAR}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})",
        rf"{_YEAR}年[ ]?(?P<m>[0-9]{{1,2}})月[ ]?(?P<d>[0-9]{{1,2}})日{_AT}",
        rf"{_YEAR}年[ ]?(?P<m>[0-9]{{1,2}})月",
        rf"{_YEAR}年",
        rf"{_YEAR}[-./](?P<m>[0-9]{{1,2}})",
        rf"(?P<m>[0-9]{{1,2}})[-./]{_YEAR}",
        rf"{_MONTH_NAME},?[ ]+(?:de[ ]+)?{_YEAR}",
        rf"(?:en[ ]+|in[ ]+)?{_YEAR}",
        r"(?P<y>[1-9][0-9]{2})",
    )
)
_BCE: Final = re.compile(r"-(?P<y>[0-9]{1,4})|-(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?")
_BEFORE_CHRIST: Final = re.compile(
    r"(?:en[ ]+|in[ ]+)?(?P<y>[0-9]{1,4})[ ]+(?:av(?:ant)?\.?[ ]*(?:J\.?-?[ ]*C\.?|notre ère)|B\.?C\.?(?:E\.?)?)",
    re.IGNORECASE,
)
_EPOCH: Final = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_LINKED: Final = re.compile(r"\[\[(?:[^\[\]|]*/)?([^\[\]|/]+)(?:\|[^\[\]]*)?\]\]")


@lru_cache(maxsize=1 << 14)
def date_term(text: str) -> Term | None:
    """Return a date as precise as it is written: xsd:gYear, gYearMonth, date or dateTime (XML Schema 1.1, part 2).

    >>> date_term("23/06/1912"), date_term("août 1956")  # doctest: +ELLIPSIS
    ('"1912-06-23"^^<...#date>', '"1956-08"^^<...#gYearMonth>')
    """
    if "[[" in text:  # a link to the note of a day
        text = _LINKED.sub(r"\1", text)
    text = " ".join(text.split())
    if _EPOCH.fullmatch(text):
        stamp = datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        part = text[10:].rstrip("0")  # of a second
        return typed(f"{stamp}{f'.{part}' if part else ''}Z", "dateTime")
    if past := _BEFORE_CHRIST.fullmatch(text):  # the year before 1 is 0 (XML Schema 1.1, part 2, 3.3.7)
        year = int(past["y"]) - 1
        return typed(f"-{year:04}" if year else "0000", "gYear") if year >= 0 else None
    if before := _BCE.fullmatch(text):
        return _date_before(int(before["y"] or before["year"]), before["month"], before["day"])
    for form in _DATE_FORMS:
        if match := form.fullmatch(text):
            return _date_of(match.groupdict())
    return None


def _date_before(year: int, month: str | None, day: str | None) -> Term | None:
    """Return a date before our era, as ISO 8601 counts its years: the year 0 is 1 BC, and is a leap year."""
    if not year or (month and not 1 <= int(month) <= 12):
        return None
    if not day:
        return typed(f"-{year:04}-{month}", "gYearMonth") if month else typed(f"-{year:04}", "gYear")
    try:
        date(400 - year % 400, int(month or 0), int(day))  # the calendar repeats after 400 years
    except ValueError:
        return None
    return typed(f"-{year:04}-{month}-{day}", "date")


def _date_of(parts: dict[str, str | None]) -> Term | None:
    year = (parts["y"] or "").rjust(4, "0")
    if parts.get("half") and parts.get("mark") and parts["d"] != parts["m"] and int(parts["d"] or 0) <= 12:
        return None  # who writes am and pm often writes the month first, too
    if name := parts.get("name"):
        month = _MONTHS.get(name.lower())
        if month is None:
            return None
    elif parts.get("m"):
        month = int(parts["m"] or "")
    else:
        return typed(year, "gYear") if int(year) else None
    if not parts.get("d"):
        return typed(f"{year}-{month:02}", "gYearMonth") if 1 <= month <= 12 and int(year) else None
    try:
        day = date(int(year), month, int(parts["d"] or "")).isoformat()
        return typed(f"{day}T{_time_of(parts)}", "dateTime") if parts.get("h") else typed(day, "date")
    except ValueError:
        return None


def _time_of(parts: dict[str, str | None]) -> str:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "min", "s"))
    if half := (parts.get("half") or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("no such time")
    offset = _offset_of((parts.get("offset") or "").upper())
    if offset not in ("", "Z") and (int(offset[4:]) > 59 or int(offset[1:3]) * 60 + int(offset[4:]) > 14 * 60):
        raise ValueError("no such offset")
    return f"{hour:02}:{minute:02}:{second:02}{parts.get('frac') or ''}{offset}"


def _offset_of(text: str) -> str:
    """Return an offset as XML Schema has it: `+8`, `+02` and `+0200` are hours and minutes, too."""
    if text in ("", "Z", "UTC", "GMT"):
        return "Z" if text else ""
    hours, _, minutes = text[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return f"{text[0]}{hours:0>2}:{minutes or '00'}"
