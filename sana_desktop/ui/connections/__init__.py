"""Connections in the window: which sites, how they sign in, whether that works."""
