-- An entity that is named for the first time gets a row with what one mention says of it, and any the country
-- that an article gives; one that is named nowhere any more loses its row. The rest is done once a run, by
-- sql/entities. `staged_entities` and `staged_mentions` hold what is named now, `named_before` what was.

insert into entities
with new as (
    select
        staged_mentions.entity_id,
        any_value(staged_mentions.name) as name,
        any_value(staged_mentions.article_id) as article_id,
    from staged_mentions
    anti join entities on staged_mentions.entity_id = entities.entity_id
    group by staged_mentions.entity_id
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
        select named_before.entity_id
        from named_before
        anti join mentions on named_before.entity_id = mentions.entity_id
    );

drop table named_before;
