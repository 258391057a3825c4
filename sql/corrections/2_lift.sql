-- Give all corrected rows back as the machine found them.

insert into entities by name
select machine_entities.*
from ops.machine_entities
semi join (
    select entity_id from ops.machine_mentions
    union
    select speaker_entity_id as entity_id from ops.machine_quote_speakers
) as found on machine_entities.entity_id = found.entity_id
anti join entities on machine_entities.entity_id = entities.entity_id;

delete from ops.machine_entities;

delete from quotes
using ops.machine_quotes
where
    quotes.article_id = machine_quotes.article_id
    and quotes.quote_no = machine_quotes.quote_no;

insert into quotes by name
select *
from ops.machine_quotes;

delete from quote_speakers
using ops.machine_quotes
where
    quote_speakers.article_id = machine_quotes.article_id
    and quote_speakers.quote_no = machine_quotes.quote_no;

insert into quote_speakers by name
select *
from ops.machine_quote_speakers;

delete from mentions
using ops.machine_mentions
where
    mentions.article_id = machine_mentions.article_id
    and mentions.mention_no = machine_mentions.mention_no;

insert into mentions by name
select *
from ops.machine_mentions;

delete from ops.machine_quotes;
delete from ops.machine_quote_speakers;
delete from ops.machine_mentions;
