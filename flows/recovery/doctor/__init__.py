"""Doctor: what is wrong with a home, where, and how to mend it."""
