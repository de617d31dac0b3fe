"""From the files of `mapping/` to rules: Herbier's own rows, then what the vault adds or overrides."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from herbier.config import FILE, Settings, line_of_row
from herbier.data_folders import data_folder
from herbier.messages import Message, reason
from herbier.problems import HerbierError, Problem, problem
from herbier.rules.alignment import TableRow
from herbier.rules.columns import TABLES
from herbier.rules.compiling import Compiler, unknown_name, with_row
from herbier.rules.rule_types import Rules, Source
from herbier.vault.declarations.declared import Declared, DeclaredRow
from herbier.vault.fields import DEEPEST
from herbier.vault.yaml_compose import depth

_SHAPES: dict[str, type | tuple[type, ...]] = {"prefixes": str, "model": (str, list)}  # of the rows; else a mapping
_SHAPE_FAULTS = {
    "prefixes": Message("a row should be an IRI"),
    "model": Message("a row should be a list of predicates or classes"),
}
_OPEN = ("privacy", "private-names")  # tables whose shipped rows stay: what keeps a note back is only added to


def load_rules(vault: Path | None = None, settings: Settings | None = None, declared: Declared | None = None) -> Rules:
    """Read Herbier's tables, what the vault declares for others, its `mapping/*.yaml`, `[mapping]` of herbier.toml.

    A row replaces the one of the same name before it; what cannot be used is a Problem with its line, and left out.
    """
    own_tables = vault is not None and (vault / "mapping").exists()
    if not own_tables and not (settings and settings.mapping) and not (declared and declared.says_of_rules):
        return _shipped_rules(data_folder("mapping"))
    problems: list[Problem] = []
    rows: dict[tuple[str, str], TableRow] = {}
    sources: list[Iterable[TableRow]] = [_shipped_rows(data_folder("mapping"))]
    places: frozenset[Source] = frozenset()
    if declared is not None:
        places = frozenset(Source(*row.place) for row in declared.rows)
        of_formats = [row for name in sorted(declared.formats) for row in _rows_of_format(name)]
        of_vault = [_declared_row(row) for row in declared.rows]
        sources.append([*of_formats, *of_vault])
    if vault is not None and (vault / "mapping").is_dir() and not (vault / "mapping").is_symlink():
        sources.append(_rows_of(vault / "mapping", problems))
    if settings is not None:
        sources.append(_rows_in(settings.mapping, vault, problems))
    shipped: set[Source] = set()
    for source in sources:
        seen: dict[tuple[str, str], Source] = {}
        for row in source:
            first = seen.setdefault((row.table, row.name), row.source)
            if not isinstance(row.value, _SHAPES.get(row.table, dict)):
                message = with_row(row, _SHAPE_FAULTS.get(row.table, Message("a row should be a mapping")))
                problems.append(problem("bad-mapping", *row.source, 1, message))
            elif row.table in _OPEN and (row.table, row.name) in rows and len(sources) > 1 and source is not sources[0]:
                message = Message("what keeps a note back can be added to, but not replaced")
                hint = Message("give the row another name; [privacy] harmless in {file} takes a word away", file=FILE)
                problems.append(problem("bad-mapping", *row.source, 1, with_row(row, message), hint))
            elif first is not row.source:
                again = Message("{file}, line {line}, has a row of the same name", file=first.file, line=first.line)
                hint = Message("give one of them another name")
                problems.append(problem("bad-mapping", *row.source, 1, with_row(row, again), hint))
            elif row.table == "prefixes" and (row.table, row.name) in rows and row.source in places:
                continue  # the rows that Herbier ships are written with its own prefixes
            else:
                rows[row.table, row.name] = row
                if source is sources[0]:
                    shipped.add(row.source)
    declared_in = {row.source for row in rows.values() if row.source in places}
    own = {row.source for row in rows.values()} - shipped
    return Compiler(rows.values(), problems, own, declared, declared_in).rules()


@cache
def _shipped_rules(folder: Path) -> Rules:
    """Return the rules that Herbier ships, as most vaults have them."""
    return Compiler(_shipped_rows(folder), []).rules()


@cache
def _shipped_rows(folder: Path) -> tuple[TableRow, ...]:
    """Read the tables that Herbier ships, which stay as they are while it runs."""
    problems: list[Problem] = []
    rows = tuple(_rows_of(folder, problems))
    if problems:
        raise HerbierError(str(problems[0]))
    return rows


def _declared_row(row: DeclaredRow) -> TableRow:
    value = row.value[""] if row.table == "prefixes" else row.value
    return TableRow(row.table, row.name, value, Source(*row.place))


@cache
def _rows_of_format(name: str) -> tuple[TableRow, ...]:
    """Read the tables that Herbier ships for vaults of a format."""
    problems: list[Problem] = []
    rows = tuple(_rows_of(data_folder("mapping") / "formats" / name, problems, f"mapping/formats/{name}"))
    if problems:
        raise HerbierError(str(problems[0]))
    return rows


def _rows_of(folder: Path, problems: list[Problem], where: str = "mapping") -> Iterator[TableRow]:
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        name = f"{where}/{file.name}"
        if file.is_symlink():
            problems.append(problem("bad-mapping", name, 0, 0, Message("a symbolic link is not followed")))
            continue
        try:
            text = file.read_text("utf-8-sig")
            if depth(text) > DEEPEST:
                message = Message("the file could not be read: {why}", why=Message("it is nested too deep"))
                problems.append(problem("bad-mapping", name, 0, 0, message))
                continue
            root = yaml.compose(text, Loader=yaml.CBaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            message = Message("the file is not valid YAML: {why}", why=str(error.problem))
            problems.append(problem("bad-mapping", name, *place, message))
            continue
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            message = Message("the file could not be read: {why}", why=reason(error))
            problems.append(problem("bad-mapping", name, 0, 0, message))
            continue
        if not isinstance(root, yaml.MappingNode):
            message = Message("the file holds none of {names}", names=", ".join(TABLES))
            problems.append(problem("bad-mapping", name, 1, 1, message))
            continue
        for key, table in root.value:
            source = Source(name, key.start_mark.line + 1)
            if key.value not in TABLES or not isinstance(table, yaml.MappingNode):
                message = Message("unknown table {name!r}", name=str(key.value))
                problems.append(unknown_name(message, str(key.value), TABLES, source))
                continue
            for row_key, row in table.value:
                yield TableRow(key.value, str(row_key.value), _data(row), Source(name, row_key.start_mark.line + 1))


def _data(node: yaml.Node, depth: int = 0) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if depth > 3:
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, depth + 1) for item in node.value]
    return {str(key.value): _data(value, depth + 1) for key, value in node.value}


def _rows_in(tables: Mapping[str, Any], vault: Path | None, problems: list[Problem]) -> Iterator[TableRow]:
    for table, rows in tables.items():
        if table not in TABLES or not isinstance(rows, dict):
            source = Source(FILE, line_of_row(vault, table) if vault else 0)
            problems.append(unknown_name(Message("unknown table {name!r}", name=table), table, TABLES, source))
            continue
        for name, value in rows.items():
            yield TableRow(table, name, value, Source(FILE, line_of_row(vault, table, name) if vault else 0))
