-- The landing location of the last ingest.

select landing
from ops.runs
where flow = 'ingest' and landing is not null
order by rowid desc
limit 1
