-- How the articles were read and extracted, most articles first.

from mart.methods
order by
    article_count desc,
    extractor_version desc,
    read_by desc,
    settings
