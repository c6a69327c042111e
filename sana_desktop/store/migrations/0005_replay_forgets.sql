-- A replay keeps of a person the number of their first row, no digest of their id any more; of a finished one, neither
-- that nor where its file lies is kept.

DELETE FROM practice_replays WHERE done < total AND person <> '';
UPDATE practice_replays SET path = '', person = '' WHERE done >= total;
