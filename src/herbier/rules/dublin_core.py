"""What the values of Dublin Core's properties must be: `mapping/dublin-core.tsv`, looked up by property."""

from functools import cache
from typing import Final, NamedTuple

from herbier.data_folders import data_folder
from herbier.rdf.terms import Term

_TERMS: Final = "http://purl.org/dc/terms/"


class DublinCore(NamedTuple):
    """The properties whose values may be no words, and those whose values must be words."""

    things: frozenset[Term]
    words: frozenset[Term]


# Their ranges are classes, Location and Agent: words for them would be said of something that is neither.
_NO_WORDS_EITHER: Final = ("spatial", "publisher")


@cache
def dublin_core() -> DublinCore:
    """Read the table that is shipped."""
    lines = (data_folder("mapping") / "dublin-core.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    named = {kind: [name for name, _, _, must in rows if must == kind] for kind in ("things", "words")}
    things = frozenset(f"<{_TERMS}{name}>" for name in (*named["things"], *_NO_WORDS_EITHER))
    return DublinCore(things, frozenset(f"<{_TERMS}{name}>" for name in named["words"]))
