-- The next articles to index, with consecutive numbers. By rowid: texts are read of these rows only.

create or replace temp table slice as
with next as (
    select
        current.rowid as row_no,
        current.article_id,
    from main.articles as current
    anti join search.articles as indexed on current.article_id = indexed.article_id
    order by current.article_id
    limit $size
)

select
    articles.article_id,
    articles.version,
    articles.title || ' ' || articles.body as text,
    (doc_counter.last_doc_no + row_number() over (order by articles.article_id))::uinteger as doc_no,
from main.articles
cross join search.doc_counter
where articles.rowid in (select row_no from next);
