-- Words of the forgotten articles that share their stem with others: whether another article has them is not known.

with shared as (
    select stem
    from search.words
    group by stem
    having count(*) > 1
)

select known.word
from search.words as known
semi join shared on known.stem = shared.stem
semi join forgotten_words on known.word = forgotten_words.word
order by known.word
