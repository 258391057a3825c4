-- How many alerts the file of alerts has that the warehouse lacks, or has as others.

select count(*)
from (
    from read_parquet($file)
    except all
    from ops.alerts
)
