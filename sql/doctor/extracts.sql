-- Content SHA-256 and extractor version of each loaded article that was extracted: those in other languages are not.

select
    content_sha256,
    extractor_version,
from articles
where not list_contains(warnings, 'language_not_read')
