-- Texts that were not held against their neighbours' yet, and whose bands are not kept.

select
    articles.article_id,
    articles.body,
from articles
semi join ops.dedup_queue on articles.article_id = dedup_queue.article_id
anti join ops.near_bands on articles.article_id = near_bands.article_id
