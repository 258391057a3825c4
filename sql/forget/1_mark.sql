-- Mark what depends on the articles in `forgotten_articles`, before they are deleted: days and entities for the marts,
-- names of people for their joins, words of the search index.

insert into ops.dirty_days
select articles.published_on
from articles
semi join forgotten_articles on articles.article_id = forgotten_articles.article_id
union
select article_versions.published_on
from article_versions
semi join forgotten_articles on article_versions.article_id = forgotten_articles.article_id;

create or replace temp table previous_entities as
select mentions.entity_id
from mentions
semi join forgotten_articles on mentions.article_id = forgotten_articles.article_id
union
select quote_speakers.speaker_entity_id as entity_id
from quote_speakers
semi join forgotten_articles on quote_speakers.article_id = forgotten_articles.article_id
where quote_speakers.speaker_entity_id is not null;

insert into ops.dirty_entities
select entity_id from previous_entities;

insert into ops.dirty_names
select distinct mentions.name
from mentions
semi join forgotten_articles on mentions.article_id = forgotten_articles.article_id
where mentions.kind = 'person';

-- As sql/search/2_words.sql counts them.
create or replace temp table forgotten_words as
with texts as (
    select articles.title || ' ' || articles.body as text
    from articles
    semi join forgotten_articles on articles.article_id = forgotten_articles.article_id
    union all
    select article_versions.title || ' ' || article_versions.body as text
    from article_versions
    semi join forgotten_articles on article_versions.article_id = forgotten_articles.article_id
)

select distinct unnest(regexp_extract_all(lower(strip_accents(text)), '[\p{L}\p{N}]+')) as word
from texts;
