"""The exercises that are known: their places and tags, from files or learned from answers, and limits among them."""
