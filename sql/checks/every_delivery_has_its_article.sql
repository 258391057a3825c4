-- Every delivery that was loaded, superseded or a duplicate has an article.

select
    deliveries.source_path,
    deliveries.status,
    deliveries.article_id,
from ops.deliveries
anti join articles on deliveries.article_id = articles.article_id
where deliveries.status not in ('quarantined', 'dismissed', 'split', 'withdrawn')
