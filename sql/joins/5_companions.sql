-- The people of other surnames in the sampled articles of each name.

with people as (
    select distinct
        article_id,
        name,
    from sampled_mentions
    where
        kind = 'person'
        and contains(name, ' ')
)

select
    sampled_articles.name,
    list(distinct lower(people.name)) as companions,
from sampled_articles
inner join people on sampled_articles.article_id = people.article_id
where surname_of(people.name) != sampled_articles.surname
group by sampled_articles.name
order by sampled_articles.name
