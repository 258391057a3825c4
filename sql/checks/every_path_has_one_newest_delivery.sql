-- One delivery of each path is the newest.

select
    source_path,
    count_if(is_current) as newest_count,
from ops.deliveries
group by source_path
having newest_count != 1
