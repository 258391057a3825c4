-- Derive the entities in `dirty_entities` from all their mentions, so that aliases and days do not depend on the order
-- in which articles were loaded. Each entity that has mentions has a row already; genders.sql updates it. A speaker whom
-- an alias or a correction names, and the article does not, counts as mentioned.

create or replace temp table refreshed_entities as
with named as (
    select
        mentions.entity_id,
        mentions.name,
        mentions.text,
        mentions.article_id,
    from mentions
    semi join dirty_entities on mentions.entity_id = dirty_entities.entity_id
    union all
    select
        quote_speakers.speaker_entity_id as entity_id,
        quote_speakers.speaker_name as name,
        quote_speakers.speaker_name as text,
        quote_speakers.article_id,
    from quote_speakers
    semi join dirty_entities on quote_speakers.speaker_entity_id = dirty_entities.entity_id
    anti join mentions
        on
            quote_speakers.speaker_entity_id = mentions.entity_id
            and quote_speakers.article_id = mentions.article_id
),

forms as (
    select
        named.entity_id,
        coalesce(entity_joins.joined_name, aliases.name, named.name) as name,
        count(*) as times,
    from named
    left join ops.aliases on lower(named.name) = aliases.alias
    left join entity_joins
        on
            named.entity_id = entity_joins.joined_entity_id
            and lower(coalesce(aliases.name, named.name)) = lower(entity_joins.name)
    group by all
),

names as (
    select
        entity_id,
        arg_max(name, (times, name)) as name,
    from forms
    group by entity_id
),

external_ids as (
    select
        names.entity_id,
        min(aliases.external_id) as external_id,
    from names
    inner join entities on names.entity_id = entities.entity_id
    inner join ops.aliases
        on
            lower(names.name) = lower(aliases.name)
            and coalesce(aliases.kind, entities.kind) = entities.kind
    group by names.entity_id
),

appearances as (
    select
        named.entity_id,
        list_sort(list_distinct(list(named.text))) as aliases,
        min(articles.published_on) as first_seen_on,
        max(articles.published_on) as last_seen_on,
    from named
    inner join articles on named.article_id = articles.article_id
    group by named.entity_id
)

select
    names.entity_id,
    names.name,
    list_sort(list_distinct(list_append(appearances.aliases, names.name))) as aliases,
    appearances.first_seen_on,
    appearances.last_seen_on,
    external_ids.external_id,
from names
inner join appearances on names.entity_id = appearances.entity_id
inner join entities on names.entity_id = entities.entity_id
left join external_ids on names.entity_id = external_ids.entity_id;
