"""Data-quality rules that a delivered file must pass to become an article."""
