"""The order book: takes orders, knows every job, hands out links, finds the file behind a link."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from sana_desktop.sandbox import scripts
from sana_desktop.sandbox.checker import Checker
from sana_desktop.sandbox.clock import NANOSECONDS, SandboxClock
from sana_desktop.sandbox.envelope import ApiRefusal
from sana_desktop.sandbox.faults import FaultBox
from sana_desktop.sandbox.files import StoredFile
from sana_desktop.sandbox.jobs import IssuedLink, Job, JobPlan, JobRecord, JobState, new_job_id, state_at
from sana_desktop.sandbox.results import Results
from sana_desktop.sandbox.scripts import BadScript


class OrderBook:
    """All jobs of a sandbox; lives on the event loop's thread."""

    def __init__(
        self,
        *,
        checker: Checker,
        results: Results,
        clock: SandboxClock,
        box: FaultBox,
        record: JobRecord,
        link_seconds: float,
        job_seconds: float,
    ) -> None:
        self._checker = checker
        self._results = results
        self._clock = clock
        self._box = box
        self._record = record
        self._link_seconds = link_seconds
        self._job_seconds = job_seconds
        self._jobs: dict[str, Job] = {}
        self._objects: dict[str, Future[StoredFile]] = {}

    def restore(self) -> None:
        """Take up the jobs of an earlier run; their reports are made again when somebody asks."""
        for entry in self._record.read():
            try:
                job = self._make(entry.id, entry.text, entry.kind, entry.created_ns)
            except ApiRefusal:
                continue
            job.finished_ns = entry.finished_ns
            self._jobs[job.id] = job
            if job.finished_ns is None:
                self._start(job)

    async def submit(self, text: str, kind: str) -> Job:
        """Raises ApiRefusal where the query may not run."""
        job = await asyncio.to_thread(self._make, new_job_id(), text, kind, self._clock.true_ns())
        self._jobs[job.id] = job
        self._record.created(job)
        self._start(job)
        return job

    def find(self, job_id: str) -> Job:
        """Raises ApiRefusal 404."""
        job = self._jobs.get(job_id)
        if job is None:
            raise ApiRefusal(404, "not_found", "There is no such job.")
        return job

    def poll(self, job: Job) -> tuple[JobState, IssuedLink | None]:
        """The state now, and the link if there is one: the last one handed out, or a fresh one after its end."""
        now_ns = self._clock.true_ns()
        state = state_at(job, now_ns)
        if state.finished_ns is None:
            return state, None
        if job.finished_ns is None and not state.error_code:
            job.finished_ns = state.finished_ns
            self._record.finished(job)
        job.polls_since_end += 1
        if job.plan.no_link and job.polls_since_end <= job.plan.no_link.polls:
            return state, None
        return state, self._current_link(job, now_ns) if state.has_link else None

    def add_object(self, name: str, size: int) -> None:
        """An object of seeded text that any good link to `/objects/<name>` serves."""
        self._objects[f"/objects/{name}"] = self._results.pattern(name, size)

    async def file_at(self, path: str) -> tuple[StoredFile, Job | None] | None:
        """The object behind a path, made first if it must be; None where there is none. May raise QueryFailed."""
        if path in self._objects:
            return await asyncio.wrap_future(self._objects[path]), None
        parts = path.split("/")
        job = self._jobs.get(parts[2]) if len(parts) == 4 else None
        if job is None or job.object_path != path:
            return None
        return await asyncio.wrap_future(self._start(job)), job

    async def changed(self, original: StoredFile) -> StoredFile:
        return await asyncio.wrap_future(self._results.changed(original))

    def queries(self) -> tuple[str, ...]:
        return tuple(job.text for job in self._jobs.values())

    def _make(self, job_id: str, text: str, kind: str, created_ns: int) -> Job:
        try:
            rules = scripts.rules_from_sql(text)
        except BadScript as error:
            raise ApiRefusal(400, "invalid_query", str(error)) from error
        query = self._checker.check(text)
        own = FaultBox(rules)
        plan = JobPlan.of((*self._box.take("job"), *own.take("job")), self._job_seconds)
        return Job(job_id, text, kind, query, plan, created_ns, downloads=own)

    def _start(self, job: Job) -> Future[StoredFile]:
        # Asked for anew each time: the file may have made room for others since.
        if job.plan.size is not None:
            job.result = self._results.pattern(job.id, job.plan.size, job.kind)
        else:
            job.result = self._results.report(job.query, job.kind, job.id)
        return job.result

    def _current_link(self, job: Job, now_ns: int) -> IssuedLink:
        life = job.plan.life
        stale = job.link is not None and now_ns >= job.link.expires_ns
        if job.link is None or (stale and (life is None or life.fresh)):
            special = life if life is not None and job.links_issued < life.links else None
            seconds = special.ttl if special else self._link_seconds
            claims = special.claims if special and special.claims is not None else seconds
            job.links_issued += 1
            job.link = IssuedLink(now_ns + int(seconds * NANOSECONDS), now_ns + int(claims * NANOSECONDS))
        return job.link
