-- One row per warehouse: what it is, and what made it.

create or replace view mart.about as
with last_run as (
    -- By order of insertion: clocks can be set back.
    select run_id
    from ops.runs
    where state = 'completed'
    order by rowid desc
    limit 1
),

counted as (
    select
        count(*) as article_count,
        min(published_on) as first_on,
        max(published_on) as last_on,
    from main.articles
)

select
    warehouse.version,
    (select max(number) from ops.migrations) as schema_number,
    warehouse.published_at,
    (select run_id from last_run) as run_id,
    counted.article_count,
    counted.first_on,
    counted.last_on,
    (select count(*) from main.quotes where kind != 'act') as quote_count,
    (select count(*) from ops.aliases) as alias_count,
    (select count(*) from ops.corrections where problem is null) as correction_count,
from ops.warehouse
cross join counted;

comment on view mart.about is 'One row per warehouse: what it is, and what made it.';
comment on column mart.about.version is 'Version of On the Record that published it.';
comment on column mart.about.schema_number is 'Number of the schema: that of the newest migration.';
comment on column mart.about.published_at is 'When it was published, in UTC.';
comment on column mart.about.run_id is 'Last run whose changes are in it.';
comment on column mart.about.article_count is 'Number of articles.';
comment on column mart.about.first_on is 'Day of the first article.';
comment on column mart.about.last_on is 'Day of the last article.';
comment on column mart.about.quote_count is 'Number of quotes, without acts.';
comment on column mart.about.alias_count is 'Number of lines of aliases.csv that are applied.';
comment on column mart.about.correction_count is 'Number of lines of corrections.csv that are applied.';
