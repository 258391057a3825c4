-- The texts of the sampled articles. By rowid: of these only.

select
    article_id,
    title,
    body,
from articles
where
    rowid in (
        select found.rowid
        from articles as found
        where found.article_id in (select article_id from sampled_articles)
    )
