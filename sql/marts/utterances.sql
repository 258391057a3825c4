-- One row per utterance: the pieces of one quotation, joined in reading order.

create or replace view mart.utterances as
select
    quotes.article_id,
    quotes.utterance_no,
    first(quotes.kind order by quotes.quote_no) as kind,
    string_agg(quotes.text, ' ' order by quotes.quote_no) as text,
    first(quotes.speaker order by quotes.quote_no) as speaker,
    first(quotes.speaker_entity_id order by quotes.quote_no) as speaker_entity_id,
    count(*) as piece_count,
    max(quotes.confidence) as confidence,
from quotes
group by quotes.article_id, quotes.utterance_no;

comment on view mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances.article_id is 'The article.';
comment on column mart.utterances.utterance_no is 'Number within the article, in reading order; gaps mean nothing.';
comment on column mart.utterances.kind is 'direct, mixed or indirect.';
comment on column mart.utterances.text is 'The words of all pieces, with a blank between them.';
comment on column mart.utterances.speaker is 'Whom the words are given to.';
comment on column mart.utterances.speaker_entity_id is 'The speaker''s entity; null for a source without a name.';
comment on column mart.utterances.piece_count is 'Pieces, 1 for most.';
comment on column mart.utterances.confidence is 'How sure the speaker is, 0 to 1: that of the surest piece.';
