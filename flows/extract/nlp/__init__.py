"""NLP: the spaCy model, made fast, and the processor it runs on."""
