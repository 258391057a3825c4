-- One row per article of one page of those that match: best first if there are words, else newest first.

with page as (
    select *
    from matching
    order by score desc nulls last, published_at desc, article_id
    limit $row_limit offset $row_offset
),

counted as (
    select
        article_id,
        count(*) as quote_count,
    from quotes
    where
        kind != 'act'
        and article_id in (select article_id from page)
    group by article_id
),

patterns as (
    select pattern
    from pattern_of($words)
)

select
    page.article_id,
    page.published_on,
    page.outlet,
    page.section,
    articles.agency,
    articles.title,
    -- Matches are marked by ** in it.
    if(
        patterns.pattern is null, left(articles.body, 300), marked_snippet(articles.body, patterns.pattern)
    ) as opening,
    patterns.pattern is not null as is_snippet,
    coalesce(counted.quote_count, 0) as quote_count,
from page
inner join articles on page.article_id = articles.article_id
left join counted on page.article_id = counted.article_id
cross join patterns
order by page.score desc nulls last, page.published_at desc, page.article_id
