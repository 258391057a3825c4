-- One row per outlet and agency: what is the outlet's own, and what it took from whom.

create or replace view mart.outlets as
with counted as (
    select
        outlet,
        agency,
        sum(article_count)::bigint as article_count,
        sum(word_count)::bigint as word_count,
        sum(quote_count)::bigint as quote_count,
        min(published_on) as first_on,
        max(published_on) as last_on,
    from mart.daily_articles
    group by outlet, agency
)

select
    outlet,
    agency,
    article_count,
    word_count,
    quote_count,
    (article_count / sum(article_count) over (partition by outlet))::float as share,
    first_on,
    last_on,
from counted;

comment on view mart.outlets is 'One row per outlet and agency: what is the outlet''s own, and what it took from whom.';
comment on column mart.outlets.outlet is 'Outlet; null for the articles that have none.';
comment on column mart.outlets.agency is 'Agency that signed the articles; null for the outlet''s own.';
comment on column mart.outlets.article_count is 'Number of articles.';
comment on column mart.outlets.word_count is 'Number of words in their bodies.';
comment on column mart.outlets.quote_count is 'Number of quotes in them, without acts.';
comment on column mart.outlets.share is 'Share of the articles of the outlet, from 0 to 1.';
comment on column mart.outlets.first_on is 'Day of the first article.';
comment on column mart.outlets.last_on is 'Day of the last article.';
