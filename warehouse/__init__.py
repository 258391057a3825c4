"""What a row is, and how it gets into DuckDB."""
