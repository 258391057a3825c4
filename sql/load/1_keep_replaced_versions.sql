-- The current version of an article that gets a new content moves to article_versions. Marts are to be
-- built again for its day, and for those who are named in it.

insert into ops.touched_days
select articles.published_on
from articles
inner join staged_articles on articles.article_id = staged_articles.article_id
union
select published_on
from staged_articles;

insert into article_versions
select
    articles.*,
    staged_articles.loaded_at as superseded_at,
from articles
inner join staged_articles on articles.article_id = staged_articles.article_id;
