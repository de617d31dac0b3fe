"""Write `mapping/schema-org.tsv` anew from the vocabulary as schema.org publishes it.

`python tests/schema_org.py schemaorg-all-https.nt VERSION > mapping/schema-org.tsv`; the file is one of those at
https://schema.org/docs/developers.html.
"""

import sys
from collections import defaultdict
from pathlib import Path

import pyoxigraph

SCHEMA = "https://schema.org/"
SUPER = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


def main(file: str, version: str) -> None:
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.N_TRIPLES):
        subject, value = str(getattr(quad.subject, "value", "")), str(getattr(quad.object, "value", ""))
        if subject.startswith(SCHEMA) and value.startswith(SCHEMA):
            said[subject.removeprefix(SCHEMA)][quad.predicate.value].add(value.removeprefix(SCHEMA))
    write = sys.stdout.write
    write(f"# schema.org {version} ({Path(sys.argv[0]).name} makes this file): a class and those above it, after >;\n")
    write("# a property, the classes that it is said of, and those of its values.\n")
    for name in sorted(said):
        of = said[name]
        if of[SUPER]:
            write(f"{name}\t>\t{' '.join(sorted(of[SUPER]))}\n")
        elif of[f"{SCHEMA}domainIncludes"]:
            domain, values = (sorted(of[f"{SCHEMA}{row}"]) for row in ("domainIncludes", "rangeIncludes"))
            write(f"{name}\t{' '.join(domain)}\t{' '.join(values)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
