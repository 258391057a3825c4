-- Mark the files in `gone_files` that were last delivered from $landing, and unmark those that are there again. It
-- gives the number of rows changed; a lake has no `returning`. Articles of files with many have no file of their own.
-- A retry of quarantine loads from kept bytes: its files are of this location if there was no other.

update ops.deliveries
set missing_since = if(source_path in (select source_path from gone_files), $at, null)
where
    is_current
    and file_path is null
    and (source_path in (select source_path from gone_files)) != (missing_since is not null)
    and run_id in (
        select run_id
        from ops.runs
        where
            landing = $landing
            or (landing is null and (select count(distinct all_runs.landing) from ops.runs as all_runs) = 1)
    )
