-- landed = loaded + unchanged + duplicate + quarantined, for every completed ingest: for files, and for the articles in
-- files with many.

select
    run_id,
    landed_count,
    loaded_count,
    unchanged_count,
    duplicate_count,
    quarantined_count,
    article_landed_count,
from ops.runs
where
    state = 'completed'
    and flow = 'ingest'
    and (
        landed_count is distinct from loaded_count + unchanged_count + duplicate_count + quarantined_count
        or article_landed_count is distinct from article_loaded_count
        + article_unchanged_count
        + article_duplicate_count
        + article_quarantined_count
    )
