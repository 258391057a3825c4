-- The next articles to index, with consecutive numbers.

create or replace temp table slice as
with next as (
    select
        current.article_id,
        current.version,
        current.title || ' ' || current.body as text,
    from main.articles as current
    anti join search.articles as indexed on current.article_id = indexed.article_id
    order by current.article_id
    limit $size
)

select
    next.*,
    (doc_counter.last_doc_no + row_number() over (order by next.article_id))::uinteger as doc_no,
from next
cross join search.doc_counter;
