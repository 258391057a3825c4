"""The warehouse: records, tables, and everything that reads or writes DuckDB."""
