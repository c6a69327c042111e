"""What is said of jobs and files: state words, names, notes and what comes next. Pure."""
