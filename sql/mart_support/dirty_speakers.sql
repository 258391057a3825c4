-- The quotes of the speakers that changed since the marts were built, for the marts of speakers. An alias can make two
-- joint speakers one, so each quote counts once.

create or replace temp view dirty_speakers as
select distinct
    speaker_entity_id as entity_id,
    article_id,
    quote_no,
from quote_speakers
where speaker_entity_id in (select entity_id from ops.dirty_entities);
