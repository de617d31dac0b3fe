"""HTTP: which representation a request is given, its headers, and what is wrong with a request."""
