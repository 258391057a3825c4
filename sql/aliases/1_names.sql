-- What the loaded names mean now. `meant` has a row per name and kind that articles give and that the
-- changed lines of the file speak of.

insert into entities
select
    meant.entity_id,
    max(meant.means) as name,
    any_value(meant.means_kind) as kind,
    list_sort(list_distinct(list(mentions.text))) as aliases,
    max(entities.country_code) as country_code,
    min(entities.first_seen_on) as first_seen_on,
    max(entities.last_seen_on) as last_seen_on,
    null as external_id,
from meant
inner join mentions on meant.name = mentions.name and meant.kind = mentions.kind
inner join entities on mentions.entity_id = entities.entity_id
anti join entities as standing on meant.entity_id = standing.entity_id
group by meant.entity_id;

update entities
set country_code = named.country_code
from (
    select
        meant.entity_id,
        max(entities.country_code) as country_code,
    from meant
    inner join mentions on meant.name = mentions.name and meant.kind = mentions.kind
    inner join entities on mentions.entity_id = entities.entity_id
    group by meant.entity_id
) as named
where
    entities.entity_id = named.entity_id
    and entities.country_code is distinct from named.country_code
    and named.country_code is not null;

insert into ops.touched_entities
select mentions.entity_id
from mentions
inner join meant on mentions.name = meant.name and mentions.kind = meant.kind
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

delete from entities where entity_id not in (select entity_id from mentions);
