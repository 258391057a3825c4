-- The articles that have the names in `compared_names`, and of those of each name up to 50, whose names and places of
-- people are read. Those with the smallest ids are used: an id is a hash, so they are a random sample that does not
-- depend on the order of loading.

create or replace temp table named_in as
select distinct
    compared_names.surname,
    mentions.name,
    mentions.entity_id,
    mentions.article_id,
from mentions
inner join compared_names on mentions.name = compared_names.name
where mentions.entity_id in (select entity_id from compared_entities);

create or replace temp table sampled_articles as
select
    name,
    surname,
    article_id,
from named_in
group by name, surname, article_id
qualify row_number() over (partition by name order by article_id) <= 50;

create or replace temp table sampled_mentions as
select
    article_id,
    entity_id,
    name,
    kind,
    field,
    char_start,
from mentions
where article_id in (select article_id from sampled_articles);
