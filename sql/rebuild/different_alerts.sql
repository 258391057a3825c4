-- One row: how many alerts in the file are missing or different in the warehouse.

select count(*) as different
from (
    from read_parquet($file) as saved
    except all
    from ops.alerts
) as different_alerts
