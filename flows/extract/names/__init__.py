"""Names: the people, organizations and places in a text, each with all its mentions."""
