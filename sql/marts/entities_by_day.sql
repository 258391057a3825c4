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

insert into mart.entities_by_day
with dirty as (
    select
        article_id,
        published_on,
    from articles
    where published_on in (select published_on from ops.dirty_days)
)

select
    dirty.published_on,
    mentions.entity_id,
    count(distinct mentions.article_id) as article_count,
    count(*) as mention_count,
from mentions
inner join dirty on mentions.article_id = dirty.article_id
group by dirty.published_on, mentions.entity_id
order by dirty.published_on, article_count desc, mentions.entity_id;
