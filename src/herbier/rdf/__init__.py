"""RDF: terms, the IRIs of a vault, prefixes, and the formats that are written, a module each."""
