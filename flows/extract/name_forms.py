"""Forms of names and nouns on which the rooms agree."""

from __future__ import annotations

# Words of a nickname inside a name: 'William "Wild Bill" Carver'. Longer ones are quotations.
LONGEST_NICKNAME = 3
# Endings of nouns for what a person does: 'miner', 'surveyor', 'organist', 'librarian', 'accountant'.
PERSON_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "ant", "eer", "person")
