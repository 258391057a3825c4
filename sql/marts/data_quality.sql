-- One row per day of delivery and section.

create or replace view mart.data_quality as
with delivered as (
    select
        deliveries.delivery_id,
        deliveries.seen_at::date as delivered_on,
        deliveries.status,
        articles.article_id,
        articles.section,
        articles.warnings,
        articles.extractor_version,
    from ops.deliveries
    -- The article of a duplicate belongs to another path. (As a second join condition, this is slow.)
    left join main.articles
        on if(deliveries.status = 'loaded', deliveries.article_id, null) = articles.article_id
    -- A file with many articles counts by its articles, and what was withdrawn is not there any more.
    where deliveries.is_current and deliveries.status not in ('split', 'withdrawn')
),

quote_counts as (
    select
        article_id,
        count(*) as quote_count,
        count_if(speaker is null)::bigint as unresolved_count,
    from main.quotes
    where kind != 'act'
    group by article_id
),

by_quarantine_rule as (
    select
        delivered.delivered_on,
        delivered.section,
        histogram(quarantine.rule) as rules,
    from delivered
    inner join ops.quarantine on delivered.delivery_id = quarantine.delivery_id
    where quarantine.released_at is null
    group by delivered.delivered_on, delivered.section
),

warned as (
    select
        delivered_on,
        section,
        unnest(warnings) as rule,
    from delivered
    where len(warnings) > 0
),

by_warning as (
    select
        delivered_on,
        section,
        histogram(rule) as rules,
    from warned
    group by delivered_on, section
),

counted as (
    select
        delivered.delivered_on,
        delivered.section,
        count(*) as delivered_count,
        count_if(delivered.status = 'loaded')::bigint as loaded_count,
        count_if(delivered.status = 'duplicate')::bigint as duplicate_count,
        count_if(delivered.status = 'quarantined')::bigint as quarantined_count,
        count_if(
            delivered.status = 'loaded'
            and quote_counts.article_id is null
        )::bigint as without_quotes_count,
        coalesce(sum(quote_counts.quote_count), 0)::bigint as quote_count,
        coalesce(sum(quote_counts.unresolved_count), 0)::bigint as unresolved_count,
        list_sort(
            list(distinct delivered.extractor_version) filter (where delivered.extractor_version is not null)
        ) as extractor_versions,
    from delivered
    left join quote_counts on delivered.article_id = quote_counts.article_id
    group by delivered.delivered_on, delivered.section
)

select
    counted.delivered_on,
    counted.section,
    counted.delivered_count,
    counted.loaded_count,
    counted.duplicate_count,
    counted.quarantined_count,
    coalesce(by_quarantine_rule.rules, map()) as quarantined_by_rule,
    coalesce(by_warning.rules, map()) as warned_by_rule,
    counted.without_quotes_count,
    counted.quote_count,
    counted.unresolved_count,
    coalesce(counted.extractor_versions, []) as extractor_versions,
from counted
left join by_quarantine_rule
    on
        counted.delivered_on = by_quarantine_rule.delivered_on
        and counted.section is not distinct from by_quarantine_rule.section
left join by_warning
    on
        counted.delivered_on = by_warning.delivered_on
        and counted.section is not distinct from by_warning.section;

comment on view mart.data_quality is 'One row per day of delivery and section.';
comment on column mart.data_quality.delivered_on is 'Day of delivery (seen_at in ops.deliveries), in UTC.';
comment on column mart.data_quality.section is 'Section of the article; null if it has none, and for quarantined files, whose headers are unreliable.';
comment on column mart.data_quality.delivered_count is 'Number of files and articles of files with many, each with its newest content.';
comment on column mart.data_quality.loaded_count is 'Files loaded as articles.';
comment on column mart.data_quality.duplicate_count is 'Files with the same bytes as an article under another path.';
comment on column mart.data_quality.quarantined_count is 'Files quarantined.';
comment on column mart.data_quality.quarantined_by_rule is 'Number of quarantined files by failed rule.';
comment on column mart.data_quality.warned_by_rule is 'Number of articles by warning.';
comment on column mart.data_quality.without_quotes_count is 'Articles without quotes; acts are none.';
comment on column mart.data_quality.quote_count is 'Number of quotes in the articles, without acts.';
comment on column mart.data_quality.unresolved_count is 'Quotes without any speaker, named or unnamed.';
comment on column mart.data_quality.extractor_versions is 'Extractor versions that found the quotes, sorted.';
