"""Front matter fixed in the notes themselves: only what leaves the graph as it is, and nothing else of the file."""
