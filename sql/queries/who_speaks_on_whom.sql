-- Who speaks on whom, and since when? Pairs of a person and a person or organization that the person's quotes name.

select
    quoted_on.speaker,
    quoted_on.entity as speaks_on,
    quoted_on.quote_count as quotes,
    quoted_on.article_count as articles,
    quoted_on.first_on,
    quoted_on.last_on,
from mart.quoted_on
inner join entities on quoted_on.speaker_entity_id = entities.entity_id
where
    entities.kind = 'person'
    and quoted_on.kind in ('person', 'organization')
order by quoted_on.quote_count desc, quoted_on.first_on, quoted_on.speaker, quoted_on.entity
limit 10;
