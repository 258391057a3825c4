"""Landing: list the files that have landed, read, decode and parse them."""
