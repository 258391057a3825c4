-- The edges; source and target are ids of nodes.

select
    source_id::varchar as source,
    target_id::varchar as target,
    * exclude (source_id, target_id)
from edges
order by source_id, target_id
