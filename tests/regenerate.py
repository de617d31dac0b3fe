"""Write the golden files of the cases named on the command line anew: `python tests/regenerate.py NAME...`.

Only the files that a case has are written (or those named after `--with`), and the comments at their head stay. What
is written is what Herbier does, which need not be what it should do: read it against the specification before it is
kept.
"""

import re
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)  # not `tests`, whose folders are called as modules of Python are

from tests.conftest import CASES, build_notes  # noqa: E402
from tests.pipeline.test_cases import summary_lines  # noqa: E402

WRITTEN = ("expected.ttl", "problems.txt", "summary.txt")


def turtle(vault: Path) -> str:
    """Return a vault as Turtle that declares only the prefixes it uses."""
    text = build_notes(vault, "turtle").data.decode()
    head, _, rest = text.partition("\n\n")
    kept = [line for line in head.split("\n") if line.startswith("@base") or _prefix_is_used(line, rest)]
    return "\n".join(kept) + f"\n\n{rest.rstrip()}\n"


def _prefix_is_used(line: str, rest: str) -> bool:
    match = re.match(r"@prefix ([\w-]+:)", line)
    return match is not None and re.search(rf"(?<![\w-]){match[1]}\w", rest) is not None


def head(file: Path) -> str:
    """Return the comments at the head of a file."""
    lines = file.read_text("utf-8").splitlines(keepends=True) if file.is_file() else []
    count = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:count])


def regenerate(name: str, also: list[str]) -> None:
    case = CASES / name
    texts = {
        "expected.ttl": lambda: turtle(case / "vault"),
        "problems.txt": lambda: "".join(f"{line}\n" for line in build_notes(case / "vault").places),
        "summary.txt": lambda: "".join(f"{line}\n" for line in summary_lines(build_notes(case / "vault"))),
    }
    for file in WRITTEN:
        if (case / file).is_file() or file in also:
            (case / file).write_text(head(case / file) + texts[file](), "utf-8")
            sys.stdout.write(f"written: {(case / file).relative_to(CASES.parent)}\n")


def main(words: list[str]) -> int:
    also: list[str] = []
    if "--with" in words:
        at = words.index("--with")
        words, also = words[:at], words[at + 1 :]
    unknown = [name for name in words if not (CASES / name / "vault").is_dir()]
    if not words or unknown or not set(also) <= set(WRITTEN):
        sys.stderr.write(
            f"name the cases to write anew; there are {', '.join(p.name for p in sorted(CASES.iterdir()))}\n"
        )
        return 2
    for name in words:
        regenerate(name, also)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
