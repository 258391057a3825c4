-- The newest delivery of each file; not those of articles in files with many, which can be millions.

select
    source_path,
    content_sha256,
    bytes,
    modified_ns,
    status,
from ops.deliveries
where is_current and file_path is null
