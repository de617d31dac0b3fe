"""The index of a vault: the names of its notes, where links lead, and what may be shown of private notes."""
