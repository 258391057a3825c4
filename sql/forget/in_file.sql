-- Up to three articles of the file with many $name.

select source_path
from ops.deliveries
where file_path = $name and is_current
order by row_no
limit 3
