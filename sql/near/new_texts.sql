-- Texts that have not been compared yet and whose bands are not stored. By rowid: bodies are read of these rows only.

select
    articles.article_id,
    articles.body,
from articles
where
    articles.rowid in (
        select waiting.rowid
        from articles as waiting
        semi join ops.dedup_queue on waiting.article_id = dedup_queue.article_id
        anti join ops.near_bands on waiting.article_id = near_bands.article_id
    )
