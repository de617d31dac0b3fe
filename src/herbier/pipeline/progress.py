"""How far a long work is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is being done, how many notes are done, of how many


def silent(step: str, done: int, total: int) -> None:
    """Show no progress."""
