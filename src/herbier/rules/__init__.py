"""What the folder `mapping/` says, ready to be looked up: rules, values, dates, identifiers, words of privacy."""
