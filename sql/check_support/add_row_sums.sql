-- The fingerprints of a range of rows, by article. Sums do not depend on row order, and repeated rows do not cancel
-- out as they would with xor.

insert into row_sums
select
    $table_name,
    $is_before,
    article_id,
    sum(fingerprint) as fingerprint,
from query_table($view)
where row_id >= $first_row and row_id < $end_row
group by article_id
