-- Every article has the content of the loaded delivery of its path, and every loaded delivery is an article.

select
    coalesce(articles.source_path, deliveries.source_path) as source_path,
    articles.content_sha256 as article_content,
    deliveries.content_sha256 as delivered_content,
from articles
full join (from ops.deliveries where status = 'loaded') as deliveries
    on articles.source_path = deliveries.source_path
where articles.content_sha256 is distinct from deliveries.content_sha256
