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

delete from mart.speakers
where entity_id in (select entity_id from ops.dirty_entities);

insert into mart.speakers
with dirty_quotes as (
    select
        dirty_speakers.entity_id,
        quotes.article_id,
        quotes.kind,
        quotes.text,
        articles.published_on,
        articles.section,
        coalesce(articles.cluster_id, articles.article_id) as story_id,
    from quotes
    inner join dirty_speakers
        on quotes.article_id = dirty_speakers.article_id and quotes.quote_no = dirty_speakers.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
),

counted as (
    select
        entity_id,
        count(*) as quote_count,
        count(distinct hash(story_id, text)) as distinct_quote_count,
        count(distinct article_id) as article_count,
        count_if(kind = 'direct') / count(*) as direct_share,
        min(published_on) as first_quoted_on,
        max(published_on) as last_quoted_on,
        list_sort(list_distinct(list(section))) as sections,
    from dirty_quotes
    group by entity_id
)

select
    counted.entity_id,
    entities.name as speaker,
    entities.kind,
    entities.gender,
    counted.* exclude (entity_id),
from counted
inner join entities on counted.entity_id = entities.entity_id
order by counted.quote_count desc, entities.name;
