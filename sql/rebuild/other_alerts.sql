-- How many alerts the file of alerts has that the warehouse lacks, or has as others.

select count(*) as others
from (
    from read_parquet($file) as others
    except all
    from ops.alerts
) as others
