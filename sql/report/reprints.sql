-- Stories that were printed more than once, most copies first: near duplicates, or the same words at any time.

with printed as (
    select
        articles.article_id,
        articles.title,
        articles.source_path,
        articles.published_at,
        articles.agency,
        coalesce(
            articles.cluster_id, original.cluster_id, articles.duplicate_of, articles.article_id
        ) as story_id,
    from articles
    left join articles as original on articles.duplicate_of = original.article_id
),

stories as (
    select
        story_id,
        count(*) as articles,
        arg_min(article_id, (published_at, source_path)) as first_id,
        max(published_at) as last_at,
    from printed
    group by story_id
    having count(*) > 1
),

counted as (
    select
        *,
        count(*) over () as stories,
        cast(sum(articles - 1) over () as bigint) as copies_of_all,
    from stories
)

select
    printed.title,
    printed.source_path,
    printed.agency,
    cast(printed.published_at as date) as first_on,
    cast(counted.last_at as date) as last_on,
    counted.articles - 1 as copies,
    counted.stories,
    counted.copies_of_all,
from counted
inner join printed on counted.first_id = printed.article_id
order by copies desc, first_on asc, printed.source_path asc
limit $shown
