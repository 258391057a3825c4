-- One row per utterance: the pieces of one quotation, joined in reading order.

create table if not exists mart.utterances (
    article_id bigint not null,
    utterance_no integer not null,
    published_on date not null,
    kind varchar not null,
    text varchar not null,
    speaker varchar,
    speaker_entity_id bigint,
    speaker_entity_ids bigint[] not null,
    piece_count integer not null,
    confidence float not null,
    words_key varchar not null
);
comment on table mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances.article_id is 'The article.';
comment on column mart.utterances.utterance_no is 'Number within the article, in reading order; numbers may be skipped.';
comment on column mart.utterances.published_on is 'Day of publication.';
comment on column mart.utterances.kind is 'direct, mixed or indirect; acts of speech have no words and no row.';
comment on column mart.utterances.text is 'The words of all pieces, joined by spaces.';
comment on column mart.utterances.speaker is 'The speaker, named or unnamed, or the joint speakers.';
comment on column mart.utterances.speaker_entity_id is 'Entity of the speaker; null for an unnamed source and for joint speakers.';
comment on column mart.utterances.speaker_entity_ids is 'Entities of all speakers, joint ones too; empty if there are none.';
comment on column mart.utterances.piece_count is 'Number of pieces, mostly 1.';
comment on column mart.utterances.confidence is 'Chance that the row is right, from 0 to 1: the highest of the pieces.';
comment on column mart.utterances.words_key is 'Hash of the words, ignoring case, accents and punctuation: equal for the same words. 16 hexadecimal digits, as text.';

-- The articles whose rows may differ: all of the dirty days, and new ones.
create or replace temp table touched_articles as
select
    article_id,
    published_on,
from articles
where published_on in (select published_on from ops.dirty_days)
union
select
    article_id,
    published_on,
from added_articles;

-- The words of the touched articles, before and after, for mart.repeated_quotes.
create or replace temp table dirty_words as
select words_key
from mart.utterances
where published_on in (select published_on from ops.dirty_days);

-- Their quotes by rowid: texts are read of these rows only.
create or replace temp table touched_rows as
select rowid as row_no
from quotes
where article_id in (select article_id from touched_articles);

create or replace temp table joint_quotes as
select
    quote_speakers.article_id,
    quote_speakers.quote_no,
    coalesce(
        list(quote_speakers.speaker_entity_id order by quote_speakers.speaker_no)
        filter (where quote_speakers.speaker_entity_id is not null),
        []
    ) as entity_ids,
from quote_speakers
inner join quotes
    on quote_speakers.article_id = quotes.article_id and quote_speakers.quote_no = quotes.quote_no
where
    quotes.speaker_count > 1
    and quotes.rowid in (select row_no from touched_rows)
group by quote_speakers.article_id, quote_speakers.quote_no;

-- The touched articles whose quotes changed since their rows were built. An article with a quotation in pieces always
-- counts as changed.
create or replace temp table changed_articles as
with quoted as (
    select
        quotes.article_id,
        sum(
            hash(
                quotes.utterance_no, quotes.kind, quotes.text, quotes.speaker, quotes.speaker_entity_id,
                coalesce(
                    joint_quotes.entity_ids,
                    list_filter([quotes.speaker_entity_id], lambda id: id is not null)
                ),
                quotes.confidence, touched_articles.published_on
            )
        ) as fingerprint,
    from quotes
    inner join touched_articles on quotes.article_id = touched_articles.article_id
    left join joint_quotes
        on quotes.article_id = joint_quotes.article_id and quotes.quote_no = joint_quotes.quote_no
    where
        quotes.rowid in (select row_no from touched_rows)
        and quotes.kind != 'act'
    group by quotes.article_id
),

built as (
    select
        article_id,
        sum(
            hash(
                utterance_no, kind, text, speaker, speaker_entity_id, speaker_entity_ids,
                confidence, published_on
            )
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
where article_id in (select article_id from changed_articles);

insert into mart.utterances
with pieces as (
    select
        quotes.*,
        coalesce(
            joint_quotes.entity_ids, list_filter([quotes.speaker_entity_id], lambda id: id is not null)
        ) as speaker_entity_ids,
        touched_articles.published_on,
    from quotes
    inner join touched_articles on quotes.article_id = touched_articles.article_id
    left join joint_quotes
        on quotes.article_id = joint_quotes.article_id and quotes.quote_no = joint_quotes.quote_no
    where
        quotes.rowid in (select row_no from touched_rows)
        and quotes.article_id in (select article_id from changed_articles)
        and quotes.kind != 'act'
),

-- Nearly all have one piece; aggregating those too would need memory for all their words.
split as (
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
        pieces.speaker_entity_ids,
        1 as piece_count,
        pieces.confidence,
    from pieces
    anti join split
        on pieces.article_id = split.article_id and pieces.utterance_no = split.utterance_no
    union all
    select
        pieces.article_id,
        pieces.utterance_no,
        pieces.published_on,
        first(pieces.kind order by pieces.quote_no) as kind,
        string_agg(pieces.text, ' ' order by pieces.quote_no) as text,
        first(pieces.speaker order by pieces.quote_no) as speaker,
        first(pieces.speaker_entity_id order by pieces.quote_no) as speaker_entity_id,
        first(pieces.speaker_entity_ids order by pieces.quote_no) as speaker_entity_ids,
        count(*) as piece_count,
        max(pieces.confidence) as confidence,
    from pieces
    semi join split
        on pieces.article_id = split.article_id and pieces.utterance_no = split.utterance_no
    group by pieces.article_id, pieces.utterance_no, pieces.published_on
)

select
    *,
    format(
        '{:016x}', hash(regexp_replace(lower(strip_accents(text)), '[^\p{L}\p{N}]+', '', 'g'))
    ) as words_key,
from joined
order by published_on, article_id, utterance_no;

insert into dirty_words
select words_key
from mart.utterances
where article_id in (select article_id from touched_articles);

drop table touched_articles;
drop table touched_rows;
drop table changed_articles;
drop table joint_quotes;
