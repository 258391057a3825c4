-- One row: totals of the warehouse, its first and last day, and its last week. An article dated ahead is no reason to
-- count the week from there.

with week as (
    select
        max(published_on) as last_on,
        coalesce(max(published_on) filter (where published_on <= current_date), last_on) as ends_on,
    from articles
)

select
    (select count(*) from articles) as articles,
    (select min(published_on) from articles) as first_day,
    (select max(published_on) from articles) as last_day,
    (select ends_on from week) as week_to,
    (select ends_on - 6 from week) as week_from,
    (select max(loaded_at) from articles) as last_loaded_at,
    (select count(*) from quotes) as quotes,
    (select count(*) from quotes where kind = 'act') as acts,
    (select count(*) from mart.speakers where kind = 'person') as people_quoted,
    (select count(*) from entities where kind = 'person') as people,
    (select count(*) from entities where kind = 'organization') as organizations,
    (select count(*) from ops.deliveries where is_current and status = 'quarantined') as quarantined,
    (select count(*) from ops.deliveries where is_current and status = 'duplicate') as same_bytes
