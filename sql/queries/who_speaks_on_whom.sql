-- Who talks about whom, and since when? People, and the people and organizations that their quotes mention.

select
    speaker_topics.speaker,
    speaker_topics.entity as speaks_on,
    speaker_topics.quote_count as quotes,
    speaker_topics.article_count as articles,
    speaker_topics.first_on,
    speaker_topics.last_on,
from mart.speaker_topics
inner join entities on speaker_topics.speaker_entity_id = entities.entity_id
where
    entities.kind = 'person'
    and speaker_topics.kind in ('person', 'organization')
order by
    speaker_topics.quote_count desc,
    speaker_topics.first_on,
    speaker_topics.speaker,
    speaker_topics.entity
limit 10;
