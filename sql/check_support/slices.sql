-- Articles to be looked at, in slices of some 30 million characters: as much text as a small memory holds.
-- Rows of an article that is not there belong to no slice, and are found by sql/checks.

create or replace temp table slices as
select
    articles.article_id,
    sum(length(articles.body)) over (order by articles.article_id rows unbounded preceding)
    // 30000000 as slice_no,
from articles
anti join held on articles.article_id = held.article_id;
