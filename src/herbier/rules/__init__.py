"""The folder `mapping/`, ready to be looked up: rules, values, dates, identifiers, words of privacy."""
