-- One row per utterance: the pieces of one quotation, joined in reading order.

create table if not exists mart.utterances (
    article_id bigint not null,
    utterance_no integer not null,
    published_on date not null,
    kind varchar not null,
    text varchar not null,
    speaker varchar,
    speaker_entity_id bigint,
    piece_count integer not null,
    confidence float not null,
    words_key ubigint not null
);
comment on table mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances.article_id is 'The article.';
comment on column mart.utterances.utterance_no is 'Number within the article, in reading order; gaps mean nothing.';
comment on column mart.utterances.published_on is 'Day of publication.';
comment on column mart.utterances.kind is 'direct, mixed or indirect.';
comment on column mart.utterances.text is 'The words of all pieces, with a blank between them.';
comment on column mart.utterances.speaker is 'Whom the words are given to.';
comment on column mart.utterances.speaker_entity_id is 'The speaker''s entity; null for a source without a name.';
comment on column mart.utterances.piece_count is 'Pieces, 1 for most.';
comment on column mart.utterances.confidence is 'How sure the speaker is, 0 to 1: that of the surest piece.';
comment on column mart.utterances.words_key is 'Equal for the same letters and digits, whatever the case, accents and punctuation.';

-- What words were and are there on the touched days: mart.repeated_quotes follows.
create or replace temp table words_touched as
select words_key
from mart.utterances
where published_on in (select published_on from ops.dirty_days);

-- Of these days, the articles whose quotes are others than those that the rows were made of. A quotation in
-- pieces is not told from others: its article is taken as changed.
create or replace temp table requoted as
with quoted as (
    select
        quotes.article_id,
        sum(
            hash(
                quotes.utterance_no, quotes.kind, quotes.text, quotes.speaker, quotes.speaker_entity_id,
                quotes.confidence, articles.published_on
            )
        ) as fingerprint,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where articles.published_on in (select published_on from ops.dirty_days)
    group by quotes.article_id
),

built as (
    select
        article_id,
        sum(
            hash(utterance_no, kind, text, speaker, speaker_entity_id, confidence, published_on)
        ) as fingerprint,
    from mart.utterances
    where published_on in (select published_on from ops.dirty_days)
    group by article_id
)

select coalesce(quoted.article_id, built.article_id) as article_id
from quoted
full join built on quoted.article_id = built.article_id
where quoted.fingerprint is distinct from built.fingerprint;

delete from mart.utterances
where article_id in (select article_id from requoted);

insert into mart.utterances
with pieces as (
    select
        quotes.*,
        articles.published_on,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where quotes.article_id in (select article_id from requoted)
),

-- Nearly all have one piece: to gather these too would take the memory of all their words.
in_pieces as (
    select
        article_id,
        utterance_no,
    from pieces
    group by article_id, utterance_no
    having count(*) > 1
),

joined as (
    select
        pieces.article_id,
        pieces.utterance_no,
        pieces.published_on,
        pieces.kind,
        pieces.text,
        pieces.speaker,
        pieces.speaker_entity_id,
        1 as piece_count,
        pieces.confidence,
    from pieces
    anti join in_pieces
        on pieces.article_id = in_pieces.article_id and pieces.utterance_no = in_pieces.utterance_no
    union all
    select
        pieces.article_id,
        pieces.utterance_no,
        pieces.published_on,
        first(pieces.kind order by pieces.quote_no) as kind,
        string_agg(pieces.text, ' ' order by pieces.quote_no) as text,
        first(pieces.speaker order by pieces.quote_no) as speaker,
        first(pieces.speaker_entity_id order by pieces.quote_no) as speaker_entity_id,
        count(*) as piece_count,
        max(pieces.confidence) as confidence,
    from pieces
    semi join in_pieces
        on pieces.article_id = in_pieces.article_id and pieces.utterance_no = in_pieces.utterance_no
    group by pieces.article_id, pieces.utterance_no, pieces.published_on
)

select
    *,
    hash(regexp_replace(lower(strip_accents(text)), '[^\p{L}\p{N}]+', '', 'g')) as words_key,
from joined
order by published_on, article_id, utterance_no;

insert into words_touched
select words_key
from mart.utterances
where published_on in (select published_on from ops.dirty_days);

drop table requoted;
