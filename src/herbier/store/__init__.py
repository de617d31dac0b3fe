"""Where the triples are kept to be asked."""
