"""What the notes of a vault are called, where links lead, and what may be shown of private notes."""
