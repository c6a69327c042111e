"""What a pasted text is: told apart by rules, and said in words."""
