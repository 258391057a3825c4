-- How many quotes each stratum has.

select
    stratum,
    count(*) as quote_count,
from labelled
group by stratum
order by stratum
