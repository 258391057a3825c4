-- Contents whose newest deliveries are dismissed, and quarantined under no path. With $after_kill none, if a run
-- has ended since the newest one that was killed while it dismissed files.

select content_sha256 from ops.deliveries
where
    is_current
    and status = 'dismissed'
    and content_sha256 is not null
    and (
        not $after_kill
        or (
            select
                max(started_at) filter (where flow = 'dismiss' and state = 'crashed')
                > coalesce(max(started_at) filter (where state not in ('crashed', 'running')), '-infinity')
            from ops.runs
        )
    )
except
select content_sha256 from ops.deliveries
where is_current and status = 'quarantined'
