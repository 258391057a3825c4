"""Quotes: quoted and reported words with their speakers, put together."""
