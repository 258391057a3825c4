-- Articles to check, in slices of about 30 million characters, to bound memory. Rows of missing articles are in no
-- slice; other checks find them.

create or replace temp table slices as
select
    articles.article_id,
    sum(length(articles.body)) over (order by articles.article_id rows unbounded preceding)
    // 30000000 as slice_no,
from articles
semi join to_check on articles.article_id = to_check.article_id;
