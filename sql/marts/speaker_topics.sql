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

create or replace temp table counted_topics as
with dirty_articles as (
    select article_id
    from touched_quotes
    where entity_id in (select entity_id from ops.dirty_entities)
),

named as (
    select
        article_id,
        entity_id,
        char_start,
    from mentions
    where
        field = 'body'
        and article_id in (select article_id from dirty_articles)
    union all
    select
        article_id,
        entity_id,
        char_start,
    from added_mentions
    where
        field = 'body'
        and article_id not in (select article_id from dirty_articles)
),

topics as (
    select distinct
        touched_quotes.entity_id as speaker_entity_id,
        named.entity_id,
        touched_quotes.article_id,
        touched_quotes.quote_no,
        touched_quotes.published_on,
    from touched_quotes
    inner join named
        on
            touched_quotes.article_id = named.article_id
            and named.char_start between touched_quotes.char_start and touched_quotes.char_end - 1
    where named.entity_id != touched_quotes.entity_id
),

counted as (
    select
        speaker_entity_id,
        entity_id,
        count(*) as quote_count,
        count(distinct article_id) as article_count,
        min(published_on) as first_on,
        max(published_on) as last_on,
    from topics
    group by speaker_entity_id, entity_id
)

select
    counted.speaker_entity_id,
    speakers.name as speaker,
    counted.entity_id,
    entities.name as entity,
    entities.kind,
    counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
    least(counted.first_on, built.first_on) as first_on,
    greatest(counted.last_on, built.last_on) as last_on,
from counted
inner join entities as speakers on counted.speaker_entity_id = speakers.entity_id
inner join entities on counted.entity_id = entities.entity_id
left join mart.speaker_topics as built
    on
        counted.speaker_entity_id = built.speaker_entity_id
        and counted.entity_id = built.entity_id;

delete from mart.speaker_topics as built
using counted_topics as counted
where
    built.speaker_entity_id = counted.speaker_entity_id
    and built.entity_id = counted.entity_id;

insert into mart.speaker_topics
select *
from counted_topics
order by speaker_entity_id, quote_count desc;

drop table counted_topics;
