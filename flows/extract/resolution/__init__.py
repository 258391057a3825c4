"""Resolution: whom a speaker phrase means, such as "she", "the mayor" or "the Norwegian"."""
