-- Names and quotes of the loaded articles take the place of those of their last versions. What was
-- named before and what is named now is remembered for the entities, and for the marts that are to follow.

insert into ops.touched_days
select articles.published_on
from articles
semi join staged_articles on articles.article_id = staged_articles.article_id;

create or replace temp table touched_entities as
select entity_id from mentions where article_id in (select article_id from staged_articles)
union
select entity_id from staged_mentions;

insert into ops.touched_entities select entity_id from touched_entities;

delete from mentions where article_id in (select article_id from staged_articles);
insert into mentions select * from staged_mentions;

delete from quotes where article_id in (select article_id from staged_articles);
insert into quotes select * from staged_quotes;
