-- One row: how recent the loaded articles are. The newest day is not one in the future, if there is another.

select
    (
        select coalesce(max(published_on) filter (where published_on <= current_date), max(published_on))
        from articles
    ) as newest_day,
    (select max(loaded_at) from articles) as last_loaded_at,
    (select max(started_at) from ops.runs where flow = 'ingest' and state = 'completed') as last_ingest_at
