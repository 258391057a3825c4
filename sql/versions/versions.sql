-- One row per version of an article, oldest first.

with all_versions as (
    select *
    from article_versions
    where source_path = $source_path
    union all by name
    select *
    from articles
    where source_path = $source_path
)

select
    version,
    title,
    supertitle,
    section,
    published_at,
    dateline,
    agency,
    body,
    word_count,
    loaded_at,
    superseded_at,
from all_versions
order by version;
