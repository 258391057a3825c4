-- Release the rows of the files in `dismissed_files`, with the reason that was given.

update ops.quarantine
set released_at = $at, dismissed_why = $why
where
    released_at is null
    and source_path in (select source_path from dismissed_files)
