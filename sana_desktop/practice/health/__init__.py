"""The health check of a recommender: ten plain tests, their evidence, their report."""
