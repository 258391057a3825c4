-- Stories that came more than once, most copies first: near duplicates, and the same words at any distance.

with told as (
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
    from told
    group by story_id
    having count(*) > 1
),

most as (
    select
        *,
        count(*) over () as stories,
        sum(articles - 1) over () as copies_of_all,
    from stories
)

select
    told.title,
    told.source_path,
    told.agency,
    cast(told.published_at as date) as first_on,
    cast(most.last_at as date) as last_on,
    most.articles - 1 as copies,
    most.stories,
    most.copies_of_all,
from most
inner join told on most.first_id = told.article_id
order by copies desc, first_on asc, told.source_path asc
limit $shown
