-- One row per speaker and entity that the speaker's quotes name.

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
comment on table mart.speaker_topics is 'One row per speaker and entity that the speaker''s quotes name.';
comment on column mart.speaker_topics.speaker_entity_id is 'The speaker.';
comment on column mart.speaker_topics.speaker is 'Fullest good form of the speaker''s name.';
comment on column mart.speaker_topics.entity_id is 'Whom or what the words name; never the speaker.';
comment on column mart.speaker_topics.entity is 'Fullest good form of that name.';
comment on column mart.speaker_topics.kind is 'person, organization, place, group, event or other: what is named.';
comment on column mart.speaker_topics.quote_count is 'Quotes of the speaker that name it.';
comment on column mart.speaker_topics.article_count is 'Articles with at least one of them.';
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
with said as (
    select
        speaker_entity_id,
        article_id,
        quote_no,
        char_start,
        char_end,
    from quotes
    where speaker_entity_id in (select entity_id from ops.dirty_entities)
),

named as (
    select distinct
        said.speaker_entity_id,
        mentions.entity_id,
        said.article_id,
        said.quote_no,
    from said
    inner join mentions
        on
            said.article_id = mentions.article_id
            and mentions.char_start between said.char_start and said.char_end - 1
    where
        mentions.field = 'body'
        and mentions.entity_id != said.speaker_entity_id
)

select
    named.speaker_entity_id,
    speakers.name as speaker,
    named.entity_id,
    entities.name as entity,
    entities.kind,
    count(*) as quote_count,
    count(distinct named.article_id) as article_count,
    min(articles.published_on) as first_on,
    max(articles.published_on) as last_on,
from named
inner join articles on named.article_id = articles.article_id
inner join entities as speakers on named.speaker_entity_id = speakers.entity_id
inner join entities on named.entity_id = entities.entity_id
group by named.speaker_entity_id, speakers.name, named.entity_id, entities.name, entities.kind
order by named.speaker_entity_id, quote_count desc;
