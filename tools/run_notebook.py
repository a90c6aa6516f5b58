"""Runs a notebook through the Deno kernel and writes it back with its outputs, whole or not at all.

Stock runners stop reading at the kernel's "idle", which this kernel may send before the last output, and
begin before the kernel's messages arrive. This one waits for the first message before it begins, and goes
on reading until nothing has come for a while after "idle".

    .venv/bin/python tools/run_notebook.py NOTEBOOK [--output PATH] [--folder PATH] [--cell-timeout SECONDS]

Exit status: 0 all cells ran, 1 a cell failed or showed nothing, 2 the notebook or the kernel is unusable,
130 it was interrupted.
"""

import argparse
import ctypes
import os
import queue
import re
import signal
import sys
import tempfile
import time

import nbformat
from jupyter_client import KernelManager
from jupyter_client.kernelspec import NoSuchKernel

KERNEL = "deno"
READY_SECONDS = 60
# 80 ms lost nothing in 450 cells; twice that leaves room
QUIET_SECONDS = 0.16
# for a cell that should show something and has not: a loaded machine may be slower still
PATIENT_SECONDS = 3
POLL_SECONDS = 0.05

# the same for every run, so that a notebook changes in a commit only where its content does
METADATA = {
    "kernelspec": {"display_name": "Deno", "language": "typescript", "name": KERNEL},
    "language_info": {
        "file_extension": ".ts",
        "mimetype": "text/x.typescript",
        "name": "typescript",
        "nbconvert_exporter": "script",
        "pygments_lexer": "typescript",
    },
}

# calls at a line's beginning: what is inside a function need not run
SHOWS = re.compile(r"^(?:.*\bawait (?:show|playSound|runWithProgress)\(|console\.log\()", re.MULTILINE)
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")


class NotebookError(Exception):
    """A cell failed; the message names notebook, cell and error."""


class Unusable(Exception):
    """There is nothing to run, or nothing to run it with."""


class Orphaned(Exception):
    """Whoever started this runner is gone: nobody waits for the notebook."""


def die_with_parent():
    """A runner that is killed takes the kernel along, where the system can do that (Linux): it would stay forever."""
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


# asked now and then: a signal from the system would come at the end of the parent's thread, not of the parent
PARENT = os.getppid()


class Outputs:
    """The outputs of one cell, put together from the kernel's messages."""

    def __init__(self):
        self.items = []
        self.by_id = {}
        self.clear_at_next = False

    def add(self, kind, content):
        if kind == "clear_output":
            if content.get("wait"):
                self.clear_at_next = True
            else:
                self.items.clear()
            return
        if kind == "update_display_data":
            old = self.by_id.get(content["transient"]["display_id"])
            if old is not None:
                old.data, old.metadata = content["data"], content["metadata"]
            return
        if self.clear_at_next:
            self.items.clear()
            self.clear_at_next = False
        if kind == "stream":
            last = self.items[-1] if self.items else None
            if last is not None and last.output_type == "stream" and last.name == content["name"]:
                last.text += content["text"]
            else:
                self.items.append(
                    nbformat.v4.new_output("stream", name=content["name"], text=content["text"])
                )
        elif kind in ("display_data", "execute_result"):
            output = nbformat.v4.new_output(
                kind, data=content["data"], metadata=content.get("metadata", {})
            )
            self.items.append(output)
            display_id = content.get("transient", {}).get("display_id")
            if display_id:
                self.by_id[display_id] = output
        elif kind == "error":
            self.items.append(
                nbformat.v4.new_output(
                    "error",
                    ename=content["ename"],
                    evalue=content["evalue"],
                    traceback=content["traceback"],
                )
            )


