-- One row if too large a share of the quotes loaded in the last 24 hours has no speaker with an entity; of joint
-- speakers, one with an entity is enough, and acts do not count. Usual is the median of the earlier days of loading, or
-- unresolved_rate if there are too few of them. Days with fewer than unresolved_min_quotes quotes do not count.

with resolved as (
    select distinct
        article_id,
        quote_no,
    from quote_speakers
    where speaker_entity_id is not null
),

shares as (
    select
        articles.loaded_at > $now - interval 24 hours as is_new,
        if(articles.loaded_at > $now - interval 24 hours, null, articles.loaded_at::date) as loaded_on,
        count(*) as quote_count,
        count_if(resolved.article_id is null) as unresolved_count,
        count_if(resolved.article_id is null) / count(*) as share,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    left join resolved on quotes.article_id = resolved.article_id and quotes.quote_no = resolved.quote_no
    where
        quotes.kind != 'act'
        and articles.loaded_at > $now - to_days($baseline_days)
        and articles.loaded_at <= $now
    group by is_new, loaded_on
    having quote_count >= $unresolved_min_quotes
),

usual as (
    select
        if(
            count(*) >= $baseline_min_days,
            median(share) + greatest(3 * 1.4826 * mad(share), $unresolved_rise),
            $unresolved_rate
        ) as threshold,
    from shares
    where not is_new
)

select
    'everything' as subject,
    shares.share as value,
    usual.threshold,
    format(
        '{} of {} quotes of the last 24 hours have no named speaker ({:.0f}%; up to {:.0f}% is usual). '
        'Look at some of them: is it a new kind of article, or another model?',
        shares.unresolved_count,
        shares.quote_count,
        100 * shares.share,
        100 * usual.threshold
    ) as message,
from shares
cross join usual
where
    shares.is_new
    and shares.share > usual.threshold
