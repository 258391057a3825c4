-- One row: totals of the warehouse, its first and last day, and its last week.

select
    (select count(*) from articles) as articles,
    (select min(published_on) from articles) as first_day,
    (select max(published_on) from articles) as last_day,
    (select max(published_on) - 6 from articles) as week_from,
    (select max(loaded_at) from articles) as last_loaded_at,
    (select count(*) from quotes where kind != 'act') as quotes,
    (select count(*) from mart.speakers where kind = 'person') as people_quoted,
    (select count(*) from entities where kind = 'person') as people,
    (select count(*) from entities where kind = 'organization') as organizations,
    (select count(*) from ops.deliveries where is_current and status = 'quarantined') as quarantined,
    (select count(*) from ops.deliveries where is_current and status = 'duplicate') as same_bytes
