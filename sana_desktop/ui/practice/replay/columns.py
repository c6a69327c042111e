"""Which column holds what: a drop-down for each field, filled by a guess, with a look at the first value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QStringListModel, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from sana_desktop.base.text import one_line
from sana_desktop.practice.replay.columns import PATH_UNKNOWN, Field, Mapping, TimeUnit, guess_unit
from sana_desktop.practice.replay.file import Columns
from sana_desktop.practice.replay.rows import MILLISECONDS
from sana_desktop.practice.replay.times import clock_seconds, is_clock
from sana_desktop.practice.tables import number_in
from sana_desktop.ui.practice.parts.form_grid import FIELDS, REST, WORDS, FormGrid
from sana_desktop.ui.practice.parts.suggestions import suggest
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import DropDown, ElidedLabel, label

COLUMN_CHARACTERS = 32
SAMPLE_CHARACTERS = 80
MAX_PATH_LENGTH = 400
NEEDED = frozenset({Field.EXERCISE, Field.RESULT, Field.TIMESTAMP})
"""A score does as well as a result."""


def field_words(kind: Field) -> str:
    """Return what a field is called."""
    return {
        Field.EXERCISE: tr("Replay", "Exercise"),
        Field.RESULT: tr("Replay", "Result"),
        Field.TIMESTAMP: tr("Replay", "When"),
        Field.USER: tr("Replay", "Person"),
        Field.PATH: tr("Replay", "Topic"),
        Field.TAGS: tr("Replay", "Tags"),
        Field.DIFFICULTY: tr("Replay", "Difficulty"),
        Field.SCORE: tr("Replay", "Score"),
        Field.MAX_SCORE: tr("Replay", "Highest score"),
        Field.TIME_SPENT: tr("Replay", "Time spent"),
    }[kind]


ORDER = (
    Field.EXERCISE, Field.RESULT, Field.TIMESTAMP, Field.USER, Field.PATH, Field.TAGS, Field.DIFFICULTY, Field.SCORE,
    Field.MAX_SCORE, Field.TIME_SPENT,
)  # fmt: skip


class ReplayColumns(QWidget):
    """The form.

    Signals:
        changed: another mapping was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._columns: Columns | None = None
        self._unit_chosen = self._order_chosen = False
        self._boxes: dict[Field, DropDown] = {}
        self._samples: dict[Field, ElidedLabel] = {}
        self.unit = DropDown("replayTimeUnit", tr("Replay", "What the time spent counts"))
        for unit, words in (
            (TimeUnit.MILLISECONDS, tr("Replay", "in milliseconds")),
            (TimeUnit.SECONDS, tr("Replay", "in seconds")),
            (TimeUnit.MINUTES, tr("Replay", "in minutes")),
        ):
            self.unit.addItem(words, unit)
        self.path = QLineEdit(PATH_UNKNOWN)
        self.path.setObjectName("replayPath")
        self.path.setAccessibleName(tr("Replay", "The topic of all exercises"))
        self.path.setMaxLength(MAX_PATH_LENGTH)
        self._paths = QStringListModel(self)
        suggest(self.path, self._paths, tr("Replay", "Topics with these letters"))
        self._path_part = QWidget()
        self.by_time = QCheckBox(tr("Replay", "In the order of their times, not of the file"))
        self.by_time.setObjectName("replayByTime")
        grid = self.grid = FormGrid(self, 6)
        for row, kind in enumerate(ORDER):
            self._add(row, kind)
        grid.addWidget(self._path_part, ORDER.index(Field.PATH), REST)
        path = QHBoxLayout(self._path_part)
        path.setContentsMargins(0, 0, 0, 0)
        path.setSpacing(8)
        self._path_name = label(tr("Replay", "all of them in"), role="quiet")
        path.addWidget(self._path_name)
        path.addWidget(self.path, 1)
        grid.addWidget(self.unit, len(ORDER), FIELDS)
        grid.addWidget(self.by_time, len(ORDER) + 1, WORDS, 1, 3)
        self.unit.currentIndexChanged.connect(lambda _: self._unit_changed())
        self.unit.activated.connect(lambda _: self._choose_unit())
        self.path.textChanged.connect(lambda _: self.changed.emit())
        self.by_time.toggled.connect(lambda _: self._choose_order())

    def show_columns(self, columns: Columns, guess: Mapping, *, chosen: bool = False, settled: bool = False) -> None:
        """Offer the columns of a file, chosen as guessed; nothing is told of.

        Args:
            chosen: it is no guess: somebody chose it before.
            settled: so is the order of the rows.
        """
        self._columns = columns
        with QSignalBlocker(self):
            for kind, box in self._boxes.items():
                box.clear()
                box.addItem(tr("Replay", "(none)"), "")
                for name in columns.names:
                    box.addItem(one_line(name, COLUMN_CHARACTERS), name)
                box.setCurrentIndex(max(box.findData(guess.columns.get(kind, "")), 0))
                self._show_sample(kind)
            self.unit.setCurrentIndex(self.unit.findData(guess.time_unit))
            self.path.setText(guess.path)
            self.by_time.setChecked(guess.by_time)
            self.show_placed(False)
            self._unit_chosen, self._order_chosen = chosen, settled

    def show_paths(self, paths: Sequence[str]) -> None:
        """Suggest these places of the known content."""
        self._paths.setStringList(list(paths))

    def show_placed(self, some: bool) -> None:
        """Say whose topic is named: that of all exercises, or where some are known here, of the others."""
        self._path_name.setText(tr("Replay", "the others in") if some else tr("Replay", "all of them in"))

    def suggest_order(self, by_time: bool) -> None:
        """Tick whether the rows are sent in the order of their times, unless somebody chose it; nothing is told of."""
        if not self._order_chosen:
            with QSignalBlocker(self.by_time):
                self.by_time.setChecked(by_time)

    def order_is_chosen(self) -> bool:
        """Return whether somebody chose in which order the rows are sent."""
        return self._order_chosen

    def names(self) -> tuple[str, ...]:
        """Return the names of the file's columns."""
        return self._columns.names if self._columns is not None else ()

    def mapping(self) -> Mapping:
        """Return what is chosen."""
        chosen = {kind: str(box.currentData() or "") for kind, box in self._boxes.items()}
        columns = {kind: name for kind, name in chosen.items() if name}
        return Mapping(columns, TimeUnit(self.unit.currentData()), self.by_time.isChecked(), self.path.text().strip())

    def _add(self, row: int, kind: Field) -> None:
        words = field_words(kind)
        box = self._boxes[kind] = DropDown(f"replayColumn-{kind.name.lower()}", words)
        sample = self._samples[kind] = ElidedLabel(f"replaySample-{kind.name.lower()}", "quiet")
        shown = tr("Replay", "{field} (needed)", field=words) if kind in NEEDED else words
        self.grid.add_pair(row, label(shown, role="" if kind in NEEDED else "quiet"), box)
        self.grid.addWidget(sample, row, REST)
        box.currentIndexChanged.connect(lambda _: self._chosen(kind))

    def _chosen(self, kind: Field) -> None:
        if kind is Field.TIME_SPENT and not self._unit_chosen:
            with QSignalBlocker(self.unit):
                unit = guess_unit(str(self._boxes[kind].currentData() or ""), self._values(kind))
                self.unit.setCurrentIndex(self.unit.findData(unit))
        self._show_sample(kind)
        self.changed.emit()

    def _choose_unit(self) -> None:
        self._unit_chosen = True

    def _unit_changed(self) -> None:
        self._show_sample(Field.TIME_SPENT)
        self.changed.emit()

    def _choose_order(self) -> None:
        self._order_chosen = True
        self.changed.emit()

    def _values(self, kind: Field) -> list[str]:
        """Return what is in the first rows of the column that is chosen."""
        name, columns = self._boxes[kind].currentData(), self._columns
        at = columns.names.index(name) if columns is not None and name in columns.names else -1
        rows = columns.samples if columns is not None else ()
        return [row[at] for row in rows if 0 <= at < len(row) and row[at].strip()]

    def _show_sample(self, kind: Field) -> None:
        name = self._boxes[kind].currentData()
        values = self._values(kind)
        if kind is Field.TIME_SPENT:
            self.unit.setVisible(bool(name))
        if kind is Field.PATH:
            self._path_part.setVisible(not name)
            self._samples[kind].setVisible(bool(name))
        text = tr("Replay", "such as {value}", value=one_line(values[0], SAMPLE_CHARACTERS)) if values else ""
        if values and kind is Field.TIME_SPENT:
            text = spent_words(values[0].strip(), TimeUnit(self.unit.currentData()))
        self._samples[kind].show_text(text)


def spent_words(told: str, unit: TimeUnit) -> str:
    """Return a time spent as it stands in a file, with the time that it is read as."""
    shown = one_line(told, SAMPLE_CHARACTERS)
    if is_clock(told):
        time = _time_words(clock_seconds(told))
        return tr("Replay", "such as {value}, a clock time: {time}", value=shown, time=time)
    number = number_in(told)
    if number is None:
        return tr("Replay", "such as {value}", value=shown)
    time = _time_words(number * MILLISECONDS[unit] / 1_000)
    return tr("Replay", "such as {value}, that is {time}", value=shown, time=time)


def _time_words(seconds: float) -> str:
    if seconds < 60:
        return tr("Replay", "{n} s", n=f"{seconds:.3g}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("Replay", "{m} min {s} s", m=minutes, s=rest)
    return tr("Replay", "{h} h {m} min", h=f"{minutes // 60:,}", m=minutes % 60)
