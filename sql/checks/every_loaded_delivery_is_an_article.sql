-- Every article has the content of its one loaded delivery, and every loaded delivery is an article.

with loaded as (
    select
        source_path,
        article_id,
        content_sha256,
    from ops.deliveries
    where status = 'loaded'
)

select
    coalesce(articles.source_path, loaded.source_path) as source_path,
    articles.content_sha256 as article_content,
    loaded.content_sha256 as delivered_content,
from articles
full join loaded on articles.article_id = loaded.article_id
where articles.content_sha256 is distinct from loaded.content_sha256
