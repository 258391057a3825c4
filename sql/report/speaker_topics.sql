-- Who talks about whom: the number of quotes in which a speaker mentions a person or organization, reprints counted
-- once. Only for the most quoted speakers, so that the cost does not grow with the archive.

with candidates as (
    select
        entity_id,
        speaker,
        kind,
    from mart.speakers
    where kind in ('person', 'organization')
    order by distinct_quote_count desc, speaker asc, entity_id asc
    limit $candidates
),

candidate_quotes as (
    select
        quote_speakers.speaker_entity_id as speaker_id,
        quotes.rowid as row_no,
        quotes.article_id,
        quotes.char_start,
        quotes.char_end,
    from quotes
    inner join quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    inner join candidates on quote_speakers.speaker_entity_id = candidates.entity_id
    where quotes.kind != 'act'
),

named_quotes as (
    select distinct
        candidate_quotes.speaker_id,
        candidate_quotes.row_no,
        mentions.entity_id as named_id,
    from candidate_quotes
    inner join mentions
        on
            candidate_quotes.article_id = mentions.article_id
            and candidate_quotes.char_start <= mentions.char_start
            and candidate_quotes.char_end >= mentions.char_end
            and candidate_quotes.speaker_id != mentions.entity_id
    where
        mentions.field = 'body'
        and mentions.kind in ('person', 'organization')
),

-- For each story, each wording counts once. By rowid: texts are read of these quotes only.
wordings as (
    select
        quotes.rowid as row_no,
        hash(coalesce(articles.cluster_id, articles.article_id), quotes.text) as wording,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where quotes.rowid in (select row_no from named_quotes)
),

pairs as (
    select
        named_quotes.speaker_id,
        named_quotes.named_id,
        count(distinct wordings.wording) as quotes,
    from named_quotes
    inner join wordings on named_quotes.row_no = wordings.row_no
    group by named_quotes.speaker_id, named_quotes.named_id
),

speakers as (
    select
        speaker_id,
        row_number() over (order by sum(quotes) desc, speaker_id asc) as speaker_rank,
    from pairs
    group by speaker_id
    qualify speaker_rank <= $speakers
),

named as (
    select
        pairs.named_id,
        row_number() over (order by sum(pairs.quotes) desc, pairs.named_id asc) as named_rank,
    from pairs
    inner join speakers on pairs.speaker_id = speakers.speaker_id
    group by pairs.named_id
    qualify named_rank <= $named
)

select
    speakers.speaker_rank,
    candidates.speaker,
    candidates.kind as speaker_kind,
    named.named_rank,
    entities.name as named,
    entities.kind as named_kind,
    pairs.quotes,
from pairs
inner join speakers on pairs.speaker_id = speakers.speaker_id
inner join named on pairs.named_id = named.named_id
inner join candidates on pairs.speaker_id = candidates.entity_id
inner join entities on pairs.named_id = entities.entity_id
order by speakers.speaker_rank, named.named_rank
