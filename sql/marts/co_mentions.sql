-- One row per month and pair of people mentioned within 200 characters of each other, about one or two sentences.

create table if not exists mart.co_mentions (
    month date not null,
    entity_id bigint not null,
    other_id bigint not null,
    article_count integer not null
);
comment on table mart.co_mentions is 'One row per month and pair of people mentioned within 200 characters of each other, about one or two sentences.';
comment on column mart.co_mentions.month is 'First day of the month of publication.';
comment on column mart.co_mentions.entity_id is 'Entity of one person; the smaller of the two ids.';
comment on column mart.co_mentions.other_id is 'Entity of the other person.';
comment on column mart.co_mentions.article_count is 'Number of such articles.';

create or replace temp table dirty_months as
select distinct date_trunc('month', published_on)::date as month
from ops.dirty_days;

delete from mart.co_mentions
where month in (select month from dirty_months);

-- All articles of the months with a dirty day; of other months the new ones, whose pairs are added.
create or replace temp table counted_pairs as
with people as (
    select
        date_trunc('month', articles.published_on)::date as month,
        mentions.article_id,
        mentions.entity_id,
        mentions.char_start,
    from mentions
    inner join articles on mentions.article_id = articles.article_id
    where
        mentions.kind = 'person'
        and mentions.field = 'body'
        and date_trunc('month', articles.published_on)::date in (select month from dirty_months)
    union all
    select
        date_trunc('month', published_on)::date as month,
        article_id,
        entity_id,
        char_start,
    from added_mentions
    where
        kind = 'person'
        and field = 'body'
        and date_trunc('month', published_on)::date not in (select month from dirty_months)
),

counted as (
    select
        one.month,
        one.entity_id,
        other.entity_id as other_id,
        count(distinct one.article_id) as article_count,
    from people as one
    inner join people as other
        on
            one.article_id = other.article_id
            and one.entity_id < other.entity_id
            and abs(one.char_start - other.char_start) <= 200
    group by one.month, one.entity_id, other.entity_id
)

select
    counted.month,
    counted.entity_id,
    counted.other_id,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
from counted
left join mart.co_mentions as built
    on
        counted.month = built.month
        and counted.entity_id = built.entity_id
        and counted.other_id = built.other_id;

delete from mart.co_mentions as built
using counted_pairs as counted
where
    built.month = counted.month
    and built.entity_id = counted.entity_id
    and built.other_id = counted.other_id;

insert into mart.co_mentions
select *
from counted_pairs
order by month, article_count desc, entity_id, other_id;

drop table counted_pairs;
drop table dirty_months;
