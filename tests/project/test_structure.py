"""Guards: the order of the stages, one table of codes, nothing printed by the library, a sound mapping, doctests."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import CASES, ROOT
from tests.project.layers import END, README, START, floors, picture, rooms

import herbier
from herbier.cli import COMMANDS
from herbier.pipeline.opening import open_vault
from herbier.problems import CODES

SOURCE = ROOT / "src" / "herbier"
# Each room, a module or a folder of `herbier`, imports only from those before it (and from itself).
ROOMS = """messages data_folders problems translation atomic_file text rdf config guide vault rules ledger index shapes
mapping pipeline store checking inspect fix wikidata web cli __main__""".split()  # noqa: SIM905
FILES = sorted(SOURCE.rglob("*.py"))


def name_of(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def module_of(file: Path) -> str:
    return ".".join(["herbier", *file.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__")


MODULES = {module_of(file): file for file in FILES}


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules of Herbier that a file imports, wherever in it, with the line."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(file)}:{node.lineno}: a relative import"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found = name if name in MODULES else node.module
                if found in MODULES:
                    yield str(found), node.lineno


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_module_has_its_place_in_the_order() -> None:
    assert {room(module) for module in MODULES} - {""} == set(ROOMS), "put the new module into ROOMS"


@pytest.mark.parametrize("file", [file for file in FILES if file != SOURCE / "__init__.py"], ids=name_of)
def test_nothing_imports_from_a_later_room(file: Path) -> None:
    own = ROOMS.index(room(module_of(file)))
    wrong = [
        f"{name_of(file)}:{line} imports {module}"
        for module, line in imports(file)
        if room(module) and ROOMS.index(room(module)) > own
    ]
    assert not wrong


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        module: {other for other, _ in imports(file)} - {module}
        for module, file in MODULES.items()
        if module != "herbier"
    }
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module not in done:
            for other in sorted(graph.get(module, ())):
                walk(other, (*path, module))
            done.add(module)

    for module in sorted(graph):
        walk(module, ())
    assert graph.keys() <= done


def test_the_picture_of_the_layers_is_that_of_the_imports() -> None:
    assert f"{START}{picture()}{END}" in README.read_text("utf-8"), "python -m tests.project.layers"


def test_the_house_has_few_rooms_and_floors_and_no_large_file() -> None:
    graph = rooms()
    assert graph.keys() == set(ROOMS) - {"__main__"}
    assert len(graph) + 2 <= 25, "with __init__ and __main__"
    assert max(floors(graph).values()) <= 14
    assert not [name_of(file) for file in FILES if len(file.read_text("utf-8").splitlines()) > 350]


def test_no_two_modules_have_one_name() -> None:
    """Names are unique, but that a file of `cli/` has the name of its command, which is what the other one does."""
    found: dict[str, list[str]] = {}
    for file in FILES:
        if not file.stem.startswith("__"):
            found.setdefault(file.stem, []).append(name_of(file))
    several = {name: files for name, files in found.items() if len(files) > 1}
    assert set(several) <= set(COMMANDS)
    assert all(len(files) == 2 and f"cli/{name}.py" in files for name, files in several.items())


def test_no_two_public_classes_or_functions_have_one_name() -> None:
    found: dict[str, list[str]] = {}
    for file in FILES:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name_of(file))
    # what a blueprint answers is named as its address; the public interface is named as what it opens and checks
    answers = {"tags", "note", "whole"}
    public = {name for name, files in found.items() if "__init__.py" in files}
    assert {name for name, files in found.items() if len(files) > 1} - answers - public == set()


def test_what_is_public_is_named_and_told() -> None:
    assert sorted(herbier.__all__) == ["HerbierError", "Problem", "__version__", "check", "load", "open_vault"]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in ("load", "open_vault", "check") if f"herbier.{name}" not in readme]
    assert "internal" in str(herbier.__doc__)


def strings(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def told(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the codes that a file gives to `problem` and `tell`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("problem", "report"):
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(argument.value)):
                        yield str(argument.value), node.lineno


def test_every_code_that_is_told_is_in_the_table() -> None:
    found = [(code, name_of(file), line) for file in FILES for code, line in told(file)]
    assert len(found) > 30
    assert not [place for place in found if place[0] not in CODES]


def test_every_code_of_the_table_is_told() -> None:
    used = {text for file in FILES if file.name != "problems.py" for text in strings(file)}
    assert not CODES.keys() - used


def test_every_code_has_a_meaning_and_a_severity() -> None:
    for code, entry in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
        assert entry.severity in (("info",) if code == "wikidata-readiness" else ("error", "warning"))
        assert entry.meaning.endswith(".")


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_library_catches_no_exception_at_large(file: Path) -> None:
    wrong = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            wrong += [node.lineno for kind in kinds if kind is None or getattr(kind, "id", "") == "Exception"]
    assert not wrong


@pytest.mark.parametrize("file", [file for file in FILES if "cli" not in file.parts], ids=name_of)
def test_only_the_command_line_prints_and_ends_the_process(file: Path) -> None:
    wrong = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("print", "sys.exit", "exit", "quit", "os._exit") or called.startswith(
                ("sys.stdout", "sys.stderr", "click.")
            ):
                wrong.append(f"{node.lineno}: {called}")
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_module_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(tree(file)) or not file.read_text("utf-8").strip()


# --- the mapping that is shipped ------------------------------------------------------------------


def test_the_shipped_mapping_loads_without_problems(tmp_path: Path) -> None:
    opened = open_vault(tmp_path)
    assert opened.rules.problems == ()
    assert opened.problems == ()
    assert len(opened.rules.keys) > 200
    assert len(opened.rules.types) > 100


def test_every_term_of_the_mapping_expands(tmp_path: Path) -> None:
    rules = open_vault(tmp_path).rules
    named = {rule.name: rule.terms for rule in rules.types.values()} | {
        entry.name: entry.terms for entry in rules.model.rows()
    }
    assert all(named.values()), [name for name, terms in named.items() if not terms]
    keys = {rule for found in rules.keys.values() for rule in found}
    for rule in keys:
        assert rule.role or rule.kind == "nothing" or rule.thing or rule.note or rule.concept, rule.name
    terms = [term for found in named.values() for term in found]
    terms += [term for rule in keys for term in (*rule.thing, *rule.note, *rule.concept, *rule.classes)]
    assert len(terms) > 150
    assert not [term for term in terms if not re.fullmatch(r"<https?://[^\s<>]+[\w]>", term)]
    assert not [term for term in terms if "http://schema.org" in term]


def test_every_relation_has_an_inverse_that_names_it(tmp_path: Path) -> None:
    relations = open_vault(tmp_path).rules.relations
    wanted = {
        "isPartOf",
        "hasPart",
        "subClassOf",
        "seeAlso",
        "differentFrom",
        "uses",
        "relatedTo",
        "follows",
        "precedes",
    }
    assert wanted <= relations.keys()
    for relation in relations.values():
        if relation.inverse:
            assert relations[relation.inverse].inverse == relation.name


def test_no_name_means_two_things(tmp_path: Path) -> None:
    """But for `published`, which is a yes or a no, or else a date."""
    rules = open_vault(tmp_path).rules
    own = {name: [rule for rule in found if not rule.of] for name, found in rules.keys.items()}  # not of a value's keys
    twice = {name: [rule.name for rule in found if not rule.types] for name, found in own.items()}
    assert {name for name, found in twice.items() if len(found) > 1} <= {"published"}
    by_type = {
        (name, kind): [rule.name for rule in found if kind in rule.types]
        for name, found in own.items()
        for kind in {kind for rule in found for kind in rule.types}
    }
    assert not {place: found for place, found in by_type.items() if len(found) > 1}


# --- doctests, cases ------------------------------------------------------------------------------


def library_modules() -> list[str]:
    return [found.name for found in pkgutil.walk_packages(herbier.__path__, "herbier.")]


@pytest.mark.parametrize("name", library_modules())
def test_doctests(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_there_are_doctests() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in library_modules() for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 10


@pytest.mark.parametrize("words", [[], ["absent"], ["shape-a", "absent"], ["shape-a", "--with", "autre.txt"]])
def test_goldens_are_written_anew_only_for_cases_that_are_named(words: list[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in CASES.rglob("*") if file.is_file()}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "regenerate.py", *words], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert b"name the cases" in done.stderr
    assert {file: file.stat().st_mtime_ns for file in CASES.rglob("*") if file.is_file()} == before
