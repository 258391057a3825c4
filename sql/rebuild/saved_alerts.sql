-- The alerts of the file, with ids of today: those that were written before migration 15 have ten bits more.

create or replace temp table saved_alerts as
select * replace (if(alert_id >= 1::bigint << 53, alert_id >> 10, alert_id) as alert_id)
from read_parquet($file);
