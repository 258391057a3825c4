-- Names and quotes of the loaded articles take the place of those of their last versions. What was
-- named before and what is named now is remembered for the entities.

create or replace temp table touched_entities as
select entity_id from mentions where article_id in (select article_id from staged_articles)
union
select entity_id from staged_mentions;

delete from mentions where article_id in (select article_id from staged_articles);
insert into mentions select * from staged_mentions;

delete from quotes where article_id in (select article_id from staged_articles);
insert into quotes select * from staged_quotes;
