-- One row per quarantined file, or article of a file with many, and failed rule; $released includes files fixed since.

select
    quarantine.source_path,
    quarantine.rule,
    quarantine.column_name,
    quarantine.value,
    quarantine.message,
    deliveries.content_sha256,
    quarantine.run_id,
    quarantine.quarantined_at,
    quarantine.released_at,
    quarantine.file_path,
    quarantine.article_key,
    quarantine.row_no,
    quarantine.held_until,
    quarantine.dismissed_why,
from ops.quarantine
inner join ops.deliveries on quarantine.delivery_id = deliveries.delivery_id
where $released or quarantine.released_at is null
order by quarantine.source_path, quarantine.quarantined_at, quarantine.rule
