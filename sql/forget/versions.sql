-- All versions of the articles in `wanted_articles`, the current one first, with what else is written of each.

with versions as (
    select
        article_id,
        source_path,
        version,
        title,
        supertitle,
        body,
        url,
        byline,
        authors,
        headers,
        content_sha256,
        run_id,
    from articles
    union all
    select
        article_id,
        source_path,
        version,
        title,
        supertitle,
        body,
        url,
        byline,
        authors,
        headers,
        content_sha256,
        run_id,
    from article_versions
)

select
    versions.article_id,
    versions.source_path,
    versions.title,
    versions.body,
    versions.url,
    versions.content_sha256,
    versions.run_id,
    list_filter(
        [versions.supertitle, versions.byline] || coalesce(versions.authors, [])
        || coalesce(map_values(versions.headers), []),
        lambda value: value is not null
    ) as others,
from versions
semi join wanted_articles on versions.article_id = wanted_articles.article_id
order by versions.article_id, versions.version desc
