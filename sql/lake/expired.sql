-- Snapshots that are older than some days; those that were published last and are newest stay.

select snapshot_id
from ducklake_snapshots('lake')
where
    snapshot_time < now() - to_days($days)
    and snapshot_id < (select max(published.snapshot_id) from ops.published)
