-- Who speaks on whom: in how many quotes a speaker names a person or organization, reprints counted once.
-- Only the speakers quoted most are looked at, so that the cost does not grow with the archive's tail.

with looked_at as (
    select
        entity_id,
        speaker,
        kind,
    from mart.speakers
    where kind in ('person', 'organization')
    order by distinct_quote_count desc, speaker asc, entity_id asc
    limit $looked_at
),

said as (
    select
        quotes.speaker_entity_id as speaker_id,
        quotes.article_id,
        quotes.char_start,
        quotes.char_end,
        (coalesce(articles.cluster_id, articles.article_id), quotes.text) as words,
    from quotes
    inner join looked_at on quotes.speaker_entity_id = looked_at.entity_id
    inner join articles on quotes.article_id = articles.article_id
),

pairs as (
    select
        said.speaker_id,
        mentions.entity_id as named_id,
        count(distinct said.words) as quotes,
    from said
    inner join mentions
        on
            said.article_id = mentions.article_id
            and said.char_start <= mentions.char_start
            and said.char_end >= mentions.char_end
            and said.speaker_id != mentions.entity_id
    where
        mentions.field = 'body'
        and mentions.kind in ('person', 'organization')
    group by said.speaker_id, mentions.entity_id
),

speakers as (
    select
        speaker_id,
        row_number() over (order by sum(quotes) desc, speaker_id asc) as speaker_place,
    from pairs
    group by speaker_id
    qualify speaker_place <= $speakers
),

named as (
    select
        pairs.named_id,
        row_number() over (order by sum(pairs.quotes) desc, pairs.named_id asc) as named_place,
    from pairs
    inner join speakers on pairs.speaker_id = speakers.speaker_id
    group by pairs.named_id
    qualify named_place <= $named
)

select
    speakers.speaker_place,
    looked_at.speaker,
    looked_at.kind as speaker_kind,
    named.named_place,
    entities.name as named,
    entities.kind as named_kind,
    pairs.quotes,
from pairs
inner join speakers on pairs.speaker_id = speakers.speaker_id
inner join named on pairs.named_id = named.named_id
inner join looked_at on pairs.speaker_id = looked_at.entity_id
inner join entities on pairs.named_id = entities.entity_id
order by speakers.speaker_place, named.named_place
