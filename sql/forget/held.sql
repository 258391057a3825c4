-- The deliveries of the path $name that are, or were, in quarantine.

select delivery_id
from ops.deliveries
where source_path = $name and status in ('quarantined', 'dismissed', 'withdrawn')
order by delivery_id
