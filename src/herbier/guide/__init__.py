"""The pages for note keepers, in English and in French."""
