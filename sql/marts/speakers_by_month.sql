-- One row per month of publication and speaker.

create table if not exists mart.speakers_by_month (
    month date not null,
    entity_id bigint not null,
    speaker varchar not null,
    kind varchar not null,
    quote_count bigint not null,
    direct_count bigint not null,
    article_count bigint not null
);
comment on table mart.speakers_by_month is 'One row per month of publication and speaker.';
comment on column mart.speakers_by_month.month is 'First day of the month of publication.';
comment on column mart.speakers_by_month.entity_id is 'Entity of the speaker.';
comment on column mart.speakers_by_month.speaker is 'Name of the speaker.';
comment on column mart.speakers_by_month.kind is 'Kind of the entity: person, organization, place, group, event or other.';
comment on column mart.speakers_by_month.quote_count is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.speakers_by_month.direct_count is 'Number of direct quotes.';
comment on column mart.speakers_by_month.article_count is 'Number of articles with such a quote.';

delete from mart.speakers_by_month
where entity_id in (select entity_id from ops.dirty_entities);

create or replace temp table counted_speakers as
with counted as (
    select
        date_trunc('month', published_on)::date as month,
        entity_id,
        count(*) as quote_count,
        count_if(kind = 'direct') as direct_count,
        count(distinct article_id) as article_count,
    from touched_quotes
    group by all
)

select
    counted.month,
    counted.entity_id,
    entities.name as speaker,
    entities.kind,
    counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
    counted.direct_count + coalesce(built.direct_count, 0) as direct_count,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
from counted
inner join entities on counted.entity_id = entities.entity_id
left join mart.speakers_by_month as built
    on counted.month = built.month and counted.entity_id = built.entity_id;

delete from mart.speakers_by_month as built
using counted_speakers as counted
where
    built.month = counted.month
    and built.entity_id = counted.entity_id;

insert into mart.speakers_by_month
select *
from counted_speakers
order by month, entity_id;

drop table counted_speakers;
