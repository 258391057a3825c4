-- landed = loaded + unchanged + duplicate + quarantined, for every completed ingest.

select
    run_id,
    landed_count,
    loaded_count,
    unchanged_count,
    duplicate_count,
    quarantined_count,
from ops.runs
where
    state = 'completed'
    and flow = 'ingest'
    and landed_count is distinct from loaded_count + unchanged_count + duplicate_count + quarantined_count
