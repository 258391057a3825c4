-- A newest delivery in quarantine has a row there that is not released, and no other delivery has one.

select
    coalesce(deliveries.source_path, standing.source_path) as source_path,
    deliveries.delivery_id as delivered,
    standing.delivery_id as standing,
from (from ops.deliveries where status = 'quarantined' and is_current) as deliveries
full join (select distinct
    delivery_id,
    source_path
from ops.quarantine where released_at is null) as standing
    on deliveries.delivery_id = standing.delivery_id
where deliveries.delivery_id is null or standing.delivery_id is null
