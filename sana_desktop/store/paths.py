"""Where the app keeps things: the platform's own folders, or one folder for all of them (BEHAVIOUR.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sana_desktop.store.private import private_folder

HOME_VARIABLE = "SANA_DESKTOP_HOME"
APP_FOLDER = "sana-desktop"
REPORTS_FOLDER = "Sana reports"
EXAMPLES_FOLDER = "Example data"
DEMO_FOLDER = "demo"


class Paths(NamedTuple):
    """The folders of this user's app.

    Attributes:
        config: what the person may edit or carry over by hand.
        data: the database, its backups, lock files. What must not be lost.
        cache: what can be made again.
        log: rotating logs.
        downloads: where reports go unless the person chose another folder. Made with the first report, not at start.
        own_downloads: where those of other sites than the example go, if that is another folder: none of them is to
            lie among examples.
    """

    config: Path
    data: Path
    cache: Path
    log: Path
    downloads: Path
    own_downloads: Path | None = None

    @classmethod
    def here(cls, environ: Mapping[str, str]) -> Paths:
        """Return the folders for this user; `SANA_DESKTOP_HOME` in `environ` puts them all below one."""
        home = environ.get(HOME_VARIABLE, "").strip()
        if home:
            return cls.below(Path(home).expanduser().absolute())
        import platformdirs

        # No author level on Windows: AppData/Local/sana-desktop, and never the roaming profile.
        folders = platformdirs.PlatformDirs(APP_FOLDER, appauthor=False, roaming=False)
        return cls(
            config=folders.user_config_path,
            data=folders.user_data_path,
            cache=folders.user_cache_path,
            log=folders.user_log_path,
            downloads=folders.user_downloads_path / REPORTS_FOLDER,
        )

    @classmethod
    def below(cls, home: Path) -> Paths:
        """Return folders that all lie below `home`."""
        return cls(home / "config", home / "data", home / "cache", home / "log", home / REPORTS_FOLDER)

    def for_demo(self) -> Paths:
        """Return the folders of `demo`, below these, so that trying it leaves nothing in the real application."""
        return Paths(
            self.config / DEMO_FOLDER,
            self.data / DEMO_FOLDER,
            self.cache / DEMO_FOLDER,
            self.log / DEMO_FOLDER,
            self.downloads / EXAMPLES_FOLDER,
            self.downloads,
        )

    def reports(self, *, example: bool, chosen: Path | None = None) -> Path:
        """Return where reports of the example, or of any other site, go: what is made up lies in a folder of its own.

        Args:
            example: of the example.
            chosen: the folder that the person chose for reports.
        """
        if chosen is not None or self.own_downloads is None:
            folder = chosen or self.downloads
            return folder / EXAMPLES_FOLDER if example else folder
        return self.downloads if example else self.own_downloads

    @property
    def database(self) -> Path:
        """The one database file."""
        return self.data / "sana.db"

    @property
    def sandbox(self) -> Path:
        """Where the pretend site keeps its jobs over a restart, as a real one does."""
        return self.data / "sandbox"

    @property
    def processes(self) -> Path:
        """Where each running process of the app keeps its mark (store.ownership)."""
        return self.data / "processes"

    @property
    def log_file(self) -> Path:
        """The current log."""
        return self.log / "sana-desktop.log"

    def ensure(self) -> None:
        """Make config, data, cache and log, open to this user alone.

        Raises:
            StorageError: if one can't be made.
        """
        for folder in (self.config, self.data, self.cache, self.log):
            private_folder(folder)
