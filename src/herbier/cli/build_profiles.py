"""`herbier build --profile`: a folder of files for the tools that match things with Wikidata, or a bundle of OKF."""

from pathlib import Path
from typing import NamedTuple

from herbier.cli import output_terminal
from herbier.messages import Message
from herbier.pipeline.build import Built, build
from herbier.pipeline.okf_bundle import write_bundle
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress
from herbier.pipeline.snapshot import read_snapshot
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS
from herbier.text import shown
from herbier.vault.declarations.knowledge_bundles import OKF
from herbier.wikidata.export import Exported, choose, export

PROFILES = ("wikidata", OKF)


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
    if wanted.profile == OKF and (wanted.types or wanted.tags or wanted.unmatched):
        raise HerbierError(Message("--type, --tag and --unmatched go with --profile wikidata"))
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


def write_okf(opened: Vault, wanted: BuildRequest, jobs: int | None, progress: Progress) -> tuple[Built, int]:
    """Write a bundle of the Open Knowledge Format; return what a build tells, and how many documents there are."""
    built = build(opened, lambda _: None, FORMATS["nquads"], jobs=jobs, progress=progress)
    return built, write_bundle(read_snapshot(opened, progress), Path(wanted.output), progress)


def report_bundle(documents: int, output: str, language: str) -> None:
    """Say what was written."""
    told = Message("{count:,} documents of the Open Knowledge Format in {path}", count=documents, path=shown(output))
    output_terminal.say(told, language)


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
