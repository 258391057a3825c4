-- Files, and articles of files with many, whose newest delivery is quarantined, with the rules they failed.

select
    deliveries.source_path,
    coalesce(deliveries.content_sha256, '') as content_sha256,
    list(quarantine.rule order by quarantine.rule) as rules,
from ops.deliveries
inner join ops.quarantine on deliveries.delivery_id = quarantine.delivery_id
where
    deliveries.is_current
    and deliveries.status = 'quarantined'
    and quarantine.released_at is null
group by all
order by deliveries.source_path
