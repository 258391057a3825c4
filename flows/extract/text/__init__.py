"""Text: quotation marks, the narrator's sentences without what is quoted, verbs of speech, grammar."""
