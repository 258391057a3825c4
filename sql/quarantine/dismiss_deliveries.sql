-- Mark the deliveries of the files in `dismissed_files`: the same content is not read again.

update ops.deliveries
set status = 'dismissed'
where
    is_current
    and status = 'quarantined'
    and source_path in (select source_path from dismissed_files)
