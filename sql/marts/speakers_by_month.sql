-- One row per month and speaker.

create table if not exists mart.speakers_by_month (
    month date not null,
    entity_id bigint not null,
    speaker varchar not null,
    kind varchar not null,
    quote_count bigint not null,
    direct_count bigint not null,
    article_count bigint not null
);
comment on table mart.speakers_by_month is 'One row per month and speaker.';
comment on column mart.speakers_by_month.month is 'First day of the month of publication.';
comment on column mart.speakers_by_month.entity_id is 'The speaker, as in entities.';
comment on column mart.speakers_by_month.speaker is 'Fullest good form of the name.';
comment on column mart.speakers_by_month.kind is 'person, organization or another kind of entity.';
comment on column mart.speakers_by_month.quote_count is 'Quotes of all kinds.';
comment on column mart.speakers_by_month.direct_count is 'Those that stand in quotation marks.';
comment on column mart.speakers_by_month.article_count is 'Articles with at least one of them.';

delete from mart.speakers_by_month
where entity_id in (select entity_id from ops.dirty_entities);

insert into mart.speakers_by_month
with counted as (
    select
        date_trunc('month', articles.published_on)::date as month,
        quotes.speaker_entity_id as entity_id,
        count(*) as quote_count,
        count_if(quotes.kind = 'direct') as direct_count,
        count(distinct quotes.article_id) as article_count,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where quotes.speaker_entity_id in (select entity_id from ops.dirty_entities)
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
