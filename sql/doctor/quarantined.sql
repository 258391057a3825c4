-- Contents that were quarantined, then or now, with a path that each came by; those that still are come first.
-- What a replay loaded is among them: its delivery is one of an article now, its reasons stay.

select
    content_sha256,
    arg_max(source_path, is_current) as source_path,
from ops.deliveries
where
    content_sha256 is not null
    and (status = 'quarantined' or delivery_id in (select delivery_id from ops.quarantine))
group by content_sha256
order by max(is_current and status = 'quarantined') desc, source_path
