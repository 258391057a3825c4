-- Quotes and their speakers say as what the speaker speaks, and entities which gender the texts give them. What is loaded has
-- neither until the articles are extracted again.

-- quotes was updated by number 9, so it is recreated; explicitly, because `as select` would drop `not null`.
create temp table earlier_quotes as select * from quotes order by rowid;

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
    speaker_count integer not null,
    speaker_role varchar,
    role_start integer,
    role_end integer
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
comment on column quotes.speaker_role is 'Words by which the article introduces the speaker, here or before (finance minister, a spokesman for the union); of a source without a name its own words (a security source). Null where there are none, for organizations, documents and joint speakers (see quote_speakers), and until the article is extracted by 2.0.';
comment on column quotes.role_start is 'Offset of the first character of speaker_role in body.';
comment on column quotes.role_end is 'Offset after the last character of speaker_role.';

insert into quotes by name select * from earlier_quotes;

drop table earlier_quotes;

alter table quote_speakers add column speaker_role varchar;
alter table quote_speakers add column role_start integer;
alter table quote_speakers add column role_end integer;
comment on column quote_speakers.speaker_role is 'Words by which the article introduces this speaker, as in quotes; null where there are none.';
comment on column quote_speakers.role_start is 'Offset of the first character of speaker_role in body.';
comment on column quote_speakers.role_end is 'Offset after the last character of speaker_role.';

alter table entities add column gender varchar;
alter table entities add column gender_evidence varchar;
alter table entities add column gender_for integer;
alter table entities add column gender_against integer;
comment on column entities.gender is 'Gender by which texts speak of the person: woman, man or they; a reading of texts, not of persons. Null without evidence, where it is split (more than a quarter against), and for all that are no persons.';
comment on column entities.gender_evidence is 'Strongest evidence for it: alias file, statement (who uses they/them), title (Mrs, spokeswoman), kin word (his wife), pronoun, or first name, if there is nothing else. Null without a gender.';
comment on column entities.gender_for is 'How often the texts show this gender: titles, words and pronouns; where the evidence is a first name, articles with that name. Null without a gender.';
comment on column entities.gender_against is 'How often they show another gender. Null without a gender.';

create table ops.gender_counts (
    article_id bigint not null,
    name varchar not null,
    evidence varchar not null,
    gender varchar not null,
    times integer not null
);
comment on table ops.gender_counts is 'One row per article, person''s name, kind of evidence and gender: how often words show it. The genders of entities are derived from these.';
comment on column ops.gender_counts.article_id is 'The article.';
comment on column ops.gender_counts.name is 'The name as the article gives it, as in mentions.';
comment on column ops.gender_counts.evidence is 'statement, title, kin word, pronoun or first name, as in entities.gender_evidence.';
comment on column ops.gender_counts.gender is 'woman, man or they.';
comment on column ops.gender_counts.times is 'How often; a first name counts once per article.';

alter table ops.aliases add column gender varchar;
comment on column ops.aliases.gender is 'Gender that the file gives the person: woman, man, they or unknown; null if it gives none.';
