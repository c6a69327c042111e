"""The two HTTP APIs as a typed SDK: no Qt, no disk."""
