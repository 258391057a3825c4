-- Content and extractor version of every loaded article.

select
    content_sha256,
    extractor_version,
from articles
