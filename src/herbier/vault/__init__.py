"""From files to notes: encodings, front matter, Markdown, and the files that herbier.toml names."""
