"""Vaults in the conventions of several kinds of users: what is understood of them, as they come and once they learn."""

from pathlib import Path

import pytest
from tests.vaults.judge import VAULTS, answers, copied, judge, learn, questions, said

EACH = pytest.mark.parametrize("name", VAULTS)


@EACH
def test_as_it_comes_most_classes_are_found_and_none_is_wrong(name: str, tmp_path: Path) -> None:
    score = judge(name, copied(name, tmp_path))
    assert score.wrong_classes == []
    assert score.classes >= 0.8, score.missing
    assert score.precision == 1, score.wrong


@EACH
def test_once_it_has_learnt_nearly_all_is_found(name: str, tmp_path: Path) -> None:
    root = copied(name, tmp_path)
    learn(root)
    score = judge(name, root)
    assert score.classes >= 0.95, score.missing
    assert score.facts >= 0.9, score.missing
    assert score.precision >= 0.98, score.wrong


@EACH
def test_what_its_keeper_would_ask_is_answered(name: str, tmp_path: Path) -> None:
    root = copied(name, tmp_path)
    learn(root)
    store = said(root)
    found = {asked.asks: answers(store, asked.sparql) for asked in questions(name)}
    assert found == {asked.asks: asked.answers for asked in questions(name)}
