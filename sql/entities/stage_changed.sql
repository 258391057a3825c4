-- Stage the entities for refresh.sql whose rows must be derived from all their mentions: those in ops.dirty_entities, and
-- of those in new articles the ones whose name, external id or gender these may change. To the rows of the others, the
-- forms and days of the new articles are added: with more mentions of its most frequent form, an entity keeps its name.

create or replace temp table added_forms as
with named as (
    select
        entity_id,
        name,
        text,
        published_on,
    from added_mentions
    union all
    select
        added_speakers.entity_id,
        added_speakers.speaker_name as name,
        added_speakers.speaker_name as text,
        added_speakers.published_on,
    from added_speakers
    anti join added_mentions
        on
            added_speakers.entity_id = added_mentions.entity_id
            and added_speakers.article_id = added_mentions.article_id
)

select
    named.entity_id,
    coalesce(entity_joins.joined_name, aliases.name, named.name) as name,
    list(distinct named.text) as texts,
    min(named.published_on) as first_on,
    max(named.published_on) as last_on,
from named
left join ops.aliases on lower(named.name) = aliases.alias
left join entity_joins
    on
        named.entity_id = entity_joins.joined_entity_id
        and lower(coalesce(aliases.name, named.name)) = lower(entity_joins.name)
group by all;

create or replace temp table dirty_entities as
select entity_id from ops.dirty_entities
union
select added_forms.entity_id
from added_forms
inner join entities on added_forms.entity_id = entities.entity_id
where added_forms.name != entities.name
union
select added_forms.entity_id
from added_forms
inner join entities on added_forms.entity_id = entities.entity_id
inner join ops.aliases
    on
        lower(entities.name) = lower(aliases.name)
        and coalesce(aliases.kind, entities.kind) = entities.kind
where
    (aliases.external_id is not null and entities.external_id is null)
    or (aliases.gender is not null and entities.gender_evidence is distinct from 'alias file')
union
select added_mentions.entity_id
from added_mentions
inner join ops.gender_counts
    on added_mentions.article_id = gender_counts.article_id and added_mentions.name = gender_counts.name
where added_mentions.kind = 'person';

create or replace temp table names_before as
select
    entity_id,
    name,
from entities
where entity_id in (select entity_id from dirty_entities);

create or replace temp table incoming_entities as
with added as (
    select
        entity_id,
        flatten(list(texts)) as texts,
        min(first_on) as first_on,
        max(last_on) as last_on,
    from added_forms
    where entity_id not in (select entity_id from dirty_entities)
    group by entity_id
)

select
    entities.entity_id,
    list_sort(list_distinct(list_concat(entities.aliases, added.texts))) as aliases,
    least(entities.first_seen_on, added.first_on) as first_seen_on,
    greatest(entities.last_seen_on, added.last_on) as last_seen_on,
from entities
inner join added on entities.entity_id = added.entity_id;

merge into entities
using incoming_entities as incoming
    on entities.entity_id = incoming.entity_id
when matched
and (entities.aliases, entities.first_seen_on, entities.last_seen_on)
is distinct from (incoming.aliases, incoming.first_seen_on, incoming.last_seen_on)
then update set
    aliases = incoming.aliases,
    first_seen_on = incoming.first_seen_on,
    last_seen_on = incoming.last_seen_on;

drop table added_forms;
drop table incoming_entities;
