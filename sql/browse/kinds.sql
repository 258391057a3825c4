-- Quotes by kind, acts too.

select
    kind,
    count(*) as quote_count,
from quotes
group by kind
