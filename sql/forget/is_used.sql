-- One row: whether a loaded article has the word $word.

select count(*) > 0 as is_used
from articles
where
    regexp_matches(
        lower(strip_accents(title || ' ' || body)), '(^|[^\p{L}\p{N}])' || $word || '($|[^\p{L}\p{N}])'
    )
