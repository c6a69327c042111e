-- The session that a replay's answers are lines of.

ALTER TABLE practice_replays ADD COLUMN session TEXT NOT NULL DEFAULT '';  -- '' for replays from before this
