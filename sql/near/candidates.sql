-- Texts that share a band with another one of nearby days, at least one of the two being new; in the order of days,
-- each with its earlier partners. Joining on time too keeps it fast: a notice that is printed every day shares its bands
-- with those of all years. By periods of several windows, of which one text needs two at the most; with a row for each
-- day around it, the join takes three times as long. By rowid: bodies are read of these texts only.

with new_texts as (
    select
        articles.article_id,
        articles.published_on,
        near_bands.bands,
    from articles
    semi join ops.dedup_queue on articles.article_id = dedup_queue.article_id
    inner join ops.near_bands on articles.article_id = near_bands.article_id
),

periods as (
    select
        *,
        unnest(list_distinct([
            (published_on - $days - date '1970-01-01') // (4 * $days + 2),
            (published_on + $days - date '1970-01-01') // (4 * $days + 2)
        ])) as period,
    from new_texts
),

new_bands as (
    select
        article_id,
        published_on,
        period,
        unnest(bands) as band,
    from periods
),

near_texts as (
    select
        article_id,
        published_on,
    from articles
    where
        published_on in (
            select new_texts.published_on + days.distance
            from new_texts
            cross join (select unnest(range(-$days, $days + 1))::integer as distance) as days
        )
),

bands as (
    select
        near_texts.article_id,
        near_texts.published_on,
        (near_texts.published_on - date '1970-01-01') // (4 * $days + 2) as period,
        unnest(near_bands.bands) as band,
    from near_texts
    inner join ops.near_bands on near_texts.article_id = near_bands.article_id
),

pairs as (
    select distinct
        (new_bands.published_on, new_bands.article_id) as new_text,
        (bands.published_on, bands.article_id) as other_text,
    from new_bands
    inner join bands on new_bands.band = bands.band and new_bands.period = bands.period
    where
        new_bands.article_id != bands.article_id
        and abs(new_bands.published_on - bands.published_on) <= $days
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
where
    articles.rowid in (
        select found.rowid
        from articles as found
        where found.article_id in (select article_id from partners)
    )
order by articles.published_on, articles.article_id
