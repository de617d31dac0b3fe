"""Write `mapping/dublin-core.tsv` anew from the DCMI Metadata Terms as their maintainers publish them.

`python tests/dublin_core.py dublin_core_terms.nt DATE > mapping/dublin-core.tsv`; the file is one of those at
https://www.dublincore.org/schemas/rdfs/.
"""

import sys
from collections import defaultdict
from pathlib import Path

import pyoxigraph

TERMS = "http://purl.org/dc/terms/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DCAM = "http://purl.org/dc/dcam/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PROPERTY = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"
NO_WORDS = "intended to be used with non-literal values"


def main(file: str, date: str) -> None:
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in pyoxigraph.parse(path=file):
        subject, value = str(getattr(quad.subject, "value", "")), str(getattr(quad.object, "value", ""))
        if subject.startswith(TERMS):
            said[subject.removeprefix(TERMS)][quad.predicate.value].add(value)
    write = sys.stdout.write
    write(f"# DCMI Metadata Terms of {date} ({Path(sys.argv[0]).name} makes this file): a class and those above it,\n")
    write("# after >; a property, the classes that it is said of, those of its values, and what these must be.\n")
    for name in sorted(said):
        of = said[name]
        if PROPERTY in of[RDF_TYPE]:
            domain, values = (
                sorted(one.rpartition("/")[2].rpartition("#")[2] for key in keys for one in of[key])
                for keys in ((f"{RDFS}domain", f"{DCAM}domainIncludes"), (f"{RDFS}range", f"{DCAM}rangeIncludes"))
            )
            words = any(NO_WORDS in text for key in (f"{TERMS}description", f"{RDFS}comment") for text in of[key])
            must = "words" if "Literal" in values else "things" if words else "either"
            write(f"{name}\t{' '.join(domain) or '-'}\t{' '.join(values) or '-'}\t{must}\n")
        elif above := sorted(one.removeprefix(TERMS) for one in of[f"{RDFS}subClassOf"] if one.startswith(TERMS)):
            write(f"{name}\t>\t{' '.join(above)}\t-\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
