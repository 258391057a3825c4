-- Apply changed aliases to mentions and quotes. `renames` has one row per name and kind in articles that a changed
-- line affects.

create or replace temp table staged_mentions as
select
    renames.entity_id,
    mentions.article_id,
    mentions.text,
    renames.new_name as name,
from renames
inner join mentions on renames.name = mentions.name and renames.kind = mentions.kind;

create or replace temp table staged_entities as
select
    renames.entity_id,
    any_value(renames.new_kind) as kind,
    max(entities.country_code) as country_code,
from renames
inner join mentions on renames.name = mentions.name and renames.kind = mentions.kind
inner join entities on mentions.entity_id = entities.entity_id
group by renames.entity_id;

create or replace temp table previous_entities as
select distinct mentions.entity_id
from mentions
inner join renames on mentions.name = renames.name and mentions.kind = renames.kind;

insert into ops.dirty_entities
select entity_id from previous_entities
union
select entity_id from renames;

update mentions
set entity_id = renames.entity_id
from renames
where
    mentions.name = renames.name
    and mentions.kind = renames.kind
    and mentions.entity_id != renames.entity_id;

update quotes
set
    speaker = changed_names.new_name,
    speaker_entity_id = changed_names.entity_id
from (
    select distinct
        mentions.article_id,
        renames.name,
        renames.new_name,
        renames.entity_id,
    from mentions
    inner join renames on mentions.name = renames.name and mentions.kind = renames.kind
) as changed_names
where
    quotes.article_id = changed_names.article_id
    and quotes.speaker_name = changed_names.name
    and quotes.speaker_entity_id is not null;
