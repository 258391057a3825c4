-- The articles of a slice. In long bodies places are looked for in body_pieces.

create or replace temp table checking as
select
    articles.article_id,
    articles.title,
    articles.body,
    length(articles.body) > 100000 as is_long,
from articles
semi join (from slices where slice_no = $slice_no) as wanted on articles.article_id = wanted.article_id;
