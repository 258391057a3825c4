-- Change the rows that corrections.csv corrects, and keep them as the machine found them. `corrected_quotes`, `corrected_speakers` (of
-- those quotes that have others: `is_respoken`), `corrected_mentions` and `corrected_entities` have the new values; with `is_dropped` a
-- row goes.

insert into ops.machine_quotes by name
select quotes.*
from quotes
semi join corrected_quotes
    on quotes.article_id = corrected_quotes.article_id and quotes.quote_no = corrected_quotes.quote_no;

insert into ops.machine_quote_speakers by name
select quote_speakers.*
from quote_speakers
semi join corrected_quotes
    on
        quote_speakers.article_id = corrected_quotes.article_id
        and quote_speakers.quote_no = corrected_quotes.quote_no;

insert into ops.machine_mentions by name
select mentions.*
from mentions
semi join corrected_mentions
    on
        mentions.article_id = corrected_mentions.article_id
        and mentions.mention_no = corrected_mentions.mention_no;

delete from quotes
using corrected_quotes
where
    quotes.article_id = corrected_quotes.article_id
    and quotes.quote_no = corrected_quotes.quote_no
    and corrected_quotes.is_dropped;

update quotes
set
    kind = corrected_quotes.kind,
    text = corrected_quotes.text,
    char_start = corrected_quotes.char_start,
    char_end = corrected_quotes.char_end,
    confidence = corrected_quotes.confidence,
    rule = corrected_quotes.rule,
    is_corrected = true
from corrected_quotes
where
    quotes.article_id = corrected_quotes.article_id
    and quotes.quote_no = corrected_quotes.quote_no;

update quotes
set
    speaker_type = corrected_quotes.speaker_type,
    speaker_entity_id = corrected_quotes.speaker_entity_id,
    speaker = corrected_quotes.speaker,
    speaker_name = corrected_quotes.speaker_name,
    speaker_count = corrected_quotes.speaker_count,
    speaker_role = if(quotes.speaker = corrected_quotes.speaker, quotes.speaker_role, null),
    role_start = if(quotes.speaker = corrected_quotes.speaker, quotes.role_start, null),
    role_end = if(quotes.speaker = corrected_quotes.speaker, quotes.role_end, null)
from corrected_quotes
where
    quotes.article_id = corrected_quotes.article_id
    and quotes.quote_no = corrected_quotes.quote_no
    and corrected_quotes.is_respoken;

delete from quote_speakers
using corrected_quotes
where
    quote_speakers.article_id = corrected_quotes.article_id
    and quote_speakers.quote_no = corrected_quotes.quote_no
    and corrected_quotes.is_respoken;

-- Of a speaker who stays, the article's words stay too.
insert into quote_speakers by name
select
    corrected_speakers.*,
    found.speaker_role,
    found.role_start,
    found.role_end,
from corrected_speakers
left join ops.machine_quote_speakers as found
    on
        corrected_speakers.article_id = found.article_id
        and corrected_speakers.quote_no = found.quote_no
        and corrected_speakers.speaker = found.speaker;

delete from mentions
using corrected_mentions
where
    mentions.article_id = corrected_mentions.article_id
    and mentions.mention_no = corrected_mentions.mention_no
    and corrected_mentions.is_dropped;

update mentions
set
    entity_id = corrected_mentions.entity_id,
    kind = corrected_mentions.kind,
    name = corrected_mentions.name
from corrected_mentions
where
    mentions.article_id = corrected_mentions.article_id
    and mentions.mention_no = corrected_mentions.mention_no;

insert into entities by name
select
    corrected_entities.entity_id,
    corrected_entities.name,
    corrected_entities.kind,
    [corrected_entities.name] as aliases,
    articles.published_on as first_seen_on,
    articles.published_on as last_seen_on,
from corrected_entities
inner join articles on corrected_entities.article_id = articles.article_id
anti join entities on corrected_entities.entity_id = entities.entity_id;
