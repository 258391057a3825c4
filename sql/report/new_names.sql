-- People and organizations first mentioned in the last week, most mentions first. The week ends on the newest day that is
-- not in the future: one article dated ahead would be the whole of it.

with week as (
    select
        max(published_on) as last_on,
        coalesce(max(published_on) filter (where published_on <= current_date), last_on) as ends_on,
    from articles
),

newcomers as (
    select
        entity_id,
        name,
        kind,
    from entities
    where
        first_seen_on > (select ends_on - 7 from week)
        and first_seen_on <= (select ends_on from week)
        and kind in ('person', 'organization')
),

counted as (
    select
        mentions.entity_id,
        count(*) as mentions,
        count(distinct coalesce(articles.cluster_id, articles.article_id)) as stories,
        arg_min(articles.article_id, (articles.published_at, articles.source_path)) as first_id,
    from mentions
    inner join newcomers on mentions.entity_id = newcomers.entity_id
    inner join articles on mentions.article_id = articles.article_id
    group by mentions.entity_id
)

select
    newcomers.name,
    newcomers.kind,
    counted.mentions,
    counted.stories,
    articles.title as first_title,
    articles.published_on as first_on,
    count(*) over (partition by newcomers.kind) as names_of_kind,
from newcomers
inner join counted on newcomers.entity_id = counted.entity_id
inner join articles on counted.first_id = articles.article_id
qualify
    row_number() over (
        partition by newcomers.kind
        order by counted.mentions desc, counted.stories desc, newcomers.name asc, newcomers.entity_id asc
    ) <= $names
order by
    newcomers.kind desc,
    counted.mentions desc,
    counted.stories desc,
    newcomers.name asc,
    newcomers.entity_id asc
