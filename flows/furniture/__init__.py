"""Furniture: what the trade puts around an article's words, from the dateline to the editor's initials."""
