"""`herbier build --profile wikidata`: a folder of files for the tools that match things with Wikidata."""

from pathlib import Path
from typing import NamedTuple

from herbier.cli import output_terminal
from herbier.messages import Message
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS
from herbier.text import shown
from herbier.wikidata.export import Exported, choose, export

PROFILES = ("wikidata",)


class BuildRequest(NamedTuple):
    """The request of a person for a build."""

    output: str
    format: str | None
    profile: str | None
    types: tuple[str, ...]
    tags: tuple[str, ...]
    unmatched: bool


def is_dump(wanted: BuildRequest) -> bool:
    """Return whether a profile is asked for; HerbierError where what is asked for does not go together."""
    if wanted.profile is None:
        if wanted.types or wanted.tags or wanted.unmatched:
            raise HerbierError(Message("--type, --tag and --unmatched go with --profile wikidata"))
        return False
    if wanted.format is not None:
        raise HerbierError(Message("--profile writes files of its own formats: leave --format out"))
    if wanted.output == "-" or not (_is_new(Path(wanted.output)) or Path(wanted.output).is_dir()):
        raise HerbierError(Message("--profile writes several files: name a folder, such as -o out/"))
    return True


def _is_new(folder: Path) -> bool:
    """Return whether a folder can be made there; a name that ends as a file of data does is no folder's."""
    return not folder.exists() and folder.suffix not in {row.suffix for row in FORMATS.values()} | {
        ".gz",
        ".csv",
        ".tsv",
    }


def write(opened: Vault, wanted: BuildRequest, jobs: int | None, progress: Progress) -> Exported:
    """Write the files."""
    choice = choose(opened.rules, wanted.types, wanted.tags, wanted.unmatched)
    return export(opened, Path(wanted.output), choice, jobs=jobs, progress=progress)


def report_export(dumped: Exported, output: str, language: str) -> None:
    """Say what was written."""
    things = Message("1 thing") if dumped.things == 1 else Message("{count:,} things", count=dumped.things)
    told = Message(
        "{things}, {matched:,} with an item, in {path}", things=things, path=shown(output), matched=dumped.matched
    )
    output_terminal.say(told, language)
