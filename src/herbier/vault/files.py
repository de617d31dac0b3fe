"""The files of a vault: which are notes, which are kept back, which are only listed; and their text."""

import codecs
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from herbier.config import FILE, LEDGER, Settings
from herbier.messages import Message, reason
from herbier.problems import HerbierError, Problem, problem
from herbier.text import clean, forbidden, normal, shown
from herbier.vault.declarations.declared import Declared
from herbier.vault.declarations.template_folders import is_called_template
from herbier.vault.ignored import IGNORE_FILE, Ignored

NOTE_SUFFIXES = (".md", ".markdown", ".mdown")
NOT_A_NOTE = Message("not a note")
_A_LINK = Message("a symbolic link, which is not followed")
_IRREGULAR = Message("not a regular file")
_HIDDEN = Message("a hidden file")
_A_SETTING = Message("a setting of the vault")
_OWN_FOLDERS = ("mapping/", "shapes/")
A_TEMPLATE = Message("a template for notes, and no note")
_A_DECLARATION = Message("a setting of another program")
_CODE = Message("a folder of programs, not of notes")


@dataclass(frozen=True, slots=True)
class Listing:
    """Every file of a vault, once, by its path there: in `notes`, in `private` or in `others` (with the reason)."""

    notes: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    others: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self.notes) + len(self.private) + len(self.others)


def check_folder(root: Path) -> None:
    """Raise HerbierError where there is no folder of notes."""
    if not root.is_dir():
        if root.exists():
            raise HerbierError(Message("{path!r} is a file: name the folder of the notes", path=shown(str(root))))
        raise HerbierError(Message("there is no folder {path!r}", path=shown(str(root))))


def list_files(root: Path, settings: Settings | None = None, declared: Declared | None = None) -> Listing:
    """Walk a vault and sort its files by what becomes of them; HerbierError where there is no such folder.

    Folders that start with a dot are not entered and symbolic links are not followed, so that nothing outside the
    vault is read and no loop is walked. Folders of programs are listed as one; what git ignores is kept back, and so is
    what is declared to be left out of a site.
    """
    settings = settings or Settings()
    declared = declared or Declared()
    check_folder(root)
    if sys.getfilesystemencoding() != "utf-8":  # .herbierignore would miss the names that it lists
        raise HerbierError(Message("the names of files are not read as UTF-8 here; start Python with PYTHONUTF8=1"))
    problems: list[Problem] = []
    ignored = Ignored(root, settings, declared, problems)
    inside: tuple[str, ...] = ()  # the folders of templates that were met
    notes: list[str] = []
    private: list[str] = []
    others: dict[str, str] = {}
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError as error:
            message = Message("the folder could not be read: {why}", why=reason(error))
            problems.append(problem("unreadable-file", folder or ".", 0, 0, message))
            continue
        if folder and _is_code(folder, entries) and not ignored.reads_in(folder):
            others[folder] = _CODE
            continue
        is_template = clean(folder) in declared.template_folders or is_called_template(folder)
        if is_template and not ignored.reads_in(folder):
            inside += (folder,)
        ignored.enter(folder, entries)
        for entry in entries:
            path = folder + entry.name
            if entry.is_symlink():
                others[path] = _A_LINK
            elif entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    pending.append(f"{path}/")
            elif not entry.is_file(follow_symlinks=False):
                others[path] = _IRREGULAR
            elif entry.name.startswith(".") and path != IGNORE_FILE:
                others[path] = _HIDDEN
            elif path in (FILE, LEDGER, IGNORE_FILE) or (path.startswith(_OWN_FOLDERS) and not is_note(path)):
                others[path] = _A_SETTING
            elif path in declared.files:
                others[path] = _A_DECLARATION
            elif ignored.keeps_back(path):
                private.append(path)
            elif is_note(path) and ((inside and folder.startswith(inside)) or clean(path) in declared.template_notes):
                others[path] = A_TEMPLATE
            elif is_note(path):
                notes.append(path)
            else:
                others[path] = NOT_A_NOTE
    order = sorted(notes, key=path_order)
    return Listing(tuple(order), tuple(sorted(private)), dict(sorted(others.items())), tuple(problems))


_CODE_FOLDERS = frozenset(["node_modules", "bower_components", "__pycache__", "site-packages", "jspm_packages"])
_CODE_MARKS = frozenset(["pyvenv.cfg", "CACHEDIR.TAG"])  # of an environment of Python, and of any cache


