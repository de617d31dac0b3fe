"""The ledger: which note has which slug, a line each, kept in the vault so that an IRI once given stays given."""