class Session:
    """A running kernel with the outputs it sends."""

    def __init__(self, folder):
        self.manager = KernelManager(kernel_name=KERNEL)
        try:
            self.manager.start_kernel(
                cwd=folder, env={**os.environ, "NO_COLOR": "1"}, preexec_fn=die_with_parent)
        except NoSuchKernel as error:
            raise Unusable("there is no Deno kernel for Jupyter: run ./lumen setup") from error
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.displays = {}
        self.wait_until_ready()

    def wait_until_ready(self):
        """Asks until an answer comes on the channel that carries the outputs: it connects last."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if not self.manager.is_alive():
                raise Unusable("the Deno kernel ended as soon as it was started: run ./lumen doctor")
            self.client.kernel_info()
            if self.message(0.3) is not None:
                while self.message(QUIET_SECONDS) is not None:
                    pass
                return
        raise Unusable(f"the Deno kernel did not answer within {READY_SECONDS} s")

    def message(self, timeout):
        if os.getppid() != PARENT:
            raise Orphaned
        try:
            return self.client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return None

    def run(self, source, timeout):
        """Runs one cell. Gives its outputs and what went wrong, if anything did."""
        request = self.client.execute(source, stop_on_error=True)
        shows = should_show(source)
        outputs = Outputs()
        outputs.by_id = self.displays
        end = time.monotonic() + timeout
        idle = replied = False
        quiet_since = time.monotonic()
        while True:
            message = self.message(POLL_SECONDS)
            now = time.monotonic()
            if message is not None:
                # what earlier cells left running may still update their displays
                own = message["parent_header"].get("msg_id") == request
                kind, content = message["msg_type"], message["content"]
                if kind == "status" and own and content["execution_state"] == "idle":
                    idle = True
                elif own or kind == "update_display_data":
                    outputs.add(kind, content)
                quiet_since = now
            replied = replied or self.reply_came(request)
            patience = PATIENT_SECONDS if shows and not outputs.items else QUIET_SECONDS
            if idle and replied and now - quiet_since >= patience:
                return outputs.items, None
            if now > end:
                return outputs.items, (
                    f"did not end within {timeout:g} s. An error thrown in a timer or a callback hangs"
                    " the kernel; work that takes long belongs in a recipe or in runWithProgress()"
                )
            if message is None and not self.manager.is_alive():
                return outputs.items, "the kernel died"

    def reply_came(self, request):
        try:
            reply = self.client.get_shell_msg(timeout=0)
        except queue.Empty:
            return False
        return reply["parent_header"].get("msg_id") == request

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def should_show(source):
    return SHOWS.search(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)) is not None


def complaint(cell):
    """What is wrong with a cell that ran without an error, or None."""
    if should_show(cell.source) and not cell.outputs:
        return "should show something and shows nothing: is every output awaited?"
    pictures = len(re.findall(r"^await show\(", cell.source, flags=re.MULTILINE))
    shown = sum(output.output_type == "display_data" for output in cell.outputs)
    if shown < pictures:
        return f"shows {shown} of {pictures} outputs"
    return None


def error_text(outputs):
    """The cell's error as one text, or None."""
    for output in outputs:
        if output.output_type == "error":
            text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
            return TERMINAL_CODES.sub("", text).strip()
    return None


class Progress:
    """One line that is rewritten on a terminal, a line a cell elsewhere."""

    def __init__(self, name, total):
        self.name, self.total = name, total
        self.terminal = sys.stderr.isatty()

    def begin(self, cell):
        if self.terminal:
            print(f"\r\x1b[K{self.name}: cell {cell} of {self.total} ...", end="", file=sys.stderr)
            sys.stderr.flush()

    def end(self, cell, seconds):
        if not self.terminal:
            print(f"{self.name}: {cell}/{self.total} ({seconds:.1f} s)", file=sys.stderr)

    def done(self, seconds):
        start = "\r\x1b[K" if self.terminal else ""
        print(f"{start}{self.name}: {self.total} cells in {seconds:.1f} s", file=sys.stderr)


def tidy(cell, number):
    """Takes away what changes from run to run."""
    for name in ("execution", "ExecuteTime", "collapsed", "scrolled"):
        cell.metadata.pop(name, None)
    cell["id"] = f"cell-{number:02d}"


def execute(notebook, name, folder, timeout):
    """Runs all code cells in a fresh kernel and fills in their outputs. Raises NotebookError at the first failure."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, 1):
        tidy(cell, number)
    progress = Progress(name, len(code))
    session = Session(folder)
    start = time.monotonic()
    try:
        for number, cell in enumerate(code, 1):
            progress.begin(number)
            began = time.monotonic()
            cell.outputs, failure = session.run(cell.source, timeout)
            seconds = time.monotonic() - began
            cell.execution_count = number
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
            failure = error_text(cell.outputs) or failure or complaint(cell)
            progress.end(number, seconds)
            if failure:
                if progress.terminal:
                    print("\r\x1b[K", end="", file=sys.stderr)
                raise NotebookError(
                    f"{name}: code cell {number} of {len(code)} failed after {seconds:.1f} s\n"
                    f"{indent(first_lines(cell.source))}\n{failure}"
                )
        progress.done(time.monotonic() - start)
    finally:
        session.close()


def first_lines(source, count=4):
    lines = source.strip().splitlines()
    return "\n".join(lines[:count] + (["..."] if len(lines) > count else []))


def indent(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def read(path):
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise Unusable(f"there is no notebook {path}") from error
    except Exception as error:
        raise Unusable(f"{path} is not a notebook: {error}") from error


def write(notebook, path):
    """Into a temporary file beside it, which then takes its place."""
    nbformat.validate(notebook)
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(nbformat.writes(notebook).rstrip())  # as deno fmt wants it
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook")
    parser.add_argument("--output", help="where the executed notebook goes (default: in place)")
    parser.add_argument("--folder", help="working directory of the cells (default: the notebook's)")
    parser.add_argument("--cell-timeout", type=float, default=300, help="seconds (default 300)")
    options = parser.parse_args()
    name = os.path.basename(options.notebook)
    # a stopped runner must take its kernel with it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        notebook = read(options.notebook)
        folder = options.folder or os.path.dirname(os.path.abspath(options.notebook))
        execute(notebook, name, folder, options.cell_timeout)
        write(notebook, options.output or options.notebook)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    except Unusable as error:
        print(f"cannot run {options.notebook}: {error}", file=sys.stderr)
        return 2
    except Orphaned:
        return 1
    except KeyboardInterrupt:
        print(f"{name}: interrupted, the kernel is stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
