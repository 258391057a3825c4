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

create or replace temp table counted_speakers as
with counted as (
    select
        outlet,
        entity_id,
        count(*) as quote_count,
        count_if(kind = 'direct') as direct_count,
        count(distinct article_id) as article_count,
        min(published_on) as first_on,
        max(published_on) as last_on,
    from touched_quotes
    group by outlet, entity_id
)

select
    counted.outlet,
    counted.entity_id,
    entities.name as speaker,
    entities.kind,
    counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
    counted.direct_count + coalesce(built.direct_count, 0) as direct_count,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
    least(counted.first_on, built.first_on) as first_on,
    greatest(counted.last_on, built.last_on) as last_on,
from counted
inner join entities on counted.entity_id = entities.entity_id
left join mart.speakers_by_outlet as built
    on counted.outlet is not distinct from built.outlet and counted.entity_id = built.entity_id;

delete from mart.speakers_by_outlet as built
using counted_speakers as counted
where
    built.outlet is not distinct from counted.outlet
    and built.entity_id = counted.entity_id;

insert into mart.speakers_by_outlet
select *
from counted_speakers
order by outlet, entity_id;

drop table counted_speakers;
