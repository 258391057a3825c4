-- One row per day, section and agency.

create table if not exists mart.daily_articles (
    published_on date not null,
    section varchar,
    agency varchar,
    article_count bigint not null,
    word_count bigint not null,
    quote_count bigint not null
);
comment on table mart.daily_articles is 'One row per day, section and agency.';
comment on column mart.daily_articles.published_on is 'Day of publication.';
comment on column mart.daily_articles.section is 'Section; null for articles without one.';
comment on column mart.daily_articles.agency is 'Signing agency; null for articles without one.';
comment on column mart.daily_articles.article_count is 'Articles of that day.';
comment on column mart.daily_articles.word_count is 'Words in their bodies.';
comment on column mart.daily_articles.quote_count is 'Quotes in them.';

delete from mart.daily_articles
where published_on in (select published_on from ops.dirty_days);

insert into mart.daily_articles
with touched as (
    select
        article_id,
        published_on,
        section,
        agency,
        word_count,
    from articles
    where published_on in (select published_on from ops.dirty_days)
),

quoted as (
    select
        quotes.article_id,
        count(*) as quote_count,
    from quotes
    semi join touched on quotes.article_id = touched.article_id
    group by quotes.article_id
)

select
    touched.published_on,
    touched.section,
    touched.agency,
    count(*) as article_count,
    sum(touched.word_count) as word_count,
    coalesce(sum(quoted.quote_count), 0) as quote_count,
from touched
left join quoted on touched.article_id = quoted.article_id
group by touched.published_on, touched.section, touched.agency
order by touched.published_on, touched.section, touched.agency;
