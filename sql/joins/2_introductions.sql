-- The characters before each mention of the names in `compared_names`, in up to 50 articles per name. Those with the
-- smallest ids are used: an id is a hash, so they are a random sample that does not depend on the order of loading.

create or replace temp table sampled_mentions as
select
    mentions.name,
    compared_names.surname,
    mentions.article_id,
    mentions.field,
    mentions.char_start,
from mentions
semi join compared_entities on mentions.entity_id = compared_entities.entity_id
inner join compared_names on mentions.name = compared_names.name
qualify dense_rank() over (partition by mentions.name order by mentions.article_id) <= 50;

select
    sampled_mentions.name,
    sampled_mentions.article_id,
    list(distinct substr(
        if(sampled_mentions.field = 'title', articles.title, articles.body),
        greatest(1, sampled_mentions.char_start - 39),
        least(40, sampled_mentions.char_start)
    )) as before,
from sampled_mentions
inner join articles on sampled_mentions.article_id = articles.article_id
group by sampled_mentions.name, sampled_mentions.article_id
order by all
