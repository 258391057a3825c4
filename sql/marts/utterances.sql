-- One row per utterance: the pieces of one quotation, joined in reading order.

create or replace view mart.utterances as
select
    quotes.article_id,
    quotes.utterance_no,
    any_value(quotes.kind) as kind,
    string_agg(quotes.text, ' ' order by quotes.quote_no) as text,
    first(quotes.speaker order by quotes.quote_no) as speaker,
    first(quotes.speaker_entity_id order by quotes.quote_no) as speaker_entity_id,
    count(*) as piece_count,
    max(quotes.confidence) as confidence,
from quotes
group by quotes.article_id, quotes.utterance_no;

comment on view mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
