-- Entities that were named before or are named now, which `dirty_entities` holds, are made again from all
-- mentions of them, so that aliases and days are those of the current texts, whatever order the articles came in.
-- Each that is named has a row already.

merge into entities
using (
    with forms as (
        select
            mentions.entity_id,
            coalesce(aliases.name, mentions.name) as name,
            count(*) as times,
        from mentions
        semi join dirty_entities on mentions.entity_id = dirty_entities.entity_id
        left join ops.aliases on lower(mentions.name) = aliases.alias
        group by all
    ),

    names as (
        select
            entity_id,
            arg_max(name, (times, name)) as name,
        from forms
        group by entity_id
    ),

    elsewhere as (
        select
            lower(name) as name,
            kind,
            min(external_id) as external_id,
        from ops.aliases
        group by all
    ),

    seen as (
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
        list_sort(list_distinct(list_append(seen.aliases, names.name))) as aliases,
        seen.first_seen_on,
        seen.last_seen_on,
        elsewhere.external_id,
    from names
    inner join seen on names.entity_id = seen.entity_id
    inner join entities on names.entity_id = entities.entity_id
    left join elsewhere
        on lower(names.name) = elsewhere.name and coalesce(elsewhere.kind, entities.kind) = entities.kind
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

drop table dirty_entities;
