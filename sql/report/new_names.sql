-- People and organizations that no article named before the newest week, most mentioned first.

with fresh as (
    select
        entity_id,
        name,
        kind,
    from entities
    where
        first_seen_on > (select max(published_on) - 7 from articles)
        and kind in ('person', 'organization')
),

counted as (
    select
        mentions.entity_id,
        count(*) as mentions,
        count(distinct coalesce(articles.cluster_id, articles.article_id)) as stories,
        arg_min(articles.article_id, (articles.published_at, articles.source_path)) as first_id,
    from mentions
    inner join fresh on mentions.entity_id = fresh.entity_id
    inner join articles on mentions.article_id = articles.article_id
    group by mentions.entity_id
)

select
    fresh.name,
    fresh.kind,
    counted.mentions,
    counted.stories,
    articles.title as first_title,
    articles.published_on as first_on,
    count(*) over (partition by fresh.kind) as names_of_kind,
from fresh
inner join counted on fresh.entity_id = counted.entity_id
inner join articles on counted.first_id = articles.article_id
qualify
    row_number() over (
        partition by fresh.kind
        order by counted.mentions desc, counted.stories desc, fresh.name asc, fresh.entity_id asc
    ) <= $names
order by fresh.kind desc, counted.mentions desc, counted.stories desc, fresh.name asc, fresh.entity_id asc
