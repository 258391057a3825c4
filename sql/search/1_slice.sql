-- The next articles that are not in the index.

create or replace temp table slice as
select
    current.article_id,
    current.version,
    current.title || ' ' || current.body as text,
    nextval('search.doc_nos')::uinteger as doc_no,
from main.articles as current
anti join search.articles as indexed on current.article_id = indexed.article_id
order by current.article_id
limit $size;
