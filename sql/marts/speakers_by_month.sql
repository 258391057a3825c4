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

insert into mart.speakers_by_month
with counted as (
    select
        date_trunc('month', articles.published_on)::date as month,
        dirty_speakers.entity_id,
        count(*) as quote_count,
        count_if(quotes.kind = 'direct') as direct_count,
        count(distinct quotes.article_id) as article_count,
    from quotes
    inner join dirty_speakers
        on quotes.article_id = dirty_speakers.article_id and quotes.quote_no = dirty_speakers.quote_no
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
    group by all
)

select
    counted.month,
    counted.entity_id,
    entities.name as speaker,
    entities.kind,
    counted.quote_count,
    counted.direct_count,
    counted.article_count,
from counted
inner join entities on counted.entity_id = entities.entity_id
order by counted.month, counted.entity_id;
