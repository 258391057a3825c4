-- Entities that were named before or are named now are made again from all mentions of them, so that
-- aliases and days are those of the current texts, whatever order the articles came in.

delete from entities
where
    entity_id in (select entity_id from touched_entities)
    and entity_id not in (select entity_id from mentions);

merge into entities
using (
    with forms as (
        select
            mentions.entity_id,
            coalesce(aliases.name, mentions.name) as name,
            count(*) as times,
        from mentions
        semi join touched_entities on mentions.entity_id = touched_entities.entity_id
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
        semi join touched_entities on mentions.entity_id = touched_entities.entity_id
        inner join articles on mentions.article_id = articles.article_id
        group by mentions.entity_id
    )

    select
        names.entity_id,
        names.name,
        coalesce(staged_entities.kind, entities.kind) as kind,
        list_sort(list_distinct(list_append(seen.aliases, names.name))) as aliases,
        coalesce(staged_entities.country_code, entities.country_code) as country_code,
        seen.first_seen_on,
        seen.last_seen_on,
        elsewhere.external_id,
    from names
    inner join seen on names.entity_id = seen.entity_id
    left join staged_entities on names.entity_id = staged_entities.entity_id
    left join entities on names.entity_id = entities.entity_id
    left join elsewhere
        on
            lower(names.name) = elsewhere.name
            and coalesce(elsewhere.kind, staged_entities.kind, entities.kind)
            = coalesce(staged_entities.kind, entities.kind)
) as incoming
on entities.entity_id = incoming.entity_id
when matched then update
when not matched then insert;

drop table touched_entities;
