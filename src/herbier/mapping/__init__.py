"""From a note to triples, by the rules."""
