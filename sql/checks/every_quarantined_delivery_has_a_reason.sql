-- Every current quarantined delivery has a row in quarantine that is not released, and no other delivery has one.

with quarantined as (
    select
        delivery_id,
        source_path,
    from ops.deliveries
    where status = 'quarantined' and is_current
),

reasons as (
    select distinct
        delivery_id,
        source_path,
    from ops.quarantine
    where released_at is null
)

select
    coalesce(quarantined.source_path, reasons.source_path) as source_path,
    quarantined.delivery_id as quarantined_delivery,
    reasons.delivery_id as reason_delivery,
from quarantined
full join reasons on quarantined.delivery_id = reasons.delivery_id
where quarantined.delivery_id is null or reasons.delivery_id is null
