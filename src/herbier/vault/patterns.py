"""Patterns of paths, as git has them (https://git-scm.com/docs/gitignore)."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathspec


def path_patterns(patterns: Sequence[str]) -> "pathspec.GitIgnoreSpec":
    """Return what tells whether a path is listed; ValueError where one of the patterns is none."""
    import pathspec  # few vaults need it, and it takes as long to load as to list a thousand files

    return pathspec.GitIgnoreSpec.from_lines(patterns)


def is_pattern(line: str) -> bool:
    """Return whether a line is a pattern as git has them."""
    try:
        return bool(path_patterns([line]).patterns)
    except (ValueError, re.error):
        return False
