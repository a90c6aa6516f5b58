"""Runs three cells in a Deno kernel, interrupts the second as a notebook's stop button does, and prints
what the kernel printed."""

import queue
import sys
import time

from jupyter_client import KernelManager

manager = KernelManager(kernel_name="deno")
manager.start_kernel()
client = manager.blocking_client()
client.start_channels()


def printed(until, seconds):
    """Passes on what the kernel prints, until a text comes or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            message = client.get_iopub_msg(timeout=0.1)
        except queue.Empty:
            continue
        content = message["content"]
        text = content.get("text") or str(content.get("data", "")) or content.get("execution_state", "")
        print(text, flush=True)
        if until in text:
            return
    raise SystemExit(f"'{until}' did not come within {seconds} s")


try:
    # the outputs' channel connects last: ask until it answers
    for _ in range(60):
        client.kernel_info()
        try:
            client.get_iopub_msg(timeout=0.5)
            break
        except queue.Empty:
            pass
    client.execute(sys.argv[1])
    client.execute(sys.argv[2])
    printed("started", 60)
    time.sleep(0.5)
    manager.interrupt_kernel()
    printed("stopped true", 20)
    client.execute(sys.argv[3])
    printed("kept 7", 20)
finally:
    manager.shutdown_kernel(now=True)
