-- Derive the entities in `dirty_entities` from all their mentions, so that aliases and days do not depend on the order
-- in which articles were loaded. Each entity that has mentions has a row already.

merge into entities
using (
    with forms as (
        select
            mentions.entity_id,
            coalesce(entity_joins.joined_name, aliases.name, mentions.name) as name,
            count(*) as times,
        from mentions
        semi join dirty_entities on mentions.entity_id = dirty_entities.entity_id
        left join ops.aliases on lower(mentions.name) = aliases.alias
        left join entity_joins
            on
                mentions.entity_id = entity_joins.joined_entity_id
                and lower(coalesce(aliases.name, mentions.name)) = lower(entity_joins.name)
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
            lower(name) as name,
            kind,
            min(external_id) as external_id,
        from ops.aliases
        group by all
    ),

    appearances as (
        select
            mentions.entity_id,
            list_sort(list_distinct(list(mentions.text))) as aliases,
            min(articles.published_on) as first_seen_on,
            max(articles.published_on) as last_seen_on,
        from mentions
        semi join dirty_entities on mentions.entity_id = dirty_entities.entity_id
        inner join articles on mentions.article_id = articles.article_id
        group by mentions.entity_id
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
    left join external_ids
        on
            lower(names.name) = external_ids.name
            and coalesce(external_ids.kind, entities.kind) = entities.kind
) as incoming
    on entities.entity_id = incoming.entity_id
when matched
and (
    entities.name, entities.aliases, entities.first_seen_on, entities.last_seen_on, entities.external_id
) is distinct from (
    incoming.name, incoming.aliases, incoming.first_seen_on, incoming.last_seen_on, incoming.external_id
)
then update set
    name = incoming.name,
    aliases = incoming.aliases,
    first_seen_on = incoming.first_seen_on,
    last_seen_on = incoming.last_seen_on,
    external_id = incoming.external_id;
