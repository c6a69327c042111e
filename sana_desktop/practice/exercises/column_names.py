"""How people call the columns that tell of exercises, in small letters with spaces: the likeliest name first.

A catalogue and a report of answers are read by the same names, so that what one understands, the other does as well.
"""

EXERCISE_NAMES = (
    "exercise id", "exercise", "question id", "question", "item id", "item", "problem id", "problem", "card id",
    "card", "task id", "task", "content id", "activity id",
)  # fmt: skip
PATH_NAMES = (
    "path", "exercise path", "hierarchy", "content path", "location", "place", "topic", "topics", "topic s",
    "topic path", "chapter", "unit", "lesson", "module", "course", "category", "subject",
)  # fmt: skip
TAG_NAMES = ("tags", "tag", "labels", "label", "skills", "skill", "keywords")
DIFFICULTY_NAMES = ("difficulty level", "difficulty", "level")
MAX_SCORE_NAMES = ("max score", "maximum score", "max points", "points possible", "out of", "max")
