-- Content SHA-256 and extractor version of each loaded article.

select
    content_sha256,
    extractor_version,
from articles
