"""The files that declare something, a row each, and who reads them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from herbier.problems import Problem
from herbier.vault.declarations import content_managers, dendron_schemas, obsidian_settings, site_generators
from herbier.vault.declarations.data_file import DataFile, read_data
from herbier.vault.declarations.declared import Declared
from herbier.vault.declarations.knowledge_bundles import read_bundle
from herbier.vault.declarations.vault_ld import read_contexts

Reader = Callable[[DataFile, Declared], None]

# What stands above goes before what stands below. `*` is for any name.
DECLARATIONS: Final[dict[str, Reader]] = {
    ".obsidian/types.json": obsidian_settings.read_property_types,
    ".obsidian/templates.json": obsidian_settings.read_core_templates,
    ".obsidian/plugins/templater-obsidian/data.json": obsidian_settings.read_templater,
    "_config.yml": site_generators.read_jekyll,
    "_config.yaml": site_generators.read_jekyll,
    "_config.toml": site_generators.read_jekyll,
    "hugo.toml": site_generators.read_hugo,
    "hugo.yaml": site_generators.read_hugo,
    "hugo.yml": site_generators.read_hugo,
    "hugo.json": site_generators.read_hugo,
    "config/_default/languages.toml": site_generators.read_hugo_languages,
    "config/_default/languages.yaml": site_generators.read_hugo_languages,
    "config/_default/hugo.toml": site_generators.read_hugo,
    "config/_default/hugo.yaml": site_generators.read_hugo,
    "config/_default/config.toml": site_generators.read_hugo,
    "config/_default/config.yaml": site_generators.read_hugo,
    "zola.toml": site_generators.read_zola,
    "config.toml": site_generators.read_hugo,
    "config.yaml": site_generators.read_hugo,
    "mkdocs.yml": site_generators.read_mkdocs,
    "mkdocs.yaml": site_generators.read_mkdocs,
    "admin/config.yml": content_managers.read_decap,
    "static/admin/config.yml": content_managers.read_decap,
    "public/admin/config.yml": content_managers.read_decap,
    "src/admin/config.yml": content_managers.read_decap,
    "frontmatter.json": content_managers.read_front_matter_cms,
    "*.schema.yml": dendron_schemas.read_schema,
    "*/*.schema.yml": dendron_schemas.read_schema,
}


def read_declared(root: Path, problems: list[Problem]) -> Declared:
    """Return what the files of a vault declare; a broken one is reported and left out."""
    declared = Declared()
    for name, reader in DECLARATIONS.items():
        paths = sorted(path.relative_to(root).as_posix() for path in root.glob(name)) if "*" in name else [name]
        for path in paths:
            if (file := read_data(root, path, problems)) is not None:
                declared.files.add(path)
                reader(file, declared)
            elif (root / path).is_file():
                declared.files.add(path)
    read_bundle(root, declared)
    read_contexts(root, declared, problems)
    if (menu := read_data(root, obsidian_settings.METADATA_MENU, problems)) is not None:
        obsidian_settings.read_metadata_menu(menu, declared, root, problems)
    return declared
