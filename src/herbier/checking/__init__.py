"""`herbier check`: all that is wrong in a vault, in reading, in mapping and by its shapes, by file and line."""
