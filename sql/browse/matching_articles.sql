-- The articles that match words and facets, for the list and the counts of one page. A value null does not narrow; an
-- empty one means articles without an outlet or section.

create or replace temp table matching as
with found as (
    select
        article_id,
        score,
    from ranked_articles($words)
)

select
    articles.article_id,
    articles.published_at,
    articles.published_on,
    articles.outlet,
    articles.section,
    null::varchar as kind,
    false as is_sure,
    found.score,
from articles
left join found on articles.article_id = found.article_id
where
    ($words is null or found.article_id is not null)
    and ($outlet is null or coalesce(articles.outlet, '') = $outlet)
    and ($section is null or coalesce(articles.section, '') = $section)
    and articles.published_on between $first_on and $last_on
