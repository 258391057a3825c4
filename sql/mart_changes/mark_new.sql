-- Mark the days and entities of new articles, where these are so many that it costs less to build their rows again.

insert into ops.dirty_days
select distinct articles.published_on
from articles
semi join ops.new_articles on articles.article_id = new_articles.article_id;

insert into ops.dirty_entities
select mentions.entity_id
from mentions
semi join ops.new_articles on mentions.article_id = new_articles.article_id
union
select quote_speakers.speaker_entity_id as entity_id
from quote_speakers
semi join ops.new_articles on quote_speakers.article_id = new_articles.article_id
where quote_speakers.speaker_entity_id is not null;

delete from ops.new_articles;
