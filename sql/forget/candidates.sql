-- Versions of other articles with the same words as those in `wanted_articles`, or with a piece of their text.

with versions as (
    select
        article_id,
        title,
        body,
        text_sha256,
    from articles
    union all
    select
        article_id,
        title,
        body,
        text_sha256,
    from article_versions
)

select
    versions.article_id,
    versions.title,
    versions.body,
from versions
anti join wanted_articles on versions.article_id = wanted_articles.article_id
where
    versions.text_sha256 in (select unnest($texts::varchar[]))
    or list_bool_or(list_transform($pieces::varchar[], lambda piece: contains(versions.body, piece)))
order by versions.article_id
