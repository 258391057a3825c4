-- Rules failed by the deliveries quarantined. A newer delivery of a path, good or bad, closes the rows
-- of the ones before it; a rule that the same delivery fails no more (in a replay) is closed too.

update ops.quarantine
set released_at = staged_deliveries.seen_at
from staged_deliveries
where
    quarantine.source_path = staged_deliveries.source_path
    and quarantine.released_at is null
    and (
        quarantine.delivery_id != staged_deliveries.delivery_id
        or staged_deliveries.status != 'quarantined'
        or quarantine.rule not in (
            select staged_quarantine.rule
            from staged_quarantine
            where staged_quarantine.delivery_id = staged_deliveries.delivery_id
        )
    );

insert into ops.quarantine
select staged_quarantine.*
from staged_quarantine
anti join ops.quarantine as standing
    on
        staged_quarantine.delivery_id = standing.delivery_id
        and staged_quarantine.rule = standing.rule
        and standing.released_at is null;
