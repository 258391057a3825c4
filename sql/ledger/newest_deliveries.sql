-- The newest delivery of each path.

select
    source_path,
    content_sha256,
    bytes,
    modified_ns,
    status,
from ops.deliveries
where is_current
