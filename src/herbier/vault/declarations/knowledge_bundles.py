"""The bundles of the Open Knowledge Format: a folder whose index.md names the version of the format that it is in.

Source: https://github.com/GoogleCloudPlatform/knowledge-catalog, okf/SPEC.md, version 0.2, sections 8 and 12.
"""

from pathlib import Path
from typing import Final

from herbier.vault.declarations.declared import Declared, DeclaredPlace, DeclaredType
from herbier.vault.frontmatter import read_front_matter

OKF: Final = "okf"
INDEX: Final = "index.md"
RESERVED: Final = (INDEX, "log.md")
VERSION: Final = "okf_version"
_MOST_BYTES: Final = 100_000


def read_bundle(root: Path, declared: Declared) -> None:
    """Take that a vault is a bundle, where its first index names a version."""
    file = root / INDEX
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    line = next((field.line for field in read_front_matter(text, INDEX).fields if field.key == VERSION), 0)
    if line:
        place = DeclaredPlace(INDEX, line)
        declared.formats[OKF] = place
        declared.types.append(DeclaredType(("map of content",), place, pattern=r"(?:^|/)index\.md$", sure=True))
