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

insert into mart.daily_articles
with dirty as (
    select
        article_id,
        published_on,
        section,
        agency,
        outlet,
        word_count,
    from articles
    where published_on in (select published_on from ops.dirty_days)
),

quote_counts as (
    select
        quotes.article_id,
        count(*) as quote_count,
    from quotes
    semi join dirty on quotes.article_id = dirty.article_id
    where quotes.kind != 'act'
    group by quotes.article_id
)

select
    dirty.published_on,
    dirty.section,
    dirty.agency,
    dirty.outlet,
    count(*) as article_count,
    sum(dirty.word_count) as word_count,
    coalesce(sum(quote_counts.quote_count), 0) as quote_count,
from dirty
left join quote_counts on dirty.article_id = quote_counts.article_id
group by dirty.published_on, dirty.section, dirty.agency, dirty.outlet
order by dirty.published_on, dirty.section, dirty.agency, dirty.outlet;
