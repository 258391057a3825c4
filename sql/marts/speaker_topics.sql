-- One row per speaker and entity that the speaker's quotes mention.

create table if not exists mart.speaker_topics (
    speaker_entity_id bigint not null,
    speaker varchar not null,
    entity_id bigint not null,
    entity varchar not null,
    kind varchar not null,
    quote_count bigint not null,
    article_count bigint not null,
    first_on date not null,
    last_on date not null
);
comment on table mart.speaker_topics is 'One row per speaker and entity that the speaker''s quotes mention.';
comment on column mart.speaker_topics.speaker_entity_id is 'Entity of the speaker.';
comment on column mart.speaker_topics.speaker is 'Name of the speaker.';
comment on column mart.speaker_topics.entity_id is 'The entity mentioned; never the speaker.';
comment on column mart.speaker_topics.entity is 'Name of the entity mentioned.';
comment on column mart.speaker_topics.kind is 'Kind of the entity mentioned: person, organization, place, group, event or other.';
comment on column mart.speaker_topics.quote_count is 'Number of quotes of the speaker, alone or jointly, that mention it; without acts.';
comment on column mart.speaker_topics.article_count is 'Number of articles with such a quote.';
comment on column mart.speaker_topics.first_on is 'Day of the first article.';
comment on column mart.speaker_topics.last_on is 'Day of the last article.';

delete from mart.speaker_topics
where speaker_entity_id in (select entity_id from ops.dirty_entities);

update mart.speaker_topics
set entity = entities.name, kind = entities.kind
from entities
where
    speaker_topics.entity_id = entities.entity_id
    and entities.entity_id in (select entity_id from ops.dirty_entities)
    and (speaker_topics.entity, speaker_topics.kind) is distinct from (entities.name, entities.kind);

insert into mart.speaker_topics
with dirty_quotes as (
    select
        quote_speakers.speaker_entity_id,
        quotes.article_id,
        quotes.quote_no,
        quotes.char_start,
        quotes.char_end,
    from quotes
    inner join quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    where
        quote_speakers.speaker_entity_id in (select entity_id from ops.dirty_entities)
        and quotes.kind != 'act'
),

topics as (
    select distinct
        dirty_quotes.speaker_entity_id,
        mentions.entity_id,
        dirty_quotes.article_id,
        dirty_quotes.quote_no,
    from dirty_quotes
    inner join mentions
        on
            dirty_quotes.article_id = mentions.article_id
            and mentions.char_start between dirty_quotes.char_start and dirty_quotes.char_end - 1
    where
        mentions.field = 'body'
        and mentions.entity_id != dirty_quotes.speaker_entity_id
)

select
    topics.speaker_entity_id,
    speakers.name as speaker,
    topics.entity_id,
    entities.name as entity,
    entities.kind,
    count(*) as quote_count,
    count(distinct topics.article_id) as article_count,
    min(articles.published_on) as first_on,
    max(articles.published_on) as last_on,
from topics
inner join articles on topics.article_id = articles.article_id
inner join entities as speakers on topics.speaker_entity_id = speakers.entity_id
inner join entities on topics.entity_id = entities.entity_id
group by topics.speaker_entity_id, speakers.name, topics.entity_id, entities.name, entities.kind
order by topics.speaker_entity_id, quote_count desc;
