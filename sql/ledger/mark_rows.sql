-- Give unchanged articles of a file the digests of their rows.

update ops.deliveries
set row_digest = staged_digests.row_digest
from staged_digests
where deliveries.source_path = staged_digests.source_path and deliveries.is_current
