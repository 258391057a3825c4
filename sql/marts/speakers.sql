-- One row per speaker: a person or organization that is quoted.

create table if not exists mart.speakers (
    entity_id bigint not null,
    speaker varchar not null,
    kind varchar not null,
    gender varchar,
    quote_count bigint not null,
    distinct_quote_count bigint not null,
    article_count bigint not null,
    direct_share float not null,
    first_quoted_on date not null,
    last_quoted_on date not null,
    sections varchar[] not null
);
comment on table mart.speakers is 'One row per speaker: a person or organization that is quoted.';
comment on column mart.speakers.entity_id is 'Entity of the speaker.';
comment on column mart.speakers.speaker is 'Name of the speaker.';
comment on column mart.speakers.kind is 'Kind of the entity: person, organization, place, group, event or other.';
comment on column mart.speakers.gender is 'Gender by which texts speak of a person: woman, man or they, as in entities; null if unknown.';
comment on column mart.speakers.quote_count is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.speakers.distinct_quote_count is 'Number of quotes, counting those repeated in near duplicates once.';
comment on column mart.speakers.article_count is 'Number of articles with such a quote.';
comment on column mart.speakers.direct_share is 'Share of direct quotes, from 0 to 1.';
comment on column mart.speakers.first_quoted_on is 'Day of the first article.';
comment on column mart.speakers.last_quoted_on is 'Day of the last article.';
comment on column mart.speakers.sections is 'Sections of the articles, sorted.';

-- The gender of a person can change with an article that does not quote them.
update mart.speakers
set gender = entities.gender
from entities
where
    speakers.entity_id = entities.entity_id
    and speakers.gender is distinct from entities.gender;

delete from mart.speakers
where entity_id in (select entity_id from ops.dirty_entities);

create or replace temp table counted_speakers as
with counted as (
    select
        entity_id,
        count(*) as quote_count,
        count(distinct wording) as distinct_quote_count,
        count(distinct article_id) as article_count,
        count_if(kind = 'direct') as direct_count,
        min(published_on) as first_quoted_on,
        max(published_on) as last_quoted_on,
        list_distinct(list(section)) as sections,
    from touched_quotes
    group by entity_id
),

added as (
    select
        counted.entity_id,
        counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
        -- New articles in a cluster of near duplicates make their speakers dirty.
        counted.distinct_quote_count + coalesce(built.distinct_quote_count, 0) as distinct_quote_count,
        counted.article_count + coalesce(built.article_count, 0) as article_count,
        counted.direct_count
        + coalesce(round(built.direct_share::double * built.quote_count), 0) as direct_count,
        least(counted.first_quoted_on, built.first_quoted_on) as first_quoted_on,
        greatest(counted.last_quoted_on, built.last_quoted_on) as last_quoted_on,
        list_sort(list_distinct(list_concat(counted.sections, built.sections))) as sections,
    from counted
    left join mart.speakers as built on counted.entity_id = built.entity_id
)

select
    added.entity_id,
    entities.name as speaker,
    entities.kind,
    entities.gender,
    added.quote_count,
    added.distinct_quote_count,
    added.article_count,
    added.direct_count / added.quote_count as direct_share,
    added.first_quoted_on,
    added.last_quoted_on,
    added.sections,
from added
inner join entities on added.entity_id = entities.entity_id;

delete from mart.speakers
where entity_id in (select entity_id from counted_speakers);

insert into mart.speakers
select *
from counted_speakers
order by quote_count desc, speaker;

drop table counted_speakers;
