-- Whose words are mostly reported, not quoted? People with at least five quotes, the least direct first.

select
    speaker,
    quote_count as quotes,
    article_count as articles,
    round(100 * direct_share)::integer as direct_percent,
from mart.speakers
where
    kind = 'person'
    and quote_count >= 5
order by direct_share, quote_count desc, speaker
limit 10;
