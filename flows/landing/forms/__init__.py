"""Forms: one reader for each way in which article files are written. Chosen by content, then by name."""
