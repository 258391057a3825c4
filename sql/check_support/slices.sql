-- Articles to check, in slices of about 30 million characters, to bound memory. Rows of missing articles are in no
-- slice; other checks find them.

create or replace temp table slices as
select
    articles.article_id,
    sum(length(articles.body)) over (order by articles.article_id rows unbounded preceding)
    // 30000000 as slice_no,
from articles
anti join unchanged on articles.article_id = unchanged.article_id;
