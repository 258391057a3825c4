-- Insert entities named for the first time, with the values of one mention; set country codes; delete entities that nothing
-- names. The rest is derived once per run, in sql/entities. `staged_entities`, `staged_mentions` and `staged_quote_speakers` (of
-- whom an alias names some without a mention) have the current entities, `previous_entities` those that were named before.

insert into entities
with named as (
    select
        entity_id,
        name,
        article_id,
    from staged_mentions
    union all
    select
        speaker_entity_id as entity_id,
        speaker as name,
        article_id,
    from staged_quote_speakers
    where speaker_entity_id is not null
),

new as (
    select
        named.entity_id,
        any_value(named.name) as name,
        any_value(named.article_id) as article_id,
    from named
    anti join entities on named.entity_id = entities.entity_id
    group by named.entity_id
)

select
    new.entity_id,
    new.name,
    staged_entities.kind,
    [new.name] as aliases,
    staged_entities.country_code,
    articles.published_on as first_seen_on,
    articles.published_on as last_seen_on,
    null as external_id,
    null as gender,
    null as gender_evidence,
    null as gender_for,
    null as gender_against,
from new
inner join staged_entities on new.entity_id = staged_entities.entity_id
inner join articles on new.article_id = articles.article_id;

update entities
set country_code = staged_entities.country_code
from staged_entities
where
    entities.entity_id = staged_entities.entity_id
    and entities.country_code is distinct from staged_entities.country_code
    and staged_entities.country_code is not null;

delete from entities
where
    entity_id in (
        select previous_entities.entity_id
        from previous_entities
        anti join mentions on previous_entities.entity_id = mentions.entity_id
        anti join quote_speakers on previous_entities.entity_id = quote_speakers.speaker_entity_id
    );

drop table previous_entities;
