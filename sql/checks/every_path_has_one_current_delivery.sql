-- Exactly one delivery of each path is current.

select
    source_path,
    count_if(is_current) as current_count,
from ops.deliveries
group by source_path
having current_count != 1
