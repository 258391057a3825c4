-- The columns that identify a row of each table, declared or not; tests check that they are unique.

from (
    values
    ('main.article_versions', ['article_id', 'version']),
    ('main.articles', ['article_id']),
    ('main.entities', ['entity_id']),
    ('main.entity_joins', ['entity_id']),
    ('main.mentions', ['article_id', 'mention_no']),
    ('main.quotes', ['article_id', 'quote_no']),
    ('main.quote_speakers', ['article_id', 'quote_no', 'speaker_no']),
    ('mart.entities_by_day', ['published_on', 'entity_id']),
    ('mart.co_mentions', ['month', 'entity_id', 'other_id']),
    ('mart.names', ['entity_id', 'form']),
    ('mart.speaker_topics', ['speaker_entity_id', 'entity_id']),
    ('mart.reprints', ['story_id']),
    ('mart.rules', ['rule', 'kind']),
    ('mart.sources', ['speaker_type', 'section']),
    ('mart.speakers', ['entity_id']),
    ('mart.speakers_by_month', ['month', 'entity_id']),
    ('mart.speakers_by_outlet', ['outlet', 'entity_id']),
    ('mart.outlets', ['outlet', 'agency']),
    ('mart.utterances', ['article_id', 'utterance_no']),
    ('mart.repeated_quotes', ['words_key']),
    ('ops.deliveries', ['delivery_id']),
    ('ops.near_bands', ['article_id']),
    ('ops.near_pairs', ['article_id', 'other_id']),
    ('ops.passed_over', ['run_id', 'kind']),
    ('ops.quarantine', ['delivery_id', 'rule', 'quarantined_at']),
    ('ops.runs', ['run_id']),
    ('search.articles', ['doc_no'])
) as keys (table_name, columns)
