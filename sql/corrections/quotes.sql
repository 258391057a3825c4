-- The quotes of the target articles, one row per speaker, or one without.

select
    quotes.article_id,
    quotes.quote_no,
    quotes.utterance_no,
    quotes.kind,
    quotes.text,
    quotes.char_start,
    quotes.char_end,
    quotes.confidence,
    quotes.rule,
    quotes.speaker_type,
    quote_speakers.speaker,
    quote_speakers.speaker_name,
    quote_speakers.speaker_entity_id,
    entities.kind as speaker_kind,
from quotes
semi join target_articles on quotes.article_id = target_articles.article_id
left join quote_speakers
    on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
left join entities on quote_speakers.speaker_entity_id = entities.entity_id
order by quotes.article_id, quotes.quote_no, quote_speakers.speaker_no
