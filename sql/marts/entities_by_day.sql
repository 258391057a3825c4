-- One row per day and entity that its articles name.

create table if not exists mart.entities_by_day (
    published_on date not null,
    entity_id bigint not null,
    article_count integer not null,
    mention_count integer not null
);
comment on table mart.entities_by_day is 'One row per day and entity that its articles name.';
comment on column mart.entities_by_day.published_on is 'Day of publication.';
comment on column mart.entities_by_day.entity_id is 'Who or what is named, as in entities.';
comment on column mart.entities_by_day.article_count is 'Articles of the day that name it.';
comment on column mart.entities_by_day.mention_count is 'How often they do.';

delete from mart.entities_by_day
where published_on in (select published_on from ops.dirty_days);

insert into mart.entities_by_day
with touched as (
    select
        article_id,
        published_on,
    from articles
    where published_on in (select published_on from ops.dirty_days)
)

select
    touched.published_on,
    mentions.entity_id,
    count(distinct mentions.article_id) as article_count,
    count(*) as mention_count,
from mentions
inner join touched on mentions.article_id = touched.article_id
group by touched.published_on, mentions.entity_id
order by touched.published_on, article_count desc, mentions.entity_id;
