"""What a check keeps from the last time makes no difference but in time, whatever has changed since."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FRENCH, vault
from tests.keeper import NO_PARTS, Keeper, problems

FOUNDERS = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
<x:Founders> a sh:NodeShape ; sh:targetSubjectsOf schema:founder ; sh:property <x:founder> .
<x:founder> sh:path schema:founder ; sh:class schema:Person ; sh:message "no person"@en .
"""


@pytest.mark.parametrize(
    ("files", "changed", "text"),
    [
        # what X is makes A what it is, and so whether A can be a founder
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[X]]'\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # and by way of another
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[Y|un Y]]'\n---\n",
                "Y.md": "---\ntype: ['[[X]]']\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # what A says of B
        ({"B.md": "B", "shapes/x.ttl": NO_PARTS}, "A.md", ("---\nhasPart: '[[B]]'\n---\n", "A")),
        # a note that a concept names becomes a concept, for others too
        ({"O.md": "[[S]]", "C.md": "---\nsubClassOf: '[[S]]'\n---\n"}, "A.md", ("---\ntype: '[[S]]'\n---\n", "A")),
    ],
)
@pytest.mark.parametrize("back", [False, True])
def test_what_changes_in_one_note_is_told_of_others(
    files: dict[str, str], changed: str, text: tuple[str, str], back: bool, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.cache._TOO_NEW", -(10**9))
        before, after = text[::-1] if back else text
        root = vault(tmp_path / "v", {**files, changed: before, "herbier.toml": FRENCH})
        first = problems(root, patch, tmp_path / "cache")
        (root / changed).write_text(after, "utf-8")
        assert problems(root, patch, tmp_path / "cache") == problems(root, patch, tmp_path / "cold")
        assert first == problems(vault(tmp_path / "w", {**files, changed: before, "herbier.toml": FRENCH}), patch,
                                 tmp_path / "other")  # fmt: skip


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_what_is_kept_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.survey.WORTH_A_CACHE", 0)
        patch.setattr("herbier.cache._TOO_NEW", -(10**9))
        folder = tmp_path_factory.mktemp("v")
        root = vault(folder / "v", {"herbier.toml": f'{FRENCH}include = ["plus.ttl"]\n'})
        keeper = Keeper(root, Random(seed))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        for _ in range(8):
            keeper.change()
        for turn in range(6):
            for _ in range(keeper.random.randrange(3)):
                keeper.change()
                if keeper.random.randrange(2):
                    keeper.upset(folder / "cache")
            # what has changed a moment ago is kept, but not trusted
            patch.setattr("herbier.cache._TOO_NEW", keeper.random.choice([-(10**9), 2 * 10**9]))
            warm = problems(root, patch, folder / "cache")
            cold = problems(root, patch, folder / f"cold{turn}")
            assert warm == cold
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
