-- Words of the forgotten articles that share their stem with others: whether another article has them is not known.

select words.word
from search.words
where
    words.word in (select word from forgotten_words)
    and words.stem in (select stem from search.words group by stem having count(*) > 1)
order by words.word
