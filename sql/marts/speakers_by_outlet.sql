-- One row per outlet and speaker.

create table if not exists mart.speakers_by_outlet (
    outlet varchar,
    entity_id bigint not null,
    speaker varchar not null,
    kind varchar not null,
    quote_count bigint not null,
    direct_count bigint not null,
    article_count bigint not null,
    first_on date not null,
    last_on date not null
);
comment on table mart.speakers_by_outlet is 'One row per outlet and speaker.';
comment on column mart.speakers_by_outlet.outlet is 'Outlet; null for the articles that have none.';
comment on column mart.speakers_by_outlet.entity_id is 'Entity of the speaker.';
comment on column mart.speakers_by_outlet.speaker is 'Name of the speaker.';
comment on column mart.speakers_by_outlet.kind is 'Kind of the entity: person, organization, place, group, event or other.';
comment on column mart.speakers_by_outlet.quote_count is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.speakers_by_outlet.direct_count is 'Number of direct quotes.';
comment on column mart.speakers_by_outlet.article_count is 'Number of articles with such a quote.';
comment on column mart.speakers_by_outlet.first_on is 'Day of the first of these articles.';
comment on column mart.speakers_by_outlet.last_on is 'Day of the last of these articles.';

delete from mart.speakers_by_outlet
where entity_id in (select entity_id from ops.dirty_entities);

insert into mart.speakers_by_outlet
with counted as (
    select
        articles.outlet,
        dirty_speakers.entity_id,
        count(*) as quote_count,
        count_if(quotes.kind = 'direct') as direct_count,
        count(distinct quotes.article_id) as article_count,
        min(articles.published_on) as first_on,
        max(articles.published_on) as last_on,
    from quotes
    inner join dirty_speakers
        on quotes.article_id = dirty_speakers.article_id and quotes.quote_no = dirty_speakers.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
    group by articles.outlet, dirty_speakers.entity_id
)

select
    counted.outlet,
    counted.entity_id,
    entities.name as speaker,
    entities.kind,
    counted.quote_count,
    counted.direct_count,
    counted.article_count,
    counted.first_on,
    counted.last_on,
from counted
inner join entities on counted.entity_id = entities.entity_id
order by counted.outlet, counted.entity_id;
