"""All sessions: begun, reopened, renamed, deleted, exported, imported."""
