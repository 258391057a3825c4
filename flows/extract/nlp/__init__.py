"""NLP: the spaCy model, a faster way to run it, and the BLAS settings both need."""
