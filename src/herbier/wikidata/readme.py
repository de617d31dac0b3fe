"""The README beside the files for Wikidata, in the language of the vault."""

from herbier.pipeline.opening import Vault
from herbier.translation import ENGLISH, LOCALE
from herbier.wikidata.things import ExportTerms

_NAME = "wikidata.md"


def readme_languages() -> list[str]:
    """Return the languages in which there is a README."""
    return sorted(file.parent.name for file in LOCALE.glob(f"*/{_NAME}"))


def readme(vault: Vault, terms: ExportTerms) -> str:
    """Return the README; in English where there is none in the language of the vault."""
    code = vault.settings.language.partition("-")[0]
    text = (LOCALE / (code if code in readme_languages() else ENGLISH) / _NAME).read_text("utf-8")
    columns = "\n".join(
        f"| `{row.column}` | {row.entity} | {', '.join(sorted(row.only))} |" for row in terms.properties if row.column
    )
    title = vault.settings.title or vault.mint.base
    return text.replace("{title}", title).replace("{columns}", columns)
