-- The names of speakers of whom their article has no mention ("the ministry").

select distinct quote_speakers.speaker_name
from quote_speakers
anti join mentions
    on quote_speakers.article_id = mentions.article_id and quote_speakers.speaker_name = mentions.name
