-- One row per day of publication and entity that its articles mention.

create table if not exists mart.entities_by_day (
    published_on date not null,
    entity_id bigint not null,
    article_count integer not null,
    mention_count integer not null
);
comment on table mart.entities_by_day is 'One row per day of publication and entity that its articles mention.';
comment on column mart.entities_by_day.published_on is 'Day of publication.';
comment on column mart.entities_by_day.entity_id is 'The entity.';
comment on column mart.entities_by_day.article_count is 'Number of articles that mention it.';
comment on column mart.entities_by_day.mention_count is 'Number of mentions.';

delete from mart.entities_by_day
where published_on in (select published_on from ops.dirty_days);

-- All articles of the dirty days; of other days the new ones, whose counts are added.
create or replace temp table counted_entities as
with touched as (
    select
        articles.published_on,
        mentions.entity_id,
        mentions.article_id,
    from mentions
    inner join articles on mentions.article_id = articles.article_id
    where articles.published_on in (select published_on from ops.dirty_days)
    union all
    select
        published_on,
        entity_id,
        article_id,
    from added_mentions
    where published_on not in (select published_on from ops.dirty_days)
),

counted as (
    select
        published_on,
        entity_id,
        count(distinct article_id) as article_count,
        count(*) as mention_count,
    from touched
    group by published_on, entity_id
)

select
    counted.published_on,
    counted.entity_id,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
    counted.mention_count + coalesce(built.mention_count, 0) as mention_count,
from counted
left join mart.entities_by_day as built
    on counted.published_on = built.published_on and counted.entity_id = built.entity_id;

delete from mart.entities_by_day as built
using counted_entities as counted
where
    built.published_on = counted.published_on
    and built.entity_id = counted.entity_id;

insert into mart.entities_by_day
select *
from counted_entities
order by published_on, article_count desc, entity_id;

drop table counted_entities;
