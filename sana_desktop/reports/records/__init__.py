"""What is written down: jobs, downloads, their stories, the drafts; the types and the tables they stand in."""
