"""Asks pandas and the sssom package to read the files for Wikidata: `make soak`, or `python wikidata.py HERBIER`."""

from __future__ import annotations

import csv
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
# Titles with all that makes a table go wrong.
TITLES = ["L’été, dit-on", 'Dit "oui"', "=1+1", "-2+3", "@a", "a|b", "00123", "NA", "Москва", "C++ (langage)", "null"]
TITLES += ["Œuvre ; blanc\u00a0x"]


def main() -> int:
    """Build the sample vault and one of odd titles, have both read, and return 1 where a judge finds a fault."""
    herbier = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory(prefix="herbier-soak-") as folder:
        odd = Path(folder) / "odd"
        lay(odd)
        for name, vault, least in (("seeds", SEEDS, 30), ("odd", odd, len(TITLES))):
            out = Path(folder) / f"{name} out"
            command = [herbier, "build", str(vault), "-o", str(out), "--profile", "wikidata"]
            subprocess.run([*command, "--base", "https://notes.example/"], check=True, capture_output=True)
            faults += [f"{name}: {fault}" for fault in (*read_by_pandas(out, least), *read_by_sssom(out))]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return int(bool(faults))


def lay(vault: Path) -> None:
    """Write a note for each odd title, matched with an item of its own."""
    vault.mkdir()
    (vault / "herbier.toml").write_text('language = "fr"\n', "utf-8")
    for number, title in enumerate(TITLES, 1):
        quoted = title.replace("'", "''")
        lines = [f"title: '{quoted}'", f"wikidata: Q{number}", "description: |", f"  {title}", "  deuxième ligne"]
        lines += ["type: concept" if number % 2 else "type: livre", "isbn: 0-306-40615-2"]
        (vault / f"n{number}.md").write_text("\n".join(["---", *lines, "---", ""]), "utf-8")


def read_by_pandas(out: Path, least: int) -> list[str]:
    """Return where pandas and the csv module read things.csv differently, or too few things."""
    import pandas

    theirs = pandas.read_csv(out / "things.csv", dtype=str, keep_default_na=False)
    with (out / "things.csv").open(encoding="utf-8", newline="") as stream:
        ours = list(csv.DictReader(stream, strict=True))
    faults = [] if len(ours) >= least else [f"{len(ours)} things, not {least}"]
    for row, other in zip(ours, theirs.to_dict("records"), strict=True):
        faults += [
            f"{row['slug']}, {name}: {cell!r}, {other[name]!r}" for name, cell in row.items() if other[name] != cell
        ]
    tabbed = pandas.read_csv(out / "mixnmatch.tsv", sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    return faults if len(tabbed) == len(ours) else [*faults, f"mixnmatch.tsv has {len(tabbed)} rows"]


class Heard(logging.Handler):
    """Keeps what is warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())


def read_by_sssom(out: Path) -> list[str]:
    """Return what the sssom package finds wrong with matches.sssom.tsv, or that it read other matches."""
    from sssom.constants import DEFAULT_VALIDATION_TYPES
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    file = out / "matches.sssom.tsv"
    heard = Heard()
    logging.getLogger().addHandler(heard)
    read = parse_sssom_table(str(file))  # strict=True refuses the very files that it should take (sssom 0.4.21)
    reports = validate(read, DEFAULT_VALIDATION_TYPES, fail_on_error=False)
    logging.getLogger().removeHandler(heard)
    faults = [f"sssom: {result.message}" for report in reports.values() for result in report.results]
    faults += [f"sssom: {message}" for message in heard.messages]
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return faults if len(read.df) == len(lines) - 1 else [*faults, f"sssom read {len(read.df)} of {len(lines) - 1}"]


if __name__ == "__main__":
    sys.exit(main())
