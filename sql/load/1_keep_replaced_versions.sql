-- The current version of an article that gets a new content moves to article_versions. The marts of its
-- day are to follow, which may not be the new version's.

create or replace temp table replaced_articles as
select articles.article_id
from articles
semi join staged_articles on articles.article_id = staged_articles.article_id;

insert into ops.dirty_days
select articles.published_on
from articles
semi join replaced_articles on articles.article_id = replaced_articles.article_id;

insert into article_versions
select
    articles.*,
    staged_articles.loaded_at as superseded_at,
from articles
semi join replaced_articles on articles.article_id = replaced_articles.article_id
inner join staged_articles on articles.article_id = staged_articles.article_id;
