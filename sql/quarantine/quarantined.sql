-- Files, and articles of files with many, whose newest delivery is quarantined and whose bytes are stored, with the rules they failed. With
-- $due_at only those that are held until then, for no other reason.

select
    deliveries.source_path,
    deliveries.content_sha256,
    deliveries.bytes,
    coalesce(deliveries.modified_ns, 0) as modified_ns,
    list(quarantine.rule order by quarantine.rule) as rules,
    deliveries.file_path,
    deliveries.article_key,
    deliveries.row_no,
    deliveries.row_digest,
from ops.deliveries
inner join ops.quarantine on deliveries.delivery_id = quarantine.delivery_id
where
    deliveries.is_current
    and deliveries.status = 'quarantined'
    and deliveries.content_sha256 is not null
    and quarantine.released_at is null
group by all
having $due_at is null or bool_and(coalesce(quarantine.held_until <= $due_at, false))
order by deliveries.source_path
