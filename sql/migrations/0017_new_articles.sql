-- What new articles add to marts and entities is added to the rows that are there. Articles that the marts lack now
-- have their days and entities marked.

create table ops.new_articles (
    article_id bigint not null
);
comment on table ops.new_articles is 'One row per article that was loaded for the first time since the marts were built.';
comment on column ops.new_articles.article_id is 'The article; it may have further versions by now.';
