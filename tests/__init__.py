"""The tests; a package, since another one that is installed for them has the same name."""
