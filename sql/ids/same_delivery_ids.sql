-- Deliveries in `staged_deliveries` with the id of one of another path, in the ledger or among them.

with others as (
    select
        delivery_id,
        source_path,
    from ops.deliveries
    union all
    select
        delivery_id,
        source_path,
    from staged_deliveries
)

select
    staged_deliveries.source_path,
    others.source_path as other_path,
from staged_deliveries
inner join others on staged_deliveries.delivery_id = others.delivery_id
where staged_deliveries.source_path != others.source_path
order by all
