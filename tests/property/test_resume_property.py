"""No answer, however odd, makes bytes of two objects meet (BEHAVIOUR.md B4, T11)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.reports.download import resume
from sana_desktop.reports.download.resume import Continue, OnDisk, Whole

TAGS = st.sampled_from(["", '"v1"', '"v2"', 'W/"v1"', "v1"])
NUMBERS = st.integers(0, 40)
RANGES = st.builds(lambda a, b, c: f"bytes {a}-{b}/{c}", NUMBERS, NUMBERS, NUMBERS | st.just("*")) | st.builds(
    lambda n: f"bytes */{n}", NUMBERS
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "etag": TAGS,
        "content-range": RANGES | st.text(max_size=20),
        "content-length": NUMBERS.map(str) | st.text(max_size=5),
        "content-type": st.sampled_from(["text/csv", "multipart/byteranges; boundary=x"]),
        "transfer-encoding": st.sampled_from(["chunked", "identity"]),
    },
)
DISKS = st.builds(OnDisk, NUMBERS, st.none() | NUMBERS, st.sampled_from(["", '"v1"']))


@given(DISKS, st.sampled_from([200, 204, 206, 302, 400, 403, 404, 416, 429, 500]), HEADERS)
def test_only_what_surely_fits_goes_on(disk: OnDisk, status: int, headers: dict[str, str]) -> None:
    start = resume.range_start(disk)
    decision = resume.read_answer(start, disk, status, headers)
    if isinstance(decision, Continue):
        assert status == 206
        assert start == disk.received == decision.offset > 0
        assert headers["etag"] == disk.etag == '"v1"'
        assert decision.total == disk.total
        assert "multipart" not in headers.get("content-type", "")
    if isinstance(decision, Whole):
        assert status == 200
