"""What the wheel compiles; that it does the same is shown by `make soak`, which runs these tests on the wheel."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HOOK = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]


@pytest.mark.parametrize("name", HOOK["include"])
def test_what_is_compiled_is_there_and_bounds_its_own_depth(name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    assert "RecursionError" not in source, "machine code overflows its stack instead"
    assert "yaml" not in imported(source), "a value of YAML may hold itself"


def imported(source: str) -> set[str]:
    """Return the packages that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def test_what_a_module_imports_is_found() -> None:
    assert imported("import re, yaml.nodes\ndef f():\n    from json import loads") == {"re", "yaml", "json"}


def test_a_checkout_is_of_plain_python() -> None:
    assert HOOK["enable-by-default"] is False
    assert not list((ROOT / "src").rglob("*.so")), "compiled modules would be imported in the place of the source"
