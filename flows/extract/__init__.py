"""Text in, records out: names, quotes and speakers of one article at a time."""
