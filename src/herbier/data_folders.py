"""The folders of Herbier's own tables: `mapping`, `ontology`, `shapes`."""

from pathlib import Path

_HERE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder `mapping`, `ontology` or `shapes`: inside a wheel, else at the top of a checkout."""
    packed = _HERE / "data" / name
    return packed if packed.is_dir() else _HERE.parent.parent / name
