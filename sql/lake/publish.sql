-- Publish the current snapshot.

insert into ops.published
select
    current.id as snapshot_id,
    warehouse.change_no,
    $at as published_at,
from ducklake_current_snapshot('lake') as current
cross join ops.warehouse;
