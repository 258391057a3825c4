-- As what do the most quoted people speak, and since when?

with top_people as (
    select
        entity_id,
        quote_count,
    from mart.speakers
    where kind = 'person'
    order by quote_count desc, speaker
    limit 5
)

select
    roles.speaker,
    roles.role,
    roles.quote_count as quotes,
    roles.first_on,
    roles.last_on,
from mart.roles
inner join top_people on roles.entity_id = top_people.entity_id
order by top_people.quote_count desc, roles.speaker, roles.quote_count desc, roles.role
limit 15;
