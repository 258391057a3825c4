-- The article of an id, in its current version, with how many other articles are near copies of it.

select
    articles.*,
    (
        select count(*)
        from articles as copies
        where
            copies.cluster_id = articles.cluster_id
            and copies.article_id != articles.article_id
    ) as copy_count,
from articles
where articles.article_id = $article_id
