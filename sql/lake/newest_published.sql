-- The snapshot that was published last, if any.

select
    snapshot_id,
    change_no,
from ops.published
order by snapshot_id desc
limit 1
