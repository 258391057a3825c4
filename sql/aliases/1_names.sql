-- What the loaded names mean now. `meant` has a row per name and kind that articles give and that the
-- changed lines of the file speak of.

create or replace temp table staged_mentions as
select
    meant.entity_id,
    mentions.article_id,
    mentions.text,
    meant.means as name,
from meant
inner join mentions on meant.name = mentions.name and meant.kind = mentions.kind;

create or replace temp table staged_entities as
select
    meant.entity_id,
    any_value(meant.means_kind) as kind,
    max(entities.country_code) as country_code,
from meant
inner join mentions on meant.name = mentions.name and meant.kind = mentions.kind
inner join entities on mentions.entity_id = entities.entity_id
group by meant.entity_id;

create or replace temp table named_before as
select distinct mentions.entity_id
from mentions
inner join meant on mentions.name = meant.name and mentions.kind = meant.kind;

insert into ops.dirty_entities
select entity_id from named_before
union
select entity_id from meant;

update mentions
set entity_id = meant.entity_id
from meant
where
    mentions.name = meant.name
    and mentions.kind = meant.kind
    and mentions.entity_id != meant.entity_id;

update quotes
set
    speaker = named.means,
    speaker_entity_id = named.entity_id
from (
    select distinct
        mentions.article_id,
        meant.name,
        meant.means,
        meant.entity_id,
    from mentions
    inner join meant on mentions.name = meant.name and mentions.kind = meant.kind
) as named
where
    quotes.article_id = named.article_id
    and quotes.speaker_name = named.name
    and quotes.speaker_entity_id is not null;
