-- One row per day, section and agency.

create or replace table mart.daily_articles as
with quoted as (
    select
        article_id,
        count(*) as quote_count,
    from quotes
    group by article_id
)

select
    articles.published_on,
    articles.section,
    articles.agency,
    count(*) as article_count,
    sum(articles.word_count) as word_count,
    coalesce(sum(quoted.quote_count), 0) as quote_count,
from articles
left join quoted on articles.article_id = quoted.article_id
group by articles.published_on, articles.section, articles.agency
order by articles.published_on, articles.section, articles.agency;

comment on table mart.daily_articles is 'One row per day, section and agency.';
comment on column mart.daily_articles.published_on is 'Day of publication.';
comment on column mart.daily_articles.section is 'Section; null for articles without one.';
comment on column mart.daily_articles.agency is 'Signing agency; null for articles without one.';
comment on column mart.daily_articles.article_count is 'Articles of that day.';
comment on column mart.daily_articles.word_count is 'Words in their bodies.';
comment on column mart.daily_articles.quote_count is 'Quotes in them.';
