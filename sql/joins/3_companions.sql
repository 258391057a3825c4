-- The people of other surnames in the sampled articles of each name.

select
    sampled_mentions.name,
    list(distinct lower(mentions.name)) as companions,
from sampled_mentions
inner join mentions on sampled_mentions.article_id = mentions.article_id
where
    mentions.kind = 'person'
    and contains(mentions.name, ' ')
    and surname_of(mentions.name) != sampled_mentions.surname
group by sampled_mentions.name
order by sampled_mentions.name
