-- Texts of the days that new texts are to be held against, the earliest first.

with days as (
    select distinct
        unnest(generate_series(
            articles.published_on - to_days($days),
            articles.published_on + to_days($days),
            interval 1 day
        ))::date as published_on,
    from ops.uncompared
    inner join articles on uncompared.article_id = articles.article_id
)

select
    articles.article_id,
    articles.published_on,
    articles.body,
    uncompared.article_id is not null as is_new,
from articles
semi join days on articles.published_on = days.published_on
left join ops.uncompared on articles.article_id = uncompared.article_id
order by articles.published_on, articles.article_id
