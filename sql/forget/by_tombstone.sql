-- Versions of articles that may be those of a tombstone: by their words, bytes, path or URL. Places are hashed as
-- warehouse/tombstones.py does.

with versions as (
    select
        article_id,
        content_sha256,
        text_sha256,
        title,
        body,
        source_path,
        url,
    from articles
    union all
    select
        article_id,
        content_sha256,
        text_sha256,
        title,
        body,
        source_path,
        url,
    from article_versions
)

select
    article_id,
    content_sha256,
    title,
    body,
    source_path,
    url,
from versions
where
    text_sha256 in (select unnest($texts::varchar[]))
    or content_sha256 in (select unnest($contents::varchar[]))
    or sha256('place' || chr(31) || source_path) in (select unnest($places::varchar[]))
    or sha256('place' || chr(31) || url) in (select unnest($places::varchar[]))
