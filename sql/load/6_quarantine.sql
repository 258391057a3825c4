-- Insert the rules that quarantined deliveries failed. Earlier rows of a path are released by a newer delivery, valid
-- or not, and by a retry in which the same delivery passes the rule.

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
anti join ops.quarantine as open_rows
    on
        staged_quarantine.delivery_id = open_rows.delivery_id
        and staged_quarantine.rule = open_rows.rule
        and open_rows.released_at is null;
