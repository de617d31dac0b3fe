"""The data for programs: what IRIs lead to, the dataset, downloads, fragments, the ontology, OpenAPI, sitemaps."""
