-- Pairs of names of one surname that an article gives to two people.

create or replace temp table named_in as
select distinct
    compared_names.surname,
    mentions.name,
    mentions.entity_id,
    mentions.article_id,
from mentions
semi join compared_entities on mentions.entity_id = compared_entities.entity_id
inner join compared_names on mentions.name = compared_names.name;

select distinct
    one.name,
    other.name as other_name,
from named_in as one
inner join named_in as other
    on one.article_id = other.article_id and one.surname = other.surname and one.name < other.name
order by all
