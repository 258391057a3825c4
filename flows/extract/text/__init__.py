"""Text: quotation marks, the narrator's sentences with quotations masked, verbs of speech, grammar."""