def _is_code(folder: str, entries: "list[os.DirEntry[str]]") -> bool:
    """Return whether a folder holds programs that a tool has put there."""
    name = folder.rstrip("/").rpartition("/")[2]
    return name in _CODE_FOLDERS or any(entry.name in _CODE_MARKS for entry in entries)


def path_order(path: str) -> tuple[str, str]:
    """Return the key by which paths are put in order: NFC, code points, then the path as the disk has it."""
    return clean(path), path


def is_note(path: str) -> bool:
    """Return whether a file is a note, by its suffix."""
    return path.lower().endswith(NOTE_SUFFIXES)


def read_bytes(root: Path, path: str, limit: int) -> bytes | Problem:
    """Return a file's bytes, or the Problem that keeps them from being read."""
    try:
        data = _bytes_of(os.path.join(root, path), limit)  # noqa: PTH118 - the hot path
        size = len(data) if len(data) <= limit else os.stat(os.path.join(root, path)).st_size  # noqa: PTH116, PTH118
    except OSError as error:
        message = Message("the file could not be read: {why}", why=reason(error))
        return problem("unreadable-file", shown(path), 0, 0, message)
    if len(data) > limit:
        message = Message("the file has {size:,} bytes, the limit is {limit:,}", size=size, limit=limit)
        hint = Message("in {file}: [limits] file_size = {size}", file=FILE, size=size)
        return problem("file-too-large", shown(path), 0, 0, message, hint)
    return data


_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe in its place is not waited for
_AT_ONCE = 1 << 16


def _bytes_of(file: str, limit: int) -> bytes:
    """Return the bytes of a file, or more than `limit` of them where it has more; in three calls of the system."""
    descriptor = os.open(file, _READ)
    try:
        data = os.read(descriptor, _AT_ONCE)
        if len(data) < _AT_ONCE:  # it has no more: this is a regular file
            return data
        pieces = [data]
        left = limit
        while data and left >= 0:
            left -= len(data)
            data = os.read(descriptor, _AT_ONCE)
            pieces.append(data)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Windows-1252 leaves five bytes undefined; here they are the C1 controls, as in the WHATWG's table, so all decode.
WINDOWS_1252 = "".join(
    bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in range(256)
)
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32)])
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_BINARY_SHARE = 0.05
# Bytes that text in Latin letters has rarely: controls and CR, and the first bytes of U+0300 and all that is above it.
# Without them a text is under NFC, and has all its lines end in LF.
_WORTH_A_LOOK = bytes([*range(9), *range(11, 32), *range(0xCC, 0x100)])


def decode(data: bytes, path: str) -> tuple[str, list[Problem]] | Problem:
    """Return a note's text, under NFC and with LF, and what had to be done for it; a Problem for a binary file."""
    encoding = "utf-8"
    for mark, name in BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    problems: list[Problem] = []
    try:
        text = data.decode(encoding)
        if encoding == "utf-8" and len(data.translate(None, _WORTH_A_LOOK)) == len(data):
            return text, problems
        if "\0" in text and len(_CONTROLS.findall(data)) > len(data) * _BINARY_SHARE and encoding == "utf-8":
            return _binary(path)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or b"\0" in data:
            return _binary(path)
        text = codecs.charmap_decode(data, "strict", WINDOWS_1252)[0]
        line = data.count(b"\n", 0, error.start) + 1
        message = Message("the file is not UTF-8; it was read as Windows-1252")
        problems.append(problem("guessed-encoding", shown(path), line, 1, message, Message("save it as UTF-8")))
    # nearly no note has any, and to look for them in the bytes is six times as fast
    if len(data.translate(None, _CONTROL_BYTES)) < len(data) or b"\xef\xbf" in data or encoding != "utf-8":
        found = forbidden(text)
    else:
        found = -1
    if found >= 0:
        line = text.count("\n", 0, found) + 1
        column = found - text.rfind("\n", 0, found)
        message = Message("the character U+{code} and its like were removed", code=f"{ord(text[found]):04X}")
        problems.append(problem("control-characters", shown(path), line, column, message))
    return (clean(text) if found >= 0 else normal(text)), problems


def _binary(path: str) -> Problem:
    message = Message("the file holds no text that can be read, and is not published")
    hint = Message("save it as UTF-8 text, or give it another suffix")
    return problem("binary-file", shown(path), 0, 0, message, hint)


# The files that a note may embed, by suffix; any other suffix makes a link one to a note.
MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "json": "application/json",
    "xml": "application/xml",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "epub": "application/epub+zip",
    "canvas": "application/json",
    "base": "application/yaml",
    "excalidraw": "application/json",
    "ttl": "text/turtle",
    "bib": "application/x-bibtex",
    "html": "text/html",
}
