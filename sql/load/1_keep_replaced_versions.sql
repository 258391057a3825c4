-- Copy the current version of each article that gets new content to article_versions, and mark its day for the marts:
-- the new version may have another day.

create or replace temp table replaced_articles as
select articles.article_id
from articles
semi join staged_articles on articles.article_id = staged_articles.article_id;

insert into ops.dirty_days
select articles.published_on
from articles
semi join replaced_articles on articles.article_id = replaced_articles.article_id;

insert into article_versions by name
select
    articles.*,
    staged_articles.loaded_at as superseded_at,
from articles
semi join replaced_articles on articles.article_id = replaced_articles.article_id
inner join staged_articles on articles.article_id = staged_articles.article_id;
