-- The quotes that match words, speaker and facets, for the list and the counts of one page. A value null does not narrow;
-- an empty one means articles without an outlet or section.

create or replace temp table matching as
with worded as (
    select
        article_id,
        quote_no,
    from quotes_with($words)
),

spoken as (
    select
        article_id,
        quote_no,
    from quotes_by($speaker)
),

of_entity as (
    select
        article_id,
        quote_no,
    from quote_speakers
    where speaker_entity_id = $entity_id
)

select
    quotes.article_id,
    quotes.quote_no,
    quotes.kind,
    quotes.confidence >= $sure_from::float as is_sure,
    articles.published_at,
    articles.published_on,
    articles.outlet,
    articles.section,
from quotes
inner join articles on quotes.article_id = articles.article_id
where
    ($words is null or (quotes.article_id, quotes.quote_no) in (select (article_id, quote_no) from worded))
    and (
        $speaker is null
        or (quotes.article_id, quotes.quote_no) in (select (article_id, quote_no) from spoken)
    )
    and (
        $entity_id is null
        or (quotes.article_id, quotes.quote_no) in (select (article_id, quote_no) from of_entity)
    )
    and ($kind is null or quotes.kind = $kind)
    and quotes.confidence >= $least_confidence::float
    and ($outlet is null or coalesce(articles.outlet, '') = $outlet)
    and ($section is null or coalesce(articles.section, '') = $section)
    and articles.published_on between $first_on and $last_on
