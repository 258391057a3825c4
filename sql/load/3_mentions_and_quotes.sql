-- Replace mentions, quotes and their speakers, and the evidence for genders of the loaded articles. Mark new articles, of
-- the others the days and the previous and current entities, for the refresh of entities and marts, and the names of
-- people, which are compared with others.

insert into ops.new_articles
select staged_articles.article_id
from staged_articles
anti join replaced_articles on staged_articles.article_id = replaced_articles.article_id;

insert into ops.dirty_days
select articles.published_on
from articles
semi join replaced_articles on articles.article_id = replaced_articles.article_id;

create or replace temp table previous_entities as
select mentions.entity_id
from mentions
semi join replaced_articles on mentions.article_id = replaced_articles.article_id
union
select quote_speakers.speaker_entity_id as entity_id
from quote_speakers
semi join replaced_articles on quote_speakers.article_id = replaced_articles.article_id
where quote_speakers.speaker_entity_id is not null;

insert into ops.dirty_entities
select entity_id from previous_entities
union
select staged_mentions.entity_id
from staged_mentions
semi join replaced_articles on staged_mentions.article_id = replaced_articles.article_id
union
select staged_quote_speakers.speaker_entity_id as entity_id
from staged_quote_speakers
semi join replaced_articles on staged_quote_speakers.article_id = replaced_articles.article_id
where staged_quote_speakers.speaker_entity_id is not null;

insert into ops.dirty_names
select mentions.name
from mentions
semi join replaced_articles on mentions.article_id = replaced_articles.article_id
where mentions.kind = 'person'
union
select machine_mentions.name
from ops.machine_mentions
semi join replaced_articles on machine_mentions.article_id = replaced_articles.article_id
where machine_mentions.kind = 'person'
union
select name
from staged_mentions
where kind = 'person';

delete from mentions where article_id in (select article_id from replaced_articles);
insert into mentions select * from staged_mentions;

delete from quotes where article_id in (select article_id from replaced_articles);
insert into quotes select * from staged_quotes;

delete from quote_speakers where article_id in (select article_id from replaced_articles);
insert into quote_speakers select * from staged_quote_speakers;

delete from ops.gender_counts where article_id in (select article_id from replaced_articles);
insert into ops.gender_counts select * from staged_gender_counts;

-- What corrections.csv changed in them is found and corrected anew.
delete from ops.machine_quotes where article_id in (select article_id from replaced_articles);
delete from ops.machine_quote_speakers where article_id in (select article_id from replaced_articles);
delete from ops.machine_mentions where article_id in (select article_id from replaced_articles);
