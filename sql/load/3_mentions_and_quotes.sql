-- Names and quotes of the loaded articles take the place of those of their last versions, if there are any.
-- What was named before and what is named now is remembered for the entities, and for the marts that are to
-- follow.

insert into ops.dirty_days
select articles.published_on
from articles
semi join staged_articles on articles.article_id = staged_articles.article_id;

create or replace temp table named_before as
select distinct mentions.entity_id
from mentions
semi join replaced_articles on mentions.article_id = replaced_articles.article_id;

insert into ops.dirty_entities
select entity_id from named_before
union
select entity_id from staged_mentions;

delete from mentions where article_id in (select article_id from replaced_articles);
insert into mentions select * from staged_mentions;

delete from quotes where article_id in (select article_id from replaced_articles);
insert into quotes select * from staged_quotes;
