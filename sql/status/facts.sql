-- One row: counts of the warehouse.

select
    (select count(*) from articles) as articles,
    (select min(published_on) from articles) as first_day,
    (select max(published_on) from articles) as last_day,
    (select count(*) from quotes) as quotes,
    (select count(*) from entities) as entities,
    (select count(*) from ops.deliveries where is_current and status = 'quarantined') as quarantined,
    (
        select count(distinct delivery_id)
        from ops.quarantine
        where released_at is null and held_until is not null
    ) as under_embargo,
    (
        select count(*)
        from ops.deliveries
        where is_current and missing_since is not null
    ) as missing_from_landing,
    (select strftime(max(loaded_at), '%Y-%m-%d %H:%M:%S') from articles) as last_loaded_at
