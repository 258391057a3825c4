"""Reading without SQL: an article as a page, and the archive as a local web app."""
