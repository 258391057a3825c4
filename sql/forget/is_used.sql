-- One row if a loaded article has a word.

select 1
from articles
where
    regexp_matches(
        lower(strip_accents(title || ' ' || body)), '(^|[^\p{L}\p{N}])' || $word || '($|[^\p{L}\p{N}])'
    )
limit 1
