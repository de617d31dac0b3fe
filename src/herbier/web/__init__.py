"""The site: pages for people, data for programs, SPARQL. Flask; no script, no outside resource, nothing stored."""
