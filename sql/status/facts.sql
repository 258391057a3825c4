-- One row: what the warehouse holds.

select
    (select count(*) from articles) as articles,
    (select min(published_on) from articles) as first_day,
    (select max(published_on) from articles) as last_day,
    (select count(*) from quotes) as quotes,
    (select count(*) from entities) as entities,
    (select count(*) from ops.deliveries where is_current and status = 'quarantined') as held_back,
    (select max(loaded_at) from articles) as last_loaded_at
