-- The names of all people who share a surname with a name in ops.dirty_names: one row per name that articles give and
-- entity that its mentions have. `name` is the same after aliases; `is_curated` if aliases.csv has it; `is_counted` if
-- articles have it that the marts have read, and not only new ones.

create or replace temp macro surname_of(name) as
regexp_extract(
    regexp_replace(replace(lower(strip_accents(name)), '.', ''), '(,? (jr|sr|ii|iii|iv))?[ ,]*$', ''),
    '[^ ]*$'
);

create or replace temp table compared_entities as
with dirty as (
    select distinct surname_of(coalesce(aliases.name, dirty_names.name)) as surname
    from ops.dirty_names
    left join ops.aliases on lower(dirty_names.name) = aliases.alias
)

select entities.entity_id
from entities
left join ops.aliases on lower(entities.name) = aliases.alias
where
    entities.kind = 'person'
    and surname_of(coalesce(aliases.name, entities.name)) in (select surname from dirty);

with curated as (
    select alias as name from ops.aliases
    union
    select lower(name) as name from ops.aliases
)

select
    mentions.name as given_name,
    mentions.kind,
    mentions.entity_id,
    coalesce(any_value(aliases.name), mentions.name) as name,
    surname_of(coalesce(any_value(aliases.name), mentions.name)) as surname,
    lower(mentions.name) in (select name from curated) as is_curated,
    count(distinct mentions.article_id) as article_count,
    min(articles.published_on) as first_on,
    max(articles.published_on) as last_on,
    bool_or(articles.article_id not in (select article_id from ops.new_articles)) as is_counted,
from mentions
semi join compared_entities on mentions.entity_id = compared_entities.entity_id
inner join articles on mentions.article_id = articles.article_id
left join ops.aliases on lower(mentions.name) = aliases.alias
group by mentions.name, mentions.kind, mentions.entity_id
order by all
