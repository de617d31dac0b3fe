"""The picture of the layers in src/README.md, made from the imports: `python -m tests.project.layers` draws it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "herbier"
README = ROOT / "src" / "README.md"
START, END = "```mermaid\n", "```\n"


def imports(file: Path) -> Iterator[str]:
    """Yield the modules of Herbier that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("herbier."):
            yield str(node.module)


def rooms() -> dict[str, set[str]]:
    """Return what each room imports from: a room is a folder or a loose module of the package."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in SOURCE.rglob("*.py"):
        name = file.relative_to(SOURCE).with_suffix("").parts[0]
        if name in ("__init__", "__main__"):
            continue
        found[name] |= {module.split(".")[1] for module in imports(file)} - {name}
    return dict(found)


def floors(graph: dict[str, set[str]]) -> dict[str, int]:
    """Return the floor of each room: one more than that of the highest room that it imports from."""
    known: dict[str, int] = {}

    def floor(name: str) -> int:
        if name not in known:
            known[name] = 1 + max(map(floor, graph[name]), default=0)
        return known[name]

    return {name: floor(name) for name in graph}


def needed(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the arrows that do not follow from others (the transitive reduction)."""

    def reach(name: str) -> set[str]:
        return graph[name].union(*map(reach, graph[name]))

    return {
        (name, other) for name in graph for other in graph[name]
        if not any(other in reach(third) for third in graph[name] - {other})
    }  # fmt: skip


def picture() -> str:
    """Return the rooms as a flow chart of Mermaid, the foundation at the bottom."""
    graph = rooms()
    level = floors(graph)
    lines = ["flowchart BT"]
    lines += [f"    {low} --> {high}" for high, low in sorted(needed(graph), key=lambda a: (level[a[1]], a[1], a[0]))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    before, _, rest = README.read_text("utf-8").partition(START)
    README.write_text(f"{before}{START}{picture()}{END}{rest.partition(END)[2]}", "utf-8")
