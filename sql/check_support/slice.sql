-- The articles of one slice. In long bodies, offsets are looked up in body_pieces.

create or replace temp table slice_articles as
select
    articles.article_id,
    articles.title,
    articles.body,
    length(articles.body) > 100000 as is_long,
from articles
semi join (from slices where slice_no = $slice_no) as chosen on articles.article_id = chosen.article_id;
