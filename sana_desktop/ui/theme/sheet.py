"""The style sheet over Fusion, made from the tokens. Roles are chosen by dynamic properties, never by object name.

`role` on a QLabel: caption, lead, title, display, quiet, code. `tone` on a QLabel or QFrame: good, warn, bad, busy.
`kind` on a button: primary, plain (no frame), danger, card; on a QFrame: card, bar, hairline, banner, well.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from sana_desktop.ui.theme.tokens import Scheme, TextRole, Tokens

_FRAME = """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[kind="page"] { background: $canvas; }
QLabel { background: transparent; }
QLabel[role="quiet"] { color: $text_quiet; }
QFrame[kind="rail"] { background: $sunk; border: none; border-right: 1px solid $line; }
QFrame[kind="bar"] { background: $sunk; border: none; border-top: 1px solid $line; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${small}px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:checked, QToolButton:pressed { background: $selected; }
QToolButton[kind="rail"] {
    font-size: ${caption}pt; color: $text_quiet; border: 1px solid transparent; border-radius: ${large}px;
    padding: ${rail_top}px 4px 7px 4px; margin: 0 8px;
}
QToolButton[kind="rail"]:hover { background: $hover; color: $text; }
QToolButton[kind="rail"]:checked { background: $selected; color: $accent; }
QToolButton[kind="rail"]:focus { border: 1px solid $focus; }
QMenuBar { background: $canvas; border: none; border-bottom: 1px solid $line; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: ${small}px; }
QMenuBar::item:selected { background: $hover; }
"""
"""Of what the window's frame shows: all that its first paint needs. The rest is read after it."""

_REST = """
QToolTip { background: $surface; color: $text; border: 1px solid $line_strong; padding: 4px 8px; }

QLabel[role="caption"] { font-size: ${caption}pt; color: $text_quiet; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="lead"] { font-size: ${lead}pt; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[role="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="busy"] { color: $accent; }

QFrame[kind="card"] { background: $surface; border: 1px solid $line; border-radius: ${large}px; }
QFrame[kind="well"] { background: $sunk; border: none; border-radius: ${large}px; }
QFrame[kind="surface"] { background: $surface; border: none; }
QFrame[kind="hairline"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[kind="banner"] { background: $sunk; border: none; border-radius: ${small}px; }
QFrame[kind="banner"][floats="true"] { background: $surface; border: 1px solid $line_strong; }
QFrame[kind="banner"][tone="good"] { background: $good_back; }
QFrame[kind="banner"][tone="warn"] { background: $warn_back; }
QFrame[kind="banner"][tone="bad"] { background: $bad_back; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $line_button; border-radius: ${small}px;
    padding: 5px 14px; min-height: ${line_height}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selected; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 13px; }
QPushButton:disabled { color: $text_disabled; background: $canvas; border-color: $line; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $focus_on_accent; }
QPushButton[kind="primary"]:disabled { background: $disabled_back; color: $text_quiet; border-color: $disabled_back; }
QPushButton[kind="plain"], QPushButton[kind="link"] { background: transparent; border-color: transparent; }
QPushButton[kind="link"] { color: $accent; padding: 4px 5px 4px 1px; text-align: left; }
QPushButton[kind="link"]:focus { padding: 3px 4px 3px 0; }
QPushButton[kind="plain"]:hover, QPushButton[kind="link"]:hover { background: $hover; }
QPushButton[kind="plain"]:focus, QPushButton[kind="link"]:focus { border: 2px solid $focus; }
QPushButton[kind="plain"]:disabled, QPushButton[kind="link"]:disabled { color: $text_disabled; }
QFrame[kind="banner"] QPushButton[kind="plain"] { border-color: $line_button; }
QFrame[kind="banner"] QPushButton[kind="plain"]:focus { border: 2px solid $focus; }
QPushButton[kind="card"] {
    background: $surface; border: 1px solid $line; border-radius: ${large}px; padding: 0; text-align: left;
}
QPushButton[kind="card"]:hover { border-color: $line_strong; background: $surface; }
QPushButton[kind="card"]:pressed { background: $selected; }
QPushButton[kind="card"]:focus { border: 2px solid $focus; padding: 0; }
QPushButton[kind="danger"] { color: $bad; border-color: $bad; }
QPushButton[kind="danger"]:hover { background: $bad_back; }
QPushButton[kind="danger"]:focus { border: 2px solid $bad; }

QPushButton[kind="chip"] {
    background: $selected; border: 1px solid $selected; border-radius: ${small}px; padding: 1px 6px;
}
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:focus { border: 1px solid $focus; padding: 1px 6px; }
QPushButton[kind="answer"] { padding: 5px 12px; font-weight: 600; }
QPushButton[kind="answer"]:focus { padding: 4px 11px; }

QToolButton:focus { border: 1px solid $focus; }
QToolButton:disabled { color: $text_disabled; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="swatch"]:checked { background: $surface; border: 2px solid $text; }
QToolButton[kind="swatch"]:focus { background: $selected; }
QSpinBox QLineEdit { border: none; background: transparent; padding: 0 8px; }
QSpinBox::up-button, QSpinBox::down-button { width: 20px; border: none; background: transparent; }
QSpinBox::up-arrow { image: url("$art/chevron-up-$scheme.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url("$art/chevron-down-$scheme.svg"); width: 10px; height: 10px; }

QLineEdit, QPlainTextEdit[kind="field"], QComboBox, QSpinBox {
    background: $surface; border: 1px solid $line_strong; border-radius: ${small}px;
    padding: 5px 8px; min-height: ${line_height}px;
    placeholder-text-color: $text_quiet;
    selection-background-color: $selection; selection-color: $text;
}
QLineEdit:focus, QPlainTextEdit[kind="field"]:focus, QComboBox:focus, QSpinBox:focus {
    border: 2px solid $focus; padding: 4px 7px;
}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled {
    color: $text_disabled; background: $canvas; border-color: $line;
}
QLineEdit[kind="filter"] { padding: 1px 7px; }
QLineEdit[kind="filter"]:focus { padding: 0 6px; }
QLineEdit[tone="bad"] { border-color: $bad; }
QLineEdit:read-only { background: $canvas; border-color: $line; }
QPlainTextEdit[kind="welcome"] {
    background: $surface; border: 1px solid $line_strong; border-radius: ${large}px; padding: 12px 14px;
    placeholder-text-color: $text_quiet;
    selection-background-color: $selection; selection-color: $text;
}
QPlainTextEdit[kind="welcome"]:focus { border: 2px solid $focus; padding: 11px 13px; }
QPlainTextEdit[kind="code"] {
    background: $surface; border: none; selection-background-color: $selection; selection-color: $text;
    placeholder-text-color: $text_quiet;
}
QTextEdit[kind="words"] {
    background: transparent; border: none; selection-background-color: $selection; selection-color: $text;
}
QTextEdit[kind="words"][role="quiet"] { color: $text_quiet; }
QComboBox { combobox-popup: 0; }
QComboBox QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$art/chevron-down-$scheme.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $surface; border: 1px solid $line_strong; outline: none;
    selection-background-color: $selected; selection-color: $text;
}
QComboBoxPrivateContainer { border: none; }
QComboBox QAbstractItemView::item { min-height: ${line_height}px; padding: 4px 8px; border-radius: 0; }
QComboBox QAbstractItemView::item:focus { padding: 3px 7px; }
QComboBox[kind="plain"] { background: transparent; border-color: transparent; }
QComboBox[kind="plain"]:hover { background: $hover; }
QComboBox[kind="plain"]:focus { border: 2px solid $focus; }

QMenu { background: $surface; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: ${small}px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }

QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $text_quiet; border: none; border-bottom: 2px solid transparent;
    padding: 7px 10px 6px 12px; margin-right: 2px; min-width: 28px; max-width: 240px;
}
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::scroller { width: 48px; }
QTabBar::tear { width: 0; border: none; image: none; }
QTabBar QToolButton { background: $canvas; border: none; border-radius: 0; }
QTabBar QToolButton::left-arrow { image: url("$art/chevron-left-$scheme.svg"); width: 12px; height: 12px; }
QTabBar QToolButton::right-arrow { image: url("$art/chevron-right-$scheme.svg"); width: 12px; height: 12px; }
QTabBar:focus { outline: none; }
QTabBar::tab:selected:focus { background: $selected; }

QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:focus { background: $accent; }
QSplitter::handle:vertical { height: 1px; margin: 0; }
QSplitter::handle:horizontal { width: 1px; margin: 0; }

QScrollArea { background: transparent; border: none; }
QScrollArea[kind="pane"] { border: 1px solid transparent; }
QScrollArea[kind="pane"]:focus { border: 1px solid $focus; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[kind="page"] { background: $canvas; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: none; }
QScrollBar::handle { background: $scroll; border-radius: 3px; border: none; }
QScrollBar::handle:vertical { min-height: 28px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 3px 2px; }
QScrollBar::handle:hover { background: $line_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QAbstractItemView { background: $surface; alternate-background-color: $canvas; border: none; outline: none; }
QTableView { gridline-color: transparent; selection-background-color: $selected; selection-color: $text; }
QTableView::item { padding: 0 9px; border: none; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $selected; color: $text; }
QTableView::item:focus { border: 1px solid $focus; padding: 0 8px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $text_quiet; border: none; border-bottom: 1px solid $line; padding: 5px 12px;
    font-size: ${caption}pt;
}
QHeaderView::section:hover { color: $text; }
QListView::item { padding: 6px 10px; border-radius: ${small}px; }
QListView::item:selected { background: $selected; color: $text; }
QListView::item:hover:!selected { background: $hover; }
QListView::item:focus { border: 1px solid $focus; padding: 5px 9px; }
QProgressBar { background: $hover; border: none; border-radius: 2px; max-height: 4px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QCheckBox, QRadioButton { outline: none; spacing: 8px; padding: 3px 2px; }
QCheckBox:disabled, QRadioButton:disabled { color: $text_disabled; }
QPushButton, QToolButton { icon-size: ${mark}px; }
QRadioButton::indicator, QCheckBox::indicator { width: ${mark}px; height: ${mark}px; }
QRadioButton::indicator:unchecked { image: url("$art/radio-off-$scheme.svg"); }
QRadioButton::indicator:checked { image: url("$art/radio-on-$scheme.svg"); }
QCheckBox::indicator:unchecked { image: url("$art/check-off-$scheme.svg"); }
QCheckBox::indicator:checked { image: url("$art/check-on-$scheme.svg"); }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; border-radius: ${small}px; padding: 1px 0; }
QListView[kind="cards"] { background: transparent; }
QTreeView[kind="pick"], QListView[kind="pick"] { border: 1px solid $line; border-radius: ${small}px; }
QTreeView[kind="pick"]:focus, QListView[kind="pick"]:focus { border: 1px solid $focus; }
QListView[kind="suggestions"] { border: 1px solid $line_strong; }
QTreeView::indicator, QListView::indicator { width: ${mark}px; height: ${mark}px; }
QTreeView::indicator:unchecked, QListView::indicator:unchecked { image: url("$art/check-off-$scheme.svg"); }
QTreeView::indicator:checked, QListView::indicator:checked { image: url("$art/check-on-$scheme.svg"); }
QTreeView::item { padding: 3px 2px; }
QTreeView::item:selected { background: $selected; color: $text; }
QSlider { min-height: 22px; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $surface; border: 2px solid $accent; width: 12px; height: 12px; margin: -6px 0; border-radius: 8px;
}
QSlider::handle:horizontal:focus { background: $accent; border-color: $focus; }
QSlider[auto="true"]::sub-page:horizontal { background: $line; }
QSlider[auto="true"]::handle:horizontal { border-color: $line_strong; }
QSlider[auto="true"]::handle:horizontal:focus { background: $surface; border-color: $focus; }
QGroupBox { border: none; margin-top: 0; }
QDockWidget { border: none; }
QWidget[kind="dock"] { background: $surface; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; margin: 0; }
QMainWindow::separator:hover { background: $accent; }
"""


def style_sheet(
    tokens: Tokens,
    scheme: Scheme,
    points: Mapping[TextRole, float],
    art: str,
    scroll: str,
    line_height: int = 18,
    mark: int = 16,
    rail_icon: int = 24,
    *,
    frame_only: bool = False,
) -> str:
    """Return the style sheet for one scheme.

    Args:
        tokens: colours and radii come from here.
        scheme: light or dark.
        points: size of each text role, in points.
        art: folder of the small pictures (arrows, marks of choices), with forward slashes.
        scroll: colour of a resting scroll handle.
        line_height: pixels of one line in a button or field; they are never squeezed below it.
        mark: pixels of a tick box, and of the icon on a button.
        rail_icon: pixels of the icon that a button of the rail paints above its words.
        frame_only: leave out all that the window's frame does not show.
    """
    sizes = {role: f"{size:.2f}" for role, size in points.items()}
    pictures = {"art": art, "scheme": scheme, "scroll": scroll, "line_height": str(line_height), "mark": str(mark)}
    pictures["rail_top"] = str(rail_icon + 11)
    radii = {"small": tokens.radius_small, "large": tokens.radius_large}
    sheet = Template(_FRAME if frame_only else _FRAME + _REST)
    return sheet.substitute(tokens.colours[scheme], **sizes, **pictures, **radii)
