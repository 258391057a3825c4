-- Derive the genders of the entities in `dirty_entities` from what all their articles show, and update the entities with
-- what refresh.sql found. By a temporary table: a lake misreads `entities` where the query that is merged into it is long.

create or replace temp table incoming_entities as
with persons as (
    select distinct
        mentions.entity_id,
        mentions.article_id,
        mentions.name,
    from mentions
    semi join dirty_entities on mentions.entity_id = dirty_entities.entity_id
    where mentions.kind = 'person'
),

shown as (
    select
        persons.entity_id,
        gender_counts.gender,
        gender_counts.evidence,
        gender_counts.times,
        bool_or(gender_counts.evidence != 'first name') over entity as has_words,
        bool_or(gender_counts.evidence = 'statement') over entity as is_stated,
    from persons
    inner join ops.gender_counts
        on persons.article_id = gender_counts.article_id and persons.name = gender_counts.name
    window entity as (partition by persons.entity_id)
),

-- A first name counts only where the texts show nothing else.
counted as (
    select
        entity_id,
        gender,
        is_stated,
        sum(times) as times,
        sum(sum(times)) over entity as all_times,
        sum(times * if(evidence in ('title', 'kin word'), 3, 1)) as weight,
        sum(sum(times * if(evidence in ('title', 'kin word'), 3, 1))) over entity as all_weight,
        arg_min(
            evidence, list_position(['statement', 'title', 'kin word', 'pronoun', 'first name'], evidence)
        ) as evidence,
    from shown
    where evidence != 'first name' or not has_words
    group by entity_id, gender, is_stated
    window entity as (partition by entity_id)
),

-- A statement decides; without one at least three quarters of the evidence must agree. What stands beside the name
-- weighs three times a pronoun, which has to be resolved.
readings as (
    select
        entity_id,
        gender,
        evidence,
    from counted
    where if(is_stated, gender = 'they', 4 * weight >= 3 * all_weight)
),

given as (
    select
        entities.entity_id,
        min(aliases.gender) as gender,
    from entities
    inner join refreshed_entities on entities.entity_id = refreshed_entities.entity_id
    inner join ops.aliases
        on
            lower(refreshed_entities.name) = lower(aliases.name)
            and coalesce(aliases.kind, entities.kind) = entities.kind
    where aliases.gender is not null
    group by entities.entity_id
),

decided as (
    select
        entities.entity_id,
        nullif(coalesce(given.gender, readings.gender), 'unknown') as gender,
        if(given.gender is null, readings.evidence, 'alias file') as evidence,
    from entities
    left join readings on entities.entity_id = readings.entity_id
    left join given on entities.entity_id = given.entity_id
    where
        entities.kind = 'person'
        and coalesce(given.gender, readings.gender) != 'unknown'
),

totals as (
    select distinct
        entity_id,
        all_times,
    from counted
)

select
    refreshed_entities.*,
    decided.gender,
    decided.evidence as gender_evidence,
    if(decided.gender is null, null, coalesce(counted.times, 0))::integer as gender_for,
    if(
        decided.gender is null, null, coalesce(totals.all_times, 0) - coalesce(counted.times, 0)
    )::integer as gender_against,
from refreshed_entities
left join decided on refreshed_entities.entity_id = decided.entity_id
left join totals on refreshed_entities.entity_id = totals.entity_id
left join counted
    on refreshed_entities.entity_id = counted.entity_id and decided.gender = counted.gender;

merge into entities
using incoming_entities as incoming
    on entities.entity_id = incoming.entity_id
when matched
and (
    entities.name, entities.aliases, entities.first_seen_on, entities.last_seen_on, entities.external_id,
    entities.gender, entities.gender_evidence, entities.gender_for, entities.gender_against
) is distinct from (
    incoming.name, incoming.aliases, incoming.first_seen_on, incoming.last_seen_on, incoming.external_id,
    incoming.gender, incoming.gender_evidence, incoming.gender_for, incoming.gender_against
)
then update set
    name = incoming.name,
    aliases = incoming.aliases,
    first_seen_on = incoming.first_seen_on,
    last_seen_on = incoming.last_seen_on,
    external_id = incoming.external_id,
    gender = incoming.gender,
    gender_evidence = incoming.gender_evidence,
    gender_for = incoming.gender_for,
    gender_against = incoming.gender_against;

drop table refreshed_entities;
drop table incoming_entities;
drop table dirty_entities;
