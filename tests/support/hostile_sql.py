"""Queries that the policy lets through and that no engine should be asked: each was measured on DuckDB 2.0."""

from __future__ import annotations

BIG = "(SELECT string_agg(x, '') AS t FROM (SELECT 'abcdefghijklmnop' AS x FROM range(100000)))"
DOTS = "(SELECT string_agg(x, '') AS t FROM (SELECT '................' AS x FROM range(100000)))"
UNINTERRUPTIBLE = {
    # Minutes, without a look at the time.
    "levenshtein": f"SELECT levenshtein(t, t) FROM {BIG}",
    "editdist3": f"SELECT editdist3(t, t) FROM {BIG}",
    "jaro": f"SELECT jaro_similarity(a.t, b.t) FROM {BIG} AS a, {DOTS} AS b",
    # The suggestion in an error's words: which known name is nearest?
    "suggestion": f"SELECT timezone(t, TIMESTAMP '2024-01-01') FROM {BIG}",
}
RUINOUS = {
    # Gigabytes in one go.
    "damerau": f"SELECT damerau_levenshtein(t, t) FROM {BIG}",
    # A tree that doubles while names are looked up.
    "lambdas": "SELECT " + "list_transform([1], lambda x: " * 60 + f"[{','.join(['1'] * 6000)}]" + ")" * 60,
    # Too long for a text: the engine takes that for a flaw of its own, and answers nothing from then on.
    "flaw": f"SELECT concat_ws(t, t, t, l) FROM {BIG}, (SELECT list(i) AS l FROM range(300000) AS r(i))",
}
