-- Paths of other articles that are near duplicates of those in `wanted_articles`.

with pairs as (
    select
        article_id,
        other_id,
    from ops.near_pairs
    union all
    select
        other_id as article_id,
        article_id as other_id,
    from ops.near_pairs
)

select distinct articles.source_path
from pairs
semi join wanted_articles on pairs.article_id = wanted_articles.article_id
anti join wanted_articles as also on pairs.other_id = also.article_id
inner join articles on pairs.other_id = articles.article_id
order by articles.source_path
