-- Contents that were held back, with a path that each came by; those that still are come first.

select
    content_sha256,
    arg_max(source_path, is_current) as source_path,
    max(is_current) as is_held_back,
from ops.deliveries
where status = 'quarantined' and content_sha256 is not null
group by content_sha256
order by is_held_back desc, source_path
