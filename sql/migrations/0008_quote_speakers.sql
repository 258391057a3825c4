-- Quotes say which rule found the speaker and what kind of source it is; joint speakers are rows of quote_speakers. What is
-- loaded has one speaker or none. Its rules are unknown until the articles are extracted again.

-- quotes was updated by number 2, so it is recreated; explicitly, because `as select` would drop `not null`.
create temp table earlier_quotes as
select
    quotes.*,
    case entities.kind
        when 'person' then 'named person'
        when 'organization' then 'organization'
        when 'place' then 'organization'
        when 'group' then 'organization'
    end as speaker_type,
from quotes
left join entities on quotes.speaker_entity_id = entities.entity_id;

create or replace table quotes (
    article_id bigint not null,
    quote_no integer not null,
    utterance_no integer not null,
    kind varchar not null,
    text varchar not null,
    char_start integer not null,
    char_end integer not null,
    cue varchar,
    cue_start integer,
    cue_end integer,
    speaker_text varchar,
    speaker_start integer,
    speaker_end integer,
    speaker_entity_id bigint,
    speaker varchar,
    confidence float not null,
    speaker_name varchar,
    rule varchar,
    speaker_type varchar,
    speaker_count integer not null
);
comment on table quotes is 'One row per passage attributed to a speaker, or to several who say it jointly.';
comment on column quotes.article_id is 'The article.';
comment on column quotes.quote_no is 'Number within the article, from 0, in reading order.';
comment on column quotes.utterance_no is 'Number of the utterance, shared by the pieces of one split or continued quotation.';
comment on column quotes.kind is 'direct (in quotation marks), mixed (partly in quotation marks), indirect (reported) or act (an act of speech without its words: endorsed, called for). Marts do not count acts.';
comment on column quotes.text is 'The words, without quotation marks.';
comment on column quotes.char_start is 'Offset of the first character in body, from 0, in Unicode code points.';
comment on column quotes.char_end is 'Offset after the last character.';
comment on column quotes.cue is 'Verb or phrase that attributes the words (said, according to); null if there is none.';
comment on column quotes.cue_start is 'Offset of the first character of the cue in body.';
comment on column quotes.cue_end is 'Offset after the last character of the cue.';
comment on column quotes.speaker_text is 'Speaker phrase at this quote (he, the mayor); null if there is none.';
comment on column quotes.speaker_start is 'Offset of the first character of speaker_text in body.';
comment on column quotes.speaker_end is 'Offset after the last character of speaker_text.';
comment on column quotes.speaker_entity_id is 'Entity of the speaker; null for an unnamed source, for joint speakers (see quote_speakers) and if unresolved.';
comment on column quotes.speaker is 'Resolved speaker (John Kerry), joint speakers (John Kerry and Sergei Lavrov), or the phrase for an unnamed source (officials); null if unresolved.';
comment on column quotes.confidence is 'Chance that the row is right in words and speaker and is speech, from 0 to 1.';
comment on column quotes.speaker_name is 'Speaker as named in this article, before aliases are applied.';
comment on column quotes.rule is 'Rule that decided the speaker (cue-right-after: he-or-she); null if 1.0 extracted the article.';
comment on column quotes.speaker_type is 'Kind of source, before aliases: named person, unnamed person, organization, unnamed group or document; null without a speaker, and for sources without an entity if 1.0 extracted the article.';
comment on column quotes.speaker_count is 'Number of speakers: 0 if unresolved, 2 or more for a joint quote.';

insert into quotes
select
    article_id,
    quote_no,
    utterance_no,
    kind,
    text,
    char_start,
    char_end,
    cue,
    cue_start,
    cue_end,
    speaker_text,
    speaker_start,
    speaker_end,
    speaker_entity_id,
    speaker,
    confidence,
    speaker_name,
    null as rule,
    speaker_type,
    if(speaker is null, 0, 1) as speaker_count,
from earlier_quotes;

drop table earlier_quotes;

create table quote_speakers (
    article_id bigint not null,
    quote_no integer not null,
    speaker_no integer not null,
    speaker_entity_id bigint,
    speaker varchar not null,
    speaker_name varchar not null
);
comment on table quote_speakers is 'One row per quote and speaker: joint speakers (Kerry and Lavrov said) have a row each.';
comment on column quote_speakers.article_id is 'The article.';
comment on column quote_speakers.quote_no is 'The quote, as in quotes.';
comment on column quote_speakers.speaker_no is 'Number within the quote, from 0, in the order of the text.';
comment on column quote_speakers.speaker_entity_id is 'Entity of the speaker; null for an unnamed source.';
comment on column quote_speakers.speaker is 'The speaker (John Kerry), or the phrase for an unnamed source (officials).';
comment on column quote_speakers.speaker_name is 'Speaker as named in this article, before aliases are applied.';

insert into quote_speakers
select
    article_id,
    quote_no,
    0 as speaker_no,
    speaker_entity_id,
    speaker,
    speaker_name,
from quotes
where speaker is not null;
