-- The next articles that are not in the index, or there in another version.

delete from search.articles as indexed
where not exists (
    select 1
    from main.articles as current
    where
        current.article_id = indexed.article_id
        and current.version = indexed.version
);

create or replace temp table slice as
select
    current.article_id,
    current.version,
    current.title || ' ' || current.body as text,
    nextval('search.doc_nos')::uinteger as doc_no,
from main.articles as current
anti join search.articles as indexed on current.article_id = indexed.article_id
order by current.article_id
-- Enough to make the lists of a stem long, few enough for a small memory.
limit 4000;

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
