-- Snapshots older than $days days, except the published one and later ones.

select snapshot_id
from ducklake_snapshots('lake')
where
    snapshot_time < now() - to_days($days)
    and snapshot_id < (select max(published.snapshot_id) from ops.published)
