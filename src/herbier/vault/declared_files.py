"""The files of a vault, beside its notes, that herbier.toml names: RDF to include, bibliographies."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from herbier.config import FILE, line_of_setting
from herbier.messages import Message
from herbier.problems import Problem, problem


def declared_files(
    vault: Path, paths: Iterable[str], setting: str, hidden: Iterable[str], problems: list[Problem],
    suffixes: tuple[str, ...] = (),
) -> Iterator[tuple[str, Path]]:  # fmt: skip
    """Return the files that a setting names, each as it is named and where it is.

    Those that `hidden` lists are left out, by whatever path they are named. A Problem at the line of the setting is
    added for what lies outside the vault, is no file, or has none of the suffixes, where there are any.
    """
    root = vault.resolve()
    kept_back = {(root / path).resolve() for path in hidden}
    for path in paths:
        file = (vault / path).resolve()
        hint = ""
        if file in kept_back:
            continue
        if suffixes and file.suffix.lower() not in suffixes:
            message = Message("the suffix of {path!r} is of no RDF format", path=path)
            hint = Message("known are {names}", names=", ".join(suffixes))
        elif not file.is_relative_to(root):
            message = Message("{path!r} is outside the vault", path=path)
        elif not file.is_file():
            message = Message("there is no file {path!r}", path=path)
        else:
            yield path, file
            continue
        problems.append(problem("bad-include", FILE, line_of_setting(vault, path, setting), 1, message, hint))
