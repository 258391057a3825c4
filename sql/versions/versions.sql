-- One row per version of an article, the oldest first.

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
from article_versions
where source_path = $source_path
union all by name
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
    null::timestamp as superseded_at,
from articles
where source_path = $source_path
order by version;
