-- Corrections: corrections.csv is laid over what the machine found. Rows that it changes are kept here as they were, so that a line can
-- be undone exactly.

alter table quotes add column is_corrected boolean;
update quotes set is_corrected = false;
comment on column quotes.rule is 'Rule that decided the speaker (cue-right-after: he-or-she), or correction, for a line of corrections.csv; null if 1.0 extracted the article.';
comment on column quotes.is_corrected is 'Whether a line of corrections.csv changed the row, or says that it is right; its confidence is 1 then.';

create table ops.corrections (
    line_no integer not null,
    what varchar not null,
    article varchar,
    place integer,
    words varchar not null,
    becomes varchar,
    note varchar,
    problem varchar
);
comment on table ops.corrections is 'One row per line of corrections.csv, as last applied.';
comment on column ops.corrections.line_no is 'Number of the line in the file.';
comment on column ops.corrections.what is 'not a quote, speaker, kind, limits, split, merge, rename or dismiss.';
comment on column ops.corrections.article is 'Path as in articles.source_path; null for all articles.';
comment on column ops.corrections.place is 'char_start of the quote when it was corrected; null if not given.';
comment on column ops.corrections.words is 'The words of the quote, or the name of the entity, as they were when it was corrected.';
comment on column ops.corrections.becomes is 'The new value: speakers, kind, first and last words, or name; null where none is needed.';
comment on column ops.corrections.note is 'Note of whoever corrected it.';
comment on column ops.corrections.problem is 'Why the line does not apply; null if it does, and for names in all articles.';

create table ops.machine_quotes as
select *
from quotes
where false;
comment on table ops.machine_quotes is 'One row per corrected quote, as the machine found it: columns as in quotes.';
comment on column ops.machine_quotes.article_id is 'The article.';
comment on column ops.machine_quotes.quote_no is 'Number within the article.';
comment on column ops.machine_quotes.utterance_no is 'Number of the utterance.';
comment on column ops.machine_quotes.kind is 'Kind of quote.';
comment on column ops.machine_quotes.text is 'The words.';
comment on column ops.machine_quotes.char_start is 'Offset of the first character in body.';
comment on column ops.machine_quotes.char_end is 'Offset after the last character.';
comment on column ops.machine_quotes.cue is 'Verb or phrase that attributes the words.';
comment on column ops.machine_quotes.cue_start is 'Offset of the first character of the cue.';
comment on column ops.machine_quotes.cue_end is 'Offset after the last character of the cue.';
comment on column ops.machine_quotes.speaker_text is 'Speaker phrase at this quote.';
comment on column ops.machine_quotes.speaker_start is 'Offset of the first character of speaker_text.';
comment on column ops.machine_quotes.speaker_end is 'Offset after the last character of speaker_text.';
comment on column ops.machine_quotes.speaker_entity_id is 'Entity of the speaker.';
comment on column ops.machine_quotes.speaker is 'Resolved speaker.';
comment on column ops.machine_quotes.confidence is 'Confidence that the machine gave.';
comment on column ops.machine_quotes.speaker_name is 'Speaker as named in the article, before aliases are applied.';
comment on column ops.machine_quotes.rule is 'Rule that decided the speaker.';
comment on column ops.machine_quotes.speaker_type is 'Kind of source.';
comment on column ops.machine_quotes.speaker_count is 'Number of speakers.';
comment on column ops.machine_quotes.speaker_role is 'Words that introduce the speaker.';
comment on column ops.machine_quotes.role_start is 'Offset of the first character of speaker_role.';
comment on column ops.machine_quotes.role_end is 'Offset after the last character of speaker_role.';
comment on column ops.machine_quotes.is_corrected is 'Always false.';

create table ops.machine_quote_speakers as
select *
from quote_speakers
where false;
comment on table ops.machine_quote_speakers is 'One row per speaker of a corrected quote, as the machine found it: columns as in quote_speakers.';
comment on column ops.machine_quote_speakers.article_id is 'The article.';
comment on column ops.machine_quote_speakers.quote_no is 'The quote, as in ops.machine_quotes.';
comment on column ops.machine_quote_speakers.speaker_no is 'Number within the quote.';
comment on column ops.machine_quote_speakers.speaker_entity_id is 'Entity of the speaker.';
comment on column ops.machine_quote_speakers.speaker is 'The speaker.';
comment on column ops.machine_quote_speakers.speaker_name is 'Speaker as named in the article, before aliases are applied.';
comment on column ops.machine_quote_speakers.speaker_role is 'Words that introduce the speaker.';
comment on column ops.machine_quote_speakers.role_start is 'Offset of the first character of speaker_role.';
comment on column ops.machine_quote_speakers.role_end is 'Offset after the last character of speaker_role.';

create table ops.machine_mentions as
select *
from mentions
where false;
comment on table ops.machine_mentions is 'One row per mention that corrections.csv dismisses or gives to another entity, as the machine found it: columns as in mentions.';
comment on column ops.machine_mentions.article_id is 'The article.';
comment on column ops.machine_mentions.mention_no is 'Number within the article.';
comment on column ops.machine_mentions.entity_id is 'The entity.';
comment on column ops.machine_mentions.field is 'title or body.';
comment on column ops.machine_mentions.char_start is 'Offset of the first character.';
comment on column ops.machine_mentions.char_end is 'Offset after the last character.';
comment on column ops.machine_mentions.text is 'The name as written.';
comment on column ops.machine_mentions.kind is 'Kind of the name.';
comment on column ops.machine_mentions.name is 'Full form of the name in the article.';

create table ops.machine_entities as
select *
from entities
where false;
comment on table ops.machine_entities is 'One row per entity that is left without a mention or quote by corrections.csv: columns as in entities.';
comment on column ops.machine_entities.entity_id is 'Id of the entity.';
comment on column ops.machine_entities.name is 'Its name.';
comment on column ops.machine_entities.kind is 'Its kind.';
comment on column ops.machine_entities.aliases is 'Forms of its name.';
comment on column ops.machine_entities.country_code is 'Code of the country.';
comment on column ops.machine_entities.first_seen_on is 'Day of the first article.';
comment on column ops.machine_entities.last_seen_on is 'Day of the last article.';
comment on column ops.machine_entities.external_id is 'Id elsewhere, from aliases.csv.';
comment on column ops.machine_entities.gender is 'Gender that texts show.';
comment on column ops.machine_entities.gender_evidence is 'Strongest evidence for it.';
comment on column ops.machine_entities.gender_for is 'How often the texts show it.';
comment on column ops.machine_entities.gender_against is 'How often they show another one.';
