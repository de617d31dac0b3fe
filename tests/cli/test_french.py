"""What a note keeper sees in French, at the command line; `french/` holds a whole answer of check."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import FRENCH, Files, run, vault

NARROW = "\u202f"  # the no-break space of French; a tilde stands for it below, to be seen
GOLDEN = Path(__file__).parent / "french"
VAULT: Files = {
    "herbier.toml": 'language = "fr"\ntitel = "Jardin"\nlicense = 1\n[limits]\nfile_size = 2000\n',
    "Ada.md": """---
titre: Ada
type: peronne
née: jamais
brouillon: peut-être pas
---
""",
    "a.md": """---
née: jamais
humeur: bleu
rdfs:seeAlso: '[[Ada]]'
rdfs:seeAlso: '[[b]]'
lieu: Nulle part
notes: {{notes}}
- type: isPartOf
  target: '[[b]]'
---
Un lien vers [[c]], vers [[b#Titre]], vers [[double]] et vers [[photo.png]].

%% fin
""",
    "b.md": '---\ntitre: "B\n---\nUn texte.\n',
    "double.md": "",
    "x/double.md": "",
    "y/double.md": "",
    "z/n.md": "[[double]]\n",
    "photo.png": b"\x89PNG",
    "gros.md": "gros " * 1000,
    "latin.md": "Été".encode("cp1252"),
    "binaire.md": b"\x00\x01\x02\xff",
}


def french(text: str) -> str:
    return text.replace("~", NARROW)


def test_check_tells_a_note_keeper_in_french(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", VAULT)
    done = run("check", root, "--lang", "fr")
    assert (done.code, done.out, done.err.replace(str(root), "NOTES")) == (
        1,
        *((GOLDEN / name).read_text("utf-8") for name in ("check-fr.out", "check-fr.err")),
    )


def test_the_vault_has_a_problem_of_many_kinds_and_all_are_told_in_both_languages(tmp_path: Path) -> None:
    root = vault(tmp_path, VAULT)
    found = {
        language: json.loads(run("check", root, "--lang", language, "--format", "json").out)
        for language in ("en", "fr")
    }
    assert len({each["code"] for each in found["en"]}) >= 16
    for one, other in zip(found["en"], found["fr"], strict=True):
        assert {key: one[key] for key in one if key not in ("message", "hint")} == {
            key: other[key] for key in other if key not in ("message", "hint")
        }
        assert one["message"] != other["message"]
        assert bool(one["hint"]) == bool(other["hint"])
        assert one["hint"] != other["hint"] or not one["hint"]


def test_other_programs_are_told_in_french_too(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[c]]\n", "herbier.toml": FRENCH})
    told = french("aucune note ne s’appelle «~c~»")
    hint = "écrivez cette note, ou corrigez le lien"
    [found] = json.loads(run("check", root, "--lang", "fr", "--format", "json").out)
    assert (found["severity"], found["message"], found["hint"]) == ("warning", told, hint)
    [log] = json.loads(run("check", root, "--lang", "fr", "--format", "sarif").out)["runs"]
    assert log["results"][0]["message"]["text"] == f"{told}\n{hint}"
    assert log["results"][0]["level"] == "warning"
    assert log["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "Un lien ne mène à aucune note du coffre."
    assert f"::{told}%0A{hint}\n" in run("check", root, "--lang", "fr", "--format", "github").out


def test_check_follows_the_environment_unless_it_is_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = vault(tmp_path, {"a.md": "[[c]]\n"})
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert french("avertissement~: aucune note") in run("check", root).out
    assert "warning: no note is called 'c'" in run("check", root, "--lang", "en").out


def test_build_tells_in_the_language_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "v", {"a.md": "[[c]]\n", "herbier.toml": FRENCH})
    monkeypatch.delenv("LC_ALL")
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    done = run("build", root, "-o", tmp_path / "a.ttl")
    assert done.code == 0
    assert done.err == french(
        "a.md:1:1: avertissement~: aucune note ne s’appelle «~c~» [dangling-link]\n"
        "    conseil~: écrivez cette note, ou corrigez le lien\n"
        "herbier.toml: avertissement~: aucune adresse de base n’est indiquée~: les adresses commencent par "
        "http://127.0.0.1:8000/ et ne valent que sur cette machine [default-base]\n"
        '    conseil~: écrivez `base = "https://..."` dans herbier.toml, ou donnez `--base`\n'
        "fichiers~: 2 = 1 (publiés) + 0 (privés) + 1 (laissés de côté)\n"
        "    un réglage du coffre~: herbier.toml\n"
        "choses qui ont une classe~: 0 sur 1 (herbier learn en propose davantage)\n"
    )


def test_build_tells_how_many_warnings_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "v", {"a.md": "".join(f"[[n{number}]]\n" for number in range(30))})
    monkeypatch.setenv("LC_ALL", "fr")
    told = run("build", root, "-o", tmp_path / "a.ttl").err
    assert french(f"\n… et d’autres avertissements (11)~: herbier check {root}\n") in told


def test_the_graph_is_the_same_in_every_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "v", VAULT)
    run("build", root, "-o", tmp_path / "en.nq")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    run("build", root, "-o", tmp_path / "fr.nq")
    assert (tmp_path / "en.nq").read_bytes() == (tmp_path / "fr.nq").read_bytes() != b""


def test_why_nothing_could_be_done_is_told_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = tmp_path / "absent"
    done = run("check", absent, "--lang", "fr")
    assert (done.code, done.err) == (2, french(f"erreur~: il n’y a ni fichier ni dossier «~{absent}~»\n"))
    monkeypatch.setenv("LC_ALL", "fr")
    notes, query = vault(tmp_path / "notes", {"a.md": ""}), "SELECT ?x {\n ?x foo:bar ?y }"
    done = run("build", tmp_path / "v", "-o", tmp_path / "sortie")
    assert done.err.startswith(
        french("erreur~: sortie n’a pas de suffixe qui dise le format~; les suffixes connus sont .ttl, ")
    )
    absence = "ce fichier ou ce dossier n’existe pas"
    wrong = "la requête n’est pas du SPARQL valide"
    for args, told in (
        (("build", absent, "-o", "a.ttl"), f"le dossier «~{absent}~» n’existe pas"),
        (("build", notes / "a.md", "-o", "a.ttl"), f"«~{notes}/a.md~» est un fichier~: nommez le dossier des notes"),
        (("build", notes, "-o", absent / "a.ttl"), f"{absent}/a.ttl n’a pas pu être écrit~: {absence}"),
        (("query", notes, f"@{absent}"), f"{absent} n’a pas pu être lu~: {absence}"),
        (("query", notes, query), f"{wrong}, à la ligne 2, colonne 5~: le préfixe «~foo:~» n’est pas déclaré"),
        (("query", notes, "ASK { ?x a schema:Person"), f"{wrong}, à la ligne 1, colonne 25~: il faudrait là~: "),
    ):  # fmt: skip
        done = run(*args)
        assert (done.code, done.err.startswith(french(f"erreur~: {told}"))) == (2, True), done.err
    assert run("query", notes, "SELECT * { ?x a schema:City }").out.endswith("aucune ligne\n")
    assert run("query", notes, "ASK { ?x ?y ?z }").out == "oui\n"
    done = run("build", vault(tmp_path / "v", {}), "-o", tmp_path / "a.xyz")
    assert done.code == 2
    assert done.err.startswith(french("erreur~: a.xyz~: suffixe inconnu «~.xyz~»~; les suffixes connus sont .ttl, "))


def test_what_is_known_from_the_last_time_is_told_in_another_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
    monkeypatch.setattr("herbier.pipeline.cache._TOO_NEW", -(10**9))
    root = vault(tmp_path, {"latin.md": b"\xe9", "a.md": "---\nhumeur: bleu\n---\n", "herbier.toml": FRENCH})
    english = run("check", root, "--lang", "en").out
    assert "latin.md:1:1: warning: the file is not UTF-8" in english
    monkeypatch.setattr("herbier.pipeline.worker.read_note", None)  # what was wrong in the files is known from now on
    second = run("check", root, "--lang", "fr").out
    assert french("latin.md:1:1: avertissement~: le fichier n’est pas en UTF-8~; il a été lu") in second
    assert french("a.md:2:1: avertissement~: clé inconnue~: «~humeur~»") in second
    assert "unknown key" not in second
    monkeypatch.setattr("herbier.checking.check_worker.read_note", None)  # and what is wrong in what they say
    assert run("check", root, "--lang", "fr").out == second


def test_problems_of_many_processes_are_told_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "v", {f"n{number}.md": f"[[x{number}]]\n" for number in range(5)})
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    told = run("build", root, "-o", tmp_path / "a.nq", "--jobs", "2").err
    assert told.count("aucune note ne s’appelle") == 5


def test_english_does_without_babel(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[c]]\n"})
    script = "import sys\nfrom herbier.cli import main\ntry: main()\nfinally: print('babel' in sys.modules)"
    loads = {
        language: subprocess.run(
            [sys.executable, "-c", script, "check", root, "--lang", language],
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout.endswith(b"True\n")
        for language in ("en", "fr")
    }
    assert loads == {"en": False, "fr": True}


# --- the other commands ---------------------------------------------------------------------------------------------

NOTES: Files = {
    "herbier.toml": FRENCH,
    "Ada.md": "---\ntitre: Ada\nnaissance: 1815\nhumeur: bleu\nvoir aussi: '[[B]]'\nvoir aussi: '[[C]]'\n---\nAda.\n",
    "toml.md": "+++\n= =\n+++\n",
}
TOLD = {
    "fix": "toml.md:2~: laissé tel quel~: Une valeur n’est pas valide dans son format et a été lue comme du texte (se",
    "fix absent.md": "erreur~: il n’y a ni fichier ni dossier «~absent.md~»\n",
    "explain Ada.md": "Ada.md est http://127.0.0.1:8000/doc/ada, au sujet de http://127.0.0.1:8000/id/ada\n",
    "explain Ada.md --triple 1": "Ada.md~: triplet 1 sur ",
    "explain Ada.md --triple 99": "erreur~: il n’y a pas de triplet 99~: Ada.md en donne ",
    "explain Ada.md --why-not humeur": "aucune règle ne connaît «~humeur~»~; la clé est gardée sous key/humeur\n",
    "explain Ada.md --why-not mort": "la note n’a pas de clé «~mort~»\n",
    "explain Ada": "nom du fichier | Ada.md\n",
    "explain Adda": "erreur~: il n’y a ni fichier «~Adda~», ni note publiée de ce nom~; vouliez-vous dire «~Ada~»~?\n",
    "explain . --iri id/nul": "erreur~: aucune note ne parle de http://127.0.0.1:8000/id/nul",
    "inventory": "Clés~: 5 dans 2 notes, dont 2 sans règle\n",
    "init --yes": "herbier.toml existe déjà et reste tel quel~; --force le récrit\n",
    "init --yes --force --language zz9!": "erreur~: il faut à --language un code de langue, comme",
    "redirect a b": "a pas encore de registre~: herbier init en crée un\n",
    "help nulle-part": "erreur~: le guide ne dit rien de «~nulle-part~»",
    "build -o a.xyz": "erreur~: a.xyz~: suffixe inconnu",
    "check Ada.md": "Ada.md:4:1: avertissement~: clé inconnue",
}


@pytest.mark.parametrize("words", TOLD)
def test_a_command_speaks_french(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault(tmp_path, NOTES))
    name, *more = words.split()
    if name in ("fix", "inventory", "init", "build") and not (more and more[0].endswith(".md")):
        more.insert(0, ".")
    english = run(name, *more)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    done = run(name, *more)
    assert french(TOLD[words]) in done.out + done.err
    assert done.code == english.code
    assert french(TOLD[words]) not in english.out + english.err


def test_init_asks_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    done = run("init", vault(tmp_path / "v", {"a.md": "Un texte."}), "--yes")
    assert done.code == 0
    for told in ("herbier.toml est écrit\n", "herbier.ledger est créé~: ", "aucune adresse de base n’est indiquée~: "):
        assert french(told) in done.err
    assert french("\n\nEnsuite~:\n    herbier check ") in done.out


@pytest.mark.parametrize(("name", "step"), [("inventory", "comptage"), ("fix", "correction"), ("query", "écriture")])
def test_how_far_a_long_work_is_is_told_in_french(name: str, step: str, tmp_path: Path) -> None:
    """On a terminal, at once for once, and beside the answer: what is asked for goes to the standard output alone."""
    script = "from herbier.cli import main, output_terminal; output_terminal._PATIENCE = 0; main()"
    more = ["ASK { ?s ?p ?o }"] if name == "query" else []
    told, terminal = os.openpty()
    environment = {**os.environ, "LC_ALL": "fr_FR.UTF-8", "TERM": "xterm", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    notes = vault(tmp_path / "v", {"a.md": "[[b]]\n", "b.md": "---\ntags: [a, b\n---\n"})
    command = [sys.executable, "-c", script, name, str(notes), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, env=environment, timeout=60, check=True)
    os.close(terminal)
    assert step in os.read(told, 100_000).decode()
    os.close(told)
    assert {"inventory": "Clés", "fix": "+tags: [a, b]", "query": "oui"}[name] in done.stdout.decode()
