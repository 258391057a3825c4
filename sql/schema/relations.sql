-- Foreign keys: the schema declares none, but tests check these.

from (
    values
    ('main.article_versions', 'article_id', 'main.articles', 'article_id'),
    ('main.articles', 'duplicate_of', 'main.articles', 'article_id'),
    ('main.articles', 'cluster_id', 'main.articles', 'article_id'),
    ('main.articles', 'run_id', 'ops.runs', 'run_id'),
    ('main.mentions', 'article_id', 'main.articles', 'article_id'),
    ('main.mentions', 'entity_id', 'main.entities', 'entity_id'),
    ('main.quotes', 'article_id', 'main.articles', 'article_id'),
    ('main.quotes', 'speaker_entity_id', 'main.entities', 'entity_id'),
    ('mart.entities_by_day', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.co_mentions', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.co_mentions', 'other_id', 'main.entities', 'entity_id'),
    ('mart.names', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.speaker_topics', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.speaker_topics', 'speaker_entity_id', 'main.entities', 'entity_id'),
    ('mart.reprints', 'first_article_id', 'main.articles', 'article_id'),
    ('mart.speakers', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.speakers_by_month', 'entity_id', 'main.entities', 'entity_id'),
    ('mart.utterances', 'article_id', 'main.articles', 'article_id'),
    ('mart.utterances', 'speaker_entity_id', 'main.entities', 'entity_id'),
    ('mart.repeated_quotes', 'first_article_id', 'main.articles', 'article_id'),
    ('mart.repeated_quotes', 'speaker_entity_id', 'main.entities', 'entity_id'),
    ('ops.deliveries', 'article_id', 'main.articles', 'article_id'),
    ('ops.deliveries', 'run_id', 'ops.runs', 'run_id'),
    ('ops.near_bands', 'article_id', 'main.articles', 'article_id'),
    ('ops.near_pairs', 'article_id', 'main.articles', 'article_id'),
    ('ops.near_pairs', 'other_id', 'main.articles', 'article_id'),
    ('ops.quarantine', 'delivery_id', 'ops.deliveries', 'delivery_id'),
    ('ops.quarantine', 'run_id', 'ops.runs', 'run_id'),
    ('search.articles', 'article_id', 'main.articles', 'article_id')
) as relations (from_table, from_column, to_table, to_column)
