"""Resolution: whom a speaker phrase such as "she", "the mayor" or "the Norwegian" means."""
