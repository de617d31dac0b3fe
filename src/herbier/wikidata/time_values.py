"""Dates as Wikidata has them: with their own precision, year, month or day, and never a finer one."""

import re
from typing import NamedTuple

from herbier.rdf.terms import Term, lexical

_DATE = re.compile(r"(?P<sign>-?)(?P<y>[0-9]{4,})(?:-(?P<m>[0-9]{2}))?(?:-(?P<d>[0-9]{2}))?(?:T.*|Z|[+-][0-9:]{5})?")
_YEAR, _MONTH, _DAY = 9, 10, 11  # https://www.wikidata.org/wiki/Help:Dates, precision


class TimeValue(NamedTuple):
    """A date: `plain` is YYYY, YYYY-MM or YYYY-MM-DD, `precise` as QuickStatements writes it."""

    plain: str
    precise: str


def time_value(term: Term) -> TimeValue | None:
    """Return the date that a literal is, None where it is none.

    >>> time_value('"1956-08"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    TimeValue(plain='1956-08', precise='+1956-08-00T00:00:00Z/10')
    """
    match = _DATE.fullmatch(lexical(term)) if term.startswith('"') else None
    if match is None:
        return None
    sign, year, month, day = match["sign"], match["y"], match["m"], match["d"]
    plain = sign + "-".join(filter(None, (year, month, day)))
    precision = _DAY if day else _MONTH if month else _YEAR
    return TimeValue(plain, f"{sign or '+'}{year}-{month or '00'}-{day or '00'}T00:00:00Z/{precision}")
