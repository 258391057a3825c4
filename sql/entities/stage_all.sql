-- Stage every entity for refresh.sql. Before that, load/4_entities.sql adds missing rows and deletes those without
-- mentions.

create or replace temp table entities_before as from entities;

create or replace temp table dirty_entities as
select entity_id from entities
union
select entity_id from mentions
union
select speaker_entity_id as entity_id
from quote_speakers
where speaker_entity_id is not null;

create or replace temp table previous_entities as select entity_id from entities;

create or replace temp table staged_mentions as
select
    mentions.entity_id,
    mentions.article_id,
    mentions.text,
    mentions.name,
    mentions.kind,
from mentions
anti join entities on mentions.entity_id = entities.entity_id;

create or replace temp table staged_quote_speakers as
select *
from quote_speakers
where false;

create or replace temp table staged_entities as
select
    entity_id,
    any_value(kind) as kind,
    null::varchar as country_code,
from staged_mentions
group by entity_id;
