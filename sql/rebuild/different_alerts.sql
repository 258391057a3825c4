-- One row: how many alerts of `saved_alerts` are missing or different in the warehouse.

select count(*) as different
from (
    from saved_alerts
    except all
    from ops.alerts
) as different_alerts
