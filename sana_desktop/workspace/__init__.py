"""Who and where: connections, their credentials, the check-up."""
