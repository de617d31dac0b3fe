"""What click says of how commands are used, in the language of the person."""

from io import BytesIO
from pathlib import Path

import click.testing
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from herbier.cli import main
from herbier.translation import LOCALE

FOLDERS = sorted(file.parent for file in LOCALE.glob("*/LC_MESSAGES/click.po"))


def said_of(*arguments: str, language: str = "fr_CA.UTF-8") -> str:
    ran = click.testing.CliRunner().invoke(main, arguments, env={"LC_ALL": "", "LANG": language, "LANGUAGE": ""})
    assert ran.exit_code == (0 if "--help" in arguments else 2)
    return " ".join(ran.output.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chek"], "Erreur : Il n’y a pas de commande « chek ». Vouliez-vous dire 'check' ?"),
        (["check"], "Erreur : Il manque l’argument 'VAULT'."),
        (["check", ".", "--bse"], "Erreur : Il n’y a pas d’option « --bse ». Vouliez-vous dire '--base' ?"),
        (["serve", ".", "--port", "x"], "Erreur : Valeur incorrecte pour '--port' : « x » n’est pas un nombre."),
        (["redirect", "a", "b", "c"], "Erreur : Argument de trop (c)"),
        (["query", "--help"], "Usage : "),
    ],
)
def test_faults_in_use_are_told_in_french(arguments: list[str], told: str) -> None:
    assert told in said_of(*arguments)


def test_the_language_is_that_of_the_option_else_of_the_environment() -> None:
    assert "Erreur" in said_of("check", "--lang", "fr", "--bad", language="C.UTF-8")
    assert "Erreur" in said_of("check", "--bad", "--lang=fr", language="C.UTF-8")
    assert "Error: No such option" in said_of("check", "--lang", "en", "--bad")
    assert "Error: No such option" in said_of("check", "--bad", language="C.UTF-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_what_is_compiled_is_what_is_written(folder: Path) -> None:
    written = read_po(BytesIO((folder / "click.po").read_bytes()))
    assert len(written) > 30
    compiled = BytesIO()
    write_mo(compiled, written)
    assert (folder / "click.mo").read_bytes() == compiled.getvalue(), "run make messages"
