"""Quotes: marked and reported words with their speakers, put together."""
