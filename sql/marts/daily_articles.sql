-- One row per day of publication, section, agency and outlet.

create table if not exists mart.daily_articles (
    published_on date not null,
    section varchar,
    agency varchar,
    outlet varchar,
    article_count bigint not null,
    word_count bigint not null,
    quote_count bigint not null
);
comment on table mart.daily_articles is 'One row per day of publication, section, agency and outlet.';
comment on column mart.daily_articles.published_on is 'Day of publication.';
comment on column mart.daily_articles.section is 'Section; null if the articles have none.';
comment on column mart.daily_articles.agency is 'Agency that signed the articles; null if they have none.';
comment on column mart.daily_articles.outlet is 'Outlet; null if the articles have none.';
comment on column mart.daily_articles.article_count is 'Number of articles.';
comment on column mart.daily_articles.word_count is 'Number of words in their bodies.';
comment on column mart.daily_articles.quote_count is 'Number of quotes in them, without acts.';

delete from mart.daily_articles
where published_on in (select published_on from ops.dirty_days);

-- All articles of the dirty days; of other days the new ones, whose counts are added.
create or replace temp table counted_days as
with touched as (
    select
        article_id,
        published_on,
        section,
        agency,
        outlet,
        word_count,
    from articles
    where published_on in (select published_on from ops.dirty_days)
    union all
    select *
    from added_articles
    where published_on not in (select published_on from ops.dirty_days)
),

quote_counts as (
    select
        quotes.article_id,
        count(*) as quote_count,
    from quotes
    semi join touched on quotes.article_id = touched.article_id
    where quotes.kind != 'act'
    group by quotes.article_id
),

counted as (
    select
        touched.published_on,
        touched.section,
        touched.agency,
        touched.outlet,
        count(*) as article_count,
        sum(touched.word_count) as word_count,
        coalesce(sum(quote_counts.quote_count), 0) as quote_count,
    from touched
    left join quote_counts on touched.article_id = quote_counts.article_id
    group by touched.published_on, touched.section, touched.agency, touched.outlet
)

select
    counted.published_on,
    counted.section,
    counted.agency,
    counted.outlet,
    counted.article_count + coalesce(built.article_count, 0) as article_count,
    counted.word_count + coalesce(built.word_count, 0) as word_count,
    counted.quote_count + coalesce(built.quote_count, 0) as quote_count,
from counted
left join mart.daily_articles as built
    on
        counted.published_on = built.published_on
        and counted.section is not distinct from built.section
        and counted.agency is not distinct from built.agency
        and counted.outlet is not distinct from built.outlet;

delete from mart.daily_articles as built
using counted_days as counted
where
    built.published_on = counted.published_on
    and built.section is not distinct from counted.section
    and built.agency is not distinct from counted.agency
    and built.outlet is not distinct from counted.outlet;

insert into mart.daily_articles
select *
from counted_days
order by published_on, section, agency, outlet;

drop table counted_days;
