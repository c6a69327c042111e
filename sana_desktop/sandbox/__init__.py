"""A Sana of our own on loopback: the Insights API over a made-up company and the Web API (Personalized Practice) with
a recommender over some 2,000 exercises, with faults on demand.

Imports nothing of the rest of the app. Start it with `server.SandboxServer` (asyncio), `server.running_sandbox`
(a thread, for tests) or `serve.serve` (a process). Two ports: the API, and the store that links lead to.

In process: `server.add_fault(faults.Reply(429, retry_after=7), "poll", times=2)`, `server.faults.clear()`,
`server.requests.records()`, `server.requests.counts()`, `server.clock.offset_seconds = 7200`,
`server.expire_tokens()`, `server.add_object("big.csv", 10**9)` (a link to seeded text of that size),
`server.outcomes("user")` (what arrived), `server.ability("user")` (what the recommender believes, logits),
`server.flaw = "random"` (a recommender with a known flaw, flaws.py).

Over HTTP, on the API's port, JSON, without a credential:

    POST   /_sandbox/faults    one rule or a list: {"fault": "reply", "on": "poll", "times": 2, "status": 429,
                               "retry_after": 7}; "fault" is a class of `faults` in snake case with its fields
                               beside it; "on" is token, submit, poll, outcomes, next or api (those five), job or
                               download; "times" null is until cleared; "skip" n lets n requests pass first;
                               "job" is a job id
    GET    /_sandbox/faults    the rules in force;  DELETE clears them
    GET    /_sandbox/requests  {"counts": {"METHOD /path": n}, "requests": [...]};  DELETE forgets them
    POST   /_sandbox/clock     {"offset_seconds": 7200}: Date header and every stamp move together
    DELETE /_sandbox/tokens    every issued token has expired; ?pasted=true: the ready-made one too
    POST   /_sandbox/objects   {"name", "size", "ttl"?}: {"url"}, a link to seeded text of that size
    GET    /_sandbox/catalogue ?offset=0&limit=500 (2,000 at most): {"exercises": [...], "total": n}
    GET    /_sandbox/outcomes  ?user_id=: {"outcomes": [{"user_id", "exercise", "outcome"}, ...]} as they arrived;
                               DELETE forgets the list, not what was learnt
    POST   /_sandbox/recommender  {"flaw": "constant"}, null for none;  GET says which, and which there are

By hand, in a comment before the query, orders parted by semicolons: `-- sandbox: slow 10.4; cut 20000`.

    slow S, fail [REASON], running WORD, status WORD (without a link), nolink [POLLS], size BYTES
    ttl S (the first link lives so long), expired (it is dead, the next is fresh), dead (all are)
    cut BYTE [chunked|nolength] (once), pace BYTES_A_SECOND, norange, noetag, weaketag, changed, gzip, html
"""
