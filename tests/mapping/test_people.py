"""What a note about a person is called."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, facts, vault


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("nom: Curie\nprénom: Pierre", "Pierre Curie"),
        ("nom: Pierre Curie\nprénom: Pierre", "Pierre Curie"),
        ("name: P. Curie\nfirst name: Pierre", "P. Curie"),
        ("nom: Curie", "Curie"),
        ("titre: Le physicien\nnom: Curie\nprénom: Pierre", "Le physicien"),
    ],
)
def test_a_family_name_beside_a_given_name_is_no_title(front: str, title: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"Pierre Curie.md": f"---\ntype: personne\n{front}\n---\n", "herbier.toml": FRENCH})
    [found] = [note for note in facts(root) if "dcterms:title" in note]
    assert found.endswith(f' dcterms:title "{title}"@fr')
