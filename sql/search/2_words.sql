-- Count the words of the slice.

create or replace temp table counted as
with words as (
    select
        doc_no,
        unnest(regexp_extract_all(lower(strip_accents(text)), '[\p{L}\p{N}]+')) as word,
    from slice
)

select
    doc_no,
    word,
    count(*) as times,
from words
group by doc_no, word;
