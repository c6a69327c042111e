-- Every simulated learner who played in a session, so that its line names all of them, and not the last.

ALTER TABLE practice_sessions ADD COLUMN players TEXT NOT NULL DEFAULT '[]';  -- JSON: persona and seed of each, in order

UPDATE practice_sessions SET players = (
    SELECT json_group_array(json_array(persona, seed)) FROM (
        SELECT json_extract(body, '$.persona') AS persona, json_extract(body, '$.seed') AS seed, min(number) AS first
        FROM practice_events
        WHERE session = practice_sessions.id AND kind = 'answered' AND json_extract(body, '$.persona') IS NOT NULL
        GROUP BY persona, seed ORDER BY first
    )
);
