-- Contents that are or were quarantined, with a path of each and whether they still are; those come first. A retry
-- that loads a delivery keeps its rows in ops.quarantine. Of dismissed files no bytes are kept.

select
    content_sha256,
    arg_max(source_path, is_current) as source_path,
    max(is_current and status = 'quarantined') as is_held,
from ops.deliveries
where
    content_sha256 is not null
    and status != 'dismissed'
    and (status = 'quarantined' or delivery_id in (select delivery_id from ops.quarantine))
group by content_sha256
order by is_held desc, source_path
