-- Each delivery that was loaded, replaced or found to be a duplicate has its article.

select
    deliveries.source_path,
    deliveries.status,
    deliveries.article_id,
from ops.deliveries
anti join articles on deliveries.article_id = articles.article_id
where deliveries.status != 'quarantined'
