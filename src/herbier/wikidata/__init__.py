"""The files that a vault is matched with Wikidata by: made for OpenRefine, Mix'n'match, QuickStatements and SSSOM."""
