"""What runs: the way of an article file from the landing folder to the published warehouse."""
