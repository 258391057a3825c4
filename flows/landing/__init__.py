"""Files in: list what has landed, read it, decode it, parse it."""
