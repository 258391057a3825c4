-- Texts that have not been compared yet and whose bands are not stored.

select
    articles.article_id,
    articles.body,
from articles
semi join ops.dedup_queue on articles.article_id = dedup_queue.article_id
anti join ops.near_bands on articles.article_id = near_bands.article_id
