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
    -- A duplicate's article is another path's. (As a second condition of the join it is slow.)
    left join articles
        on if(deliveries.status = 'loaded', deliveries.article_id, null) = articles.article_id
    where deliveries.is_current
),

quoted as (
    select
        article_id,
        count(*) as quote_count,
        count_if(speaker is null)::bigint as unresolved_count,
    from quotes
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
        count_if(delivered.status = 'loaded' and quoted.article_id is null)::bigint as without_quotes_count,
        coalesce(sum(quoted.quote_count), 0)::bigint as quote_count,
        coalesce(sum(quoted.unresolved_count), 0)::bigint as unresolved_count,
        list_sort(
            list(distinct delivered.extractor_version) filter (where delivered.extractor_version is not null)
        ) as extractor_versions,
    from delivered
    left join quoted on delivered.article_id = quoted.article_id
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
comment on column mart.data_quality.delivered_on is 'Day the file was seen in this content, UTC.';
comment on column mart.data_quality.section is 'Section of the article; null for articles without one and for quarantined files, whose headers nobody can rely on.';
comment on column mart.data_quality.delivered_count is 'Files, in their newest content.';
comment on column mart.data_quality.loaded_count is 'Those that are articles.';
comment on column mart.data_quality.duplicate_count is 'Those with the bytes of another path''s article.';
comment on column mart.data_quality.quarantined_count is 'Those quarantined.';
comment on column mart.data_quality.quarantined_by_rule is 'For each critical rule, how many files break it.';
comment on column mart.data_quality.warned_by_rule is 'For each warning, how many articles carry it.';
comment on column mart.data_quality.without_quotes_count is 'Articles in which no quote was found.';
comment on column mart.data_quality.quote_count is 'Quotes in the articles.';
comment on column mart.data_quality.unresolved_count is 'Those of which no speaker was found, named or not.';
comment on column mart.data_quality.extractor_versions is 'Rules and models that found the quotes, sorted.';
