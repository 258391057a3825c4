-- The deliveries of the articles in `wanted_articles`, and those with their bytes.

select
    deliveries.delivery_id,
    deliveries.source_path,
    deliveries.file_path,
    deliveries.content_sha256,
    deliveries.status,
    deliveries.run_id,
    deliveries.bytes,
    deliveries.modified_ns,
from ops.deliveries
where
    deliveries.delivery_id in (select unnest($held::bigint[]))
    or deliveries.article_id in (select article_id from wanted_articles)
    or deliveries.content_sha256 in (select unnest($contents::varchar[]))
order by deliveries.source_path, deliveries.delivery_id
