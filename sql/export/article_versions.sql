-- Replaced versions of the wanted months, in the order of months.

select article_versions.*
from article_versions
inner join wanted
    on
        year(article_versions.published_on) = wanted.year
        and month(article_versions.published_on) = wanted.month
order by
    year(article_versions.published_on),
    month(article_versions.published_on),
    article_versions.article_id,
    article_versions.version
