"""Doctor: what is wrong with a home, where, and how to fix it."""
