-- Pairs of names of one surname that an article gives to two people.

select distinct
    one.name,
    other.name as other_name,
from named_in as one
inner join named_in as other
    on one.article_id = other.article_id and one.surname = other.surname and one.name < other.name
order by all
