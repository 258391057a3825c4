-- What quarantine says of deliveries: the values that broke a rule, and the run.

select
    value,
    run_id,
from ops.quarantine
where delivery_id in (select unnest($deliveries::bigint[]))
