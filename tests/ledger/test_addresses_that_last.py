"""The ledger: an IRI once given stays given, whatever becomes of the notes."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from herbier.cli import main
from herbier.ledger.ledger_file import read_ledger, start_ledger
from herbier.pipeline.build import Built, build, keep_ledger
from herbier.pipeline.opening import open_vault
from herbier.rdf.formats import FORMATS

LONG = "Ce texte est assez long pour que la note se reconnaisse à ce qu'elle dit, même si son en-tête a changé. "


def write(vault: Path, name: str, text: str) -> Path:
    file = vault / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    start_ledger(tmp_path)
    return tmp_path


def pressed(vault: Path) -> tuple[str, Built]:
    """Build a vault as the command does, and return its N-Quads and what there is to tell."""
    blocks: list[bytes] = []
    opened = open_vault(vault)
    built = keep_ledger(opened, build(opened, blocks.append, FORMATS["nquads"]))
    return b"".join(blocks).decode(), built


def slugs(vault: Path) -> dict[str, str]:
    """Return the slug of each note that is there, by path, as the ledger has it after a build."""
    pressed(vault)
    ledger = read_ledger(vault)
    assert ledger is not None
    return {entry.path: entry.slug for entry in ledger.entries if entry.state == "live"}


def states(vault: Path) -> dict[str, str]:
    ledger = read_ledger(vault)
    assert ledger is not None
    return {entry.slug: entry.state for entry in ledger.entries}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_no_ledger_is_written_unless_there_is_one(tmp_path: Path) -> None:
    write(tmp_path, "Ada.md", "Ada")
    assert run("build", tmp_path, "-o", tmp_path.parent / "out.ttl").exit_code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["Ada.md"]


def test_check_writes_nothing(vault: Path) -> None:
    write(vault, "Ada.md", "Ada")
    before = (vault / "herbier.ledger").read_bytes()
    assert run("check", vault).exit_code == 0
    assert (vault / "herbier.ledger").read_bytes() == before


def test_a_renamed_note_keeps_its_iri_and_is_found_by_its_old_title(vault: Path) -> None:
    """A former title is a way to the note, and no name of its thing."""
    write(vault, "Ada.md", "Une mathématicienne.")
    write(vault, "b.md", "Voir [[Ada]].")
    assert slugs(vault) == {"Ada.md": "ada", "b.md": "b"}
    (vault / "Ada.md").rename(vault / "Ada Lovelace.md")
    text, built = pressed(vault)
    assert slugs(vault) == {"Ada Lovelace.md": "ada", "b.md": "b"}
    assert "alternateName" not in text
    assert "/doc/b> <http://purl.org/dc/terms/references> <http://127.0.0.1:8000/doc/ada>" in text
    assert [problem.code for problem in built.problems if problem.path == "b.md"] == []
    assert '/id/ada> <https://schema.org/name> "Ada Lovelace"' in text


def test_a_renamed_note_keeps_its_iri_beside_a_new_one_of_the_same_text(vault: Path) -> None:
    """The note of the same name, in whatever folder, is the one that was there; a copy of it is a new note."""
    write(vault, "ici/Ada.md", LONG)
    assert slugs(vault) == {"ici/Ada.md": "ada"}
    (vault / "ici/Ada.md").unlink()
    write(vault, "là/Ada.md", LONG)
    write(vault, "là/Copie.md", LONG)
    assert slugs(vault) == {"là/Ada.md": "ada", "là/Copie.md": "copie"}
    write(vault, "ici/Ada.md", LONG)
    assert slugs(vault)["là/Ada.md"] == "ada"


def test_a_renamed_note_that_leaves_its_name_to_a_new_one_takes_its_iri_along(vault: Path) -> None:
    write(vault, "Ada.md", LONG)
    assert slugs(vault) == {"Ada.md": "ada"}
    (vault / "Ada.md").rename(vault / "Ada Lovelace.md")
    write(vault, "Ada.md", "Tout autre chose.")
    assert slugs(vault)["Ada Lovelace.md"] == "ada"


def test_a_retitled_note_keeps_its_iri_and_all_its_titles(vault: Path) -> None:
    for title in ("Ada", "Ada Byron", "Ada Lovelace"):
        write(vault, "a.md", f"---\ntitle: {title}\n---\n")
        text, _ = pressed(vault)
    assert slugs(vault) == {"a.md": "ada"}
    assert "alternateName" not in text
    [entry] = [line for line in (vault / "herbier.ledger").read_text("utf-8").splitlines() if line.startswith("ada")]
    assert all(title in entry for title in ("Ada", "Ada Byron", "Ada Lovelace"))


def test_an_id_is_known_wherever_it_goes(vault: Path) -> None:
    write(vault, "a.md", "---\nid: 42\n---\nUn.")
    assert slugs(vault) == {"a.md": "a"}
    (vault / "a.md").unlink()
    write(vault, "ailleurs/b.md", "---\nid: 42\ntitle: Autre\n---\nTout autre chose.")
    write(vault, "a.md", "---\nid: 43\n---\nUn.")
    assert slugs(vault) == {"ailleurs/b.md": "a", "a.md": "a-" + slugs(vault)["a.md"].removeprefix("a-")}


def test_a_note_known_by_its_text_though_its_front_matter_has_changed(vault: Path) -> None:
    write(vault, "a.md", f"---\ntitle: A\n---\n{LONG}")
    assert slugs(vault) == {"a.md": "a"}
    (vault / "a.md").unlink()
    write(vault, "b.md", f"---\ntitle: B\nmodified: 2025-01-01\n---\n{LONG}")
    assert slugs(vault) == {"b.md": "a"}


def test_two_notes_that_swap_their_names_keep_their_iris(vault: Path) -> None:
    write(vault, "a.md", "Le premier.")
    write(vault, "b.md", "Le second.")
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}
    write(vault, "b.md", "Le premier.")
    write(vault, "a.md", "Le second.")
    assert slugs(vault) == {"a.md": "b", "b.md": "a"}


def test_a_folder_of_like_notes_moves(vault: Path) -> None:
    for name in ("un", "deux", "trois"):
        write(vault, f"ici/{name}.md", "À écrire.")
    before = slugs(vault)
    (vault / "ici").rename(vault / "là")
    assert slugs(vault) == {path.replace("ici", "là"): name for path, name in before.items()}


def test_git_knows_a_note_that_was_renamed_and_changed(vault: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, "-C", str(vault), *arguments], check=True, capture_output=True)

    lines = [f"La ligne {number} de la note." for number in range(30)]
    write(vault, "a.md", "\n".join(lines))
    write(vault, "b.md", "Une autre.")
    git("init", "-q")
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}
    git("add", "-A")
    git("commit", "-qm", "un")
    (vault / "a.md").unlink()
    write(vault, "nouveau.md", "\n".join([*lines[:25], "Et autre chose."]))
    assert slugs(vault) == {"nouveau.md": "a", "b.md": "b"}  # not committed
    git("add", "-A")
    git("commit", "-qm", "deux")
    (vault / "nouveau.md").unlink()
    write(vault, "encore.md", "\n".join([*lines[:22], "Et encore autre chose."]))
    git("add", "-A")
    git("commit", "-qm", "trois")
    assert slugs(vault) == {"encore.md": "a", "b.md": "b"}  # committed


def test_a_new_note_does_not_take_the_slug_of_one_that_is_gone(vault: Path) -> None:
    write(vault, "a.md", "Le premier.")
    assert slugs(vault) == {"a.md": "a"}
    (vault / "a.md").unlink()
    assert slugs(vault) == {}
    assert states(vault) == {"a": "gone"}
    write(vault, "a.md", "Un autre, du même nom.")
    found = slugs(vault)["a.md"]
    assert found.startswith("a-")
    _, built = pressed(vault)
    assert not built.problems or all(problem.code != "slug-collision" for problem in built.problems)


def test_a_note_that_comes_back_as_it_was_has_its_slug_again(vault: Path) -> None:
    write(vault, "a.md", "Le premier.")
    write(vault, "b.md", "Le second.")
    slugs(vault)
    (vault / "a.md").unlink()
    assert slugs(vault) == {"b.md": "b"}
    write(vault, "a.md", "Le premier.")
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}


def test_a_note_that_cannot_be_read_for_a_while_keeps_its_slug(vault: Path) -> None:
    write(vault, "a.md", "Le premier.")
    slugs(vault)
    (vault / "a.md").write_bytes(b"\0\1\2\3" * 100)
    assert slugs(vault) == {"a.md": "a"}
    write(vault, "a.md", "Le premier, changé.")
    assert slugs(vault) == {"a.md": "a"}


def test_a_new_note_changes_no_other_iri(vault: Path) -> None:
    write(vault, "z/Guide.md", "Celui de z.")
    assert slugs(vault) == {"z/Guide.md": "guide"}
    write(vault, "a/Guide.md", "Celui de a, qui vient avant.")
    assert slugs(vault) == {"z/Guide.md": "guide", "a/Guide.md": "a-guide"}


def test_what_a_note_says_its_slug_is_counts_and_the_old_one_leads_there(vault: Path) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "b.md", "Deux.")
    slugs(vault)
    write(vault, "a.md", "---\nslug: neuf\n---\nUn.")
    assert slugs(vault) == {"a.md": "neuf", "b.md": "b"}
    assert states(vault) == {"a": "merged", "b": "live", "neuf": "live"}
    write(vault, "a.md", "---\nslug: b\n---\nUn.")  # that of another
    _text, built = pressed(vault)
    assert slugs(vault) == {"a.md": "neuf", "b.md": "b"}
    assert [problem.code for problem in built.problems if problem.path == "a.md"] == ["slug-collision"]
    write(vault, "a.md", "---\nslug: a\n---\nUn.")  # back again
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}
    assert states(vault) == {"a": "live", "b": "live", "neuf": "merged"}


# --- privacy --------------------------------------------------------------------------------------------------------


def test_a_private_note_is_not_in_the_ledger(vault: Path) -> None:
    write(vault, "Zanzibar.md", "---\nprivate: true\nid: Zanzibar\nslug: zanzibar\n---\nZanzibar")
    slugs(vault)
    assert "zanzibar" not in (vault / "herbier.ledger").read_text("utf-8").lower()


def test_the_id_of_a_private_note_tells_nothing_of_it(vault: Path) -> None:
    write(vault, "Zanzibar.md", "---\nprivate: true\nid: 7\n---\nUn.")
    write(vault, "b.md", "---\nid: 7\n---\nDeux.")
    _, built = pressed(vault)
    assert [p for p in built.problems if p.code == "repeated-id"] == []
    write(vault, "c.md", "---\nid: 7\n---\nTrois.")
    _, built = pressed(vault)
    assert [(p.path, "Zanzibar" in p.message) for p in built.problems if p.code == "repeated-id"] == [("c.md", False)]


def test_a_note_that_vanished_is_not_named_where_a_private_note_is_called_so(vault: Path) -> None:
    write(vault, "Zanzibar.md", "Une note publique.")
    write(vault, "b.md", "---\ntitle: Autre\n---\nUne autre.")
    pressed(vault)
    (vault / "Zanzibar.md").unlink()
    (vault / "b.md").unlink()
    write(vault, "p/x.md", "---\ntitle: Zanzibar\nprivate: true\n---\nTout autre chose.")
    pressed(vault)
    kept = (vault / "herbier.ledger").read_text("utf-8")
    assert "anzibar" not in kept
    assert "b.md" in kept


@pytest.mark.parametrize("head", ["", "id: 7\n"])
def test_a_note_withdrawn_is_not_readable_in_the_ledger_and_comes_back(vault: Path, head: str) -> None:
    write(vault, "Zanzibar.md", f"---\n{head}title: Zanzibar\n---\nZanzibar")
    slugs(vault)
    write(vault, "Zanzibar.md", f"---\n{head}title: Zanzibar bis\n---\nZanzibar")
    assert slugs(vault) == {"Zanzibar.md": "zanzibar"}
    write(vault, "Zanzibar.md", f"---\n{head}title: Zanzibar\ndraft: true\n---\nZanzibar")
    assert slugs(vault) == {}
    assert "zanzibar" not in (vault / "herbier.ledger").read_text("utf-8").lower()
    write(vault, "autre/Zanzibar.md", "Un autre")
    assert slugs(vault) == {"autre/Zanzibar.md": "autre-zanzibar"}
    write(vault, "Zanzibar.md", f"---\n{head}title: Encore\n---\nZanzibar")
    assert slugs(vault) == {"Zanzibar.md": "zanzibar", "autre/Zanzibar.md": "autre-zanzibar"}
    pressed(vault)
    assert "Zanzibar bis" in (vault / "herbier.ledger").read_text("utf-8")


# --- redirects ------------------------------------------------------------------------------------------------------


def test_redirect_merges_two_notes(vault: Path) -> None:
    write(vault, "Mila.md", "Le Mila.")
    write(vault, "Institut.md", "L'institut.")
    write(vault, "c.md", "Voir [[Mila]] et [[Institut]].")
    slugs(vault)
    (vault / "Mila.md").unlink()
    result = run("redirect", "mila", "institut", "--vault", vault)
    assert result.exit_code == 0, result.output
    text, _built = pressed(vault)
    assert states(vault) == {"mila": "merged", "institut": "live", "c": "live"}
    assert "/id/mila> <http://purl.org/dc/terms/isReplacedBy> <http://127.0.0.1:8000/id/institut>" in text
    assert text.count("/doc/c> <https://schema.org/mentions> <http://127.0.0.1:8000/id/institut>") == 1
    assert "Stub" not in text
    write(vault, "Mila.md", "Une note toute neuve.")
    assert slugs(vault)["Mila.md"].startswith("mila-")


def test_a_note_merged_while_it_is_still_there_is_listed_and_links_to_it_lead_on(vault: Path) -> None:
    write(vault, "Mila.md", "Le Mila.")
    write(vault, "Institut.md", "L'institut.")
    write(vault, "c.md", "Voir [[Mila]].")
    slugs(vault)
    result = run("redirect", vault / "Mila.md", vault / "Institut.md", "--vault", vault)
    assert result.exit_code == 0, result.output
    assert "Mila.md is not published any more" in result.output
    text, built = pressed(vault)
    assert [problem.code for problem in built.problems] == ["merged-note"]
    assert built.counts.listed["Mila.md"] == "merged into institut"
    assert built.counts.files == built.counts.published + built.counts.private + len(built.counts.listed)
    assert "Le Mila." not in text
    assert "/doc/c> <https://schema.org/mentions> <http://127.0.0.1:8000/id/institut>" in text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("rien", "b", "no note has, or had, the address 'rien'"),
        ("a", "c", "no note has, or had, the address 'c'"),
        ("a", "a", "are the same note"),
        ("b", "parti", "is gone itself"),
        ("bb", "a", "did you mean 'b'?"),
    ],
)
def test_redirect_refuses_what_leads_nowhere(vault: Path, old: str, new: str, reason: str) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "b.md", "Deux.")
    write(vault, "parti.md", "Trois.")
    slugs(vault)
    (vault / "parti.md").unlink()
    before = (vault / "herbier.ledger").read_bytes()
    result = run("redirect", old, new, "--vault", vault)
    assert result.exit_code == 2
    assert reason in result.output
    assert (vault / "herbier.ledger").read_bytes() == before


def test_redirects_in_a_row_lead_to_the_end(vault: Path) -> None:
    for name in "abc":
        write(vault, f"{name}.md", f"La note {name}.")
    slugs(vault)
    for old, new in (("a", "b"), ("b", "c")):
        (vault / f"{old}.md").unlink()
        assert run("redirect", old, new, "--vault", vault).exit_code == 0
    pressed(vault)
    ledger = read_ledger(vault)
    assert ledger is not None
    assert ledger.leads_to("a") == ledger.leads_to("b") == "c"
    assert run("redirect", "c", "a", "--vault", vault).exit_code == 2


def test_redirect_needs_a_ledger(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "Un.")
    result = run("redirect", "a", "b", "--vault", tmp_path)
    assert result.exit_code == 2
    assert "herbier init" in result.output


def test_of_notes_of_one_text_each_keeps_its_own_iri(vault: Path) -> None:
    """One stays, one is renamed, and its name is taken by a note of another text."""
    write(vault, "a.md", LONG)
    write(vault, "b.md", LONG)
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}
    (vault / "b.md").rename(vault / "c.md")
    write(vault, "b.md", "Tout autre chose.")
    found = slugs(vault)
    assert (found["a.md"], found["c.md"]) == ("a", "b")


def test_of_notes_of_one_name_and_one_text_each_keeps_its_own_iri(vault: Path) -> None:
    """One stays, one moves, and its place is taken by a note of another text."""
    write(vault, "x/a.md", LONG)
    write(vault, "y/a.md", LONG)
    assert slugs(vault) == {"x/a.md": "a", "y/a.md": "y-a"}
    write(vault, "z/a.md", LONG)
    write(vault, "y/a.md", "Tout autre chose.")
    found = slugs(vault)
    assert (found["x/a.md"], found["z/a.md"]) == ("a", "y-a")


def test_a_note_of_another_id_in_the_same_place_is_another_note(vault: Path) -> None:
    write(vault, "a.md", "---\nid: 1\n---\nUn texte.")
    assert slugs(vault) == {"a.md": "a"}
    write(vault, "a.md", "---\nid: 2\n---\nTout autre chose.")
    assert slugs(vault)["a.md"] != "a"
