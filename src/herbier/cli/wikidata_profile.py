"""`herbier build --profile wikidata`: a folder of files for the tools that match things with Wikidata."""

from pathlib import Path
from typing import NamedTuple

from herbier.cli import output_terminal
from herbier.messages import words
from herbier.pipeline.progress import Progress
from herbier.pipeline.vault import Vault
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS
from herbier.text import shown
from herbier.wikidata.export import Dumped, choose, dump

PROFILES = ("wikidata",)


class Wanted(NamedTuple):
    """What a person asks of a build."""

    output: str
    format: str | None
    profile: str | None
    types: tuple[str, ...]
    tags: tuple[str, ...]
    unmatched: bool


def is_dump(wanted: Wanted) -> bool:
    """Tell whether a profile is asked for; HerbierError where what is asked for does not go together."""
    if wanted.profile is None:
        if wanted.types or wanted.tags or wanted.unmatched:
            raise HerbierError(words("--type, --tag and --unmatched go with --profile wikidata"))
        return False
    if wanted.format is not None:
        raise HerbierError(words("--profile writes files of its own formats: leave --format out"))
    if wanted.output == "-" or not (_is_new(Path(wanted.output)) or Path(wanted.output).is_dir()):
        raise HerbierError(words("--profile writes several files: name a folder, such as -o out/"))
    return True


def _is_new(folder: Path) -> bool:
    """Tell whether a folder can be made there; a name that ends as a file of data does is no folder's."""
    return not folder.exists() and folder.suffix not in {row.suffix for row in FORMATS.values()} | {
        ".gz",
        ".csv",
        ".tsv",
    }


def write(opened: Vault, wanted: Wanted, jobs: int | None, progress: Progress) -> Dumped:
    """Write the files."""
    choice = choose(opened.rules, wanted.types, wanted.tags, wanted.unmatched)
    return dump(opened, Path(wanted.output), choice, jobs=jobs, progress=progress)


def tell(dumped: Dumped, output: str, language: str) -> None:
    """Say what was written."""
    things = words("1 thing") if dumped.things == 1 else words("{count:,} things", count=dumped.things)
    told = words(
        "{things}, {matched:,} with an item, in {path}", things=things, path=shown(output), matched=dumped.matched
    )
    output_terminal.say(told, language)
