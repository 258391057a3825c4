-- One row per utterance, with the columns to read first: a screen of 120 columns shows the words in full.

create or replace view mart.who_said_what as
select
    published_on,
    speaker,
    text,
    kind,
    confidence,
    article_id,
from mart.utterances;

comment on view mart.who_said_what is 'One row per utterance, with the columns to read first: a screen of 120 columns shows the words in full.';
comment on column mart.who_said_what.published_on is 'Day of publication.';
comment on column mart.who_said_what.speaker is 'The speaker, named or unnamed, or the joint speakers; null if the text does not tell.';
comment on column mart.who_said_what.text is 'The words of all pieces, joined by spaces.';
comment on column mart.who_said_what.kind is 'direct, mixed or indirect.';
comment on column mart.who_said_what.confidence is 'Chance that the row is right, from 0 to 1: the highest of the pieces.';
comment on column mart.who_said_what.article_id is 'The article.';
