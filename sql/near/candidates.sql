-- Texts that share a band with another one of nearby days, at least one of the two being new; in the order of days,
-- each with its earlier partners. Joining on days too keeps it fast: a notice that is printed every day shares its
-- bands with those of all years.

with banded as (
    select
        articles.article_id,
        articles.published_on,
        near_bands.bands,
        dedup_queue.article_id is not null as is_new,
    from ops.near_bands
    inner join articles on near_bands.article_id = articles.article_id
    left join ops.dedup_queue on near_bands.article_id = dedup_queue.article_id
),

new_bands as (
    select
        article_id,
        published_on,
        published_on + days.distance as near_on,
        unnest(bands) as band,
    from banded
    cross join (select unnest(range(-$days, $days + 1))::integer as distance) as days
    where is_new
),

bands as (
    select
        article_id,
        published_on,
        unnest(bands) as band,
    from banded
    where published_on in (select near_on from new_bands)
),

pairs as (
    select distinct
        (new_bands.published_on, new_bands.article_id) as new_text,
        (bands.published_on, bands.article_id) as other_text,
    from new_bands
    inner join bands on new_bands.band = bands.band and new_bands.near_on = bands.published_on
    where new_bands.article_id != bands.article_id
),

ordered as (
    select distinct
        least(new_text, other_text)[2] as earlier_id,
        greatest(new_text, other_text)[2] as later_id,
    from pairs
),

partners as (
    select
        later_id as article_id,
        list_sort(list(earlier_id)) as earlier,
    from ordered
    group by later_id
    union all
    select distinct
        first_texts.earlier_id as article_id,
        []::bigint[] as earlier,
    from ordered as first_texts
    anti join ordered on first_texts.earlier_id = ordered.later_id
)

select
    articles.article_id,
    articles.published_on,
    articles.body,
    partners.earlier,
from partners
inner join articles on partners.article_id = articles.article_id
order by articles.published_on, articles.article_id
