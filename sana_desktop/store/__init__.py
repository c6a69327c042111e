"""This machine: paths, database, settings, secrets; no Qt, no network."""
