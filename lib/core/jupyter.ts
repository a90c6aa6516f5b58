/** The Deno kernel's interface, where the program runs in a notebook. */

/** What the kernel offers (https://docs.deno.com/runtime/reference/cli/jupyter/). */
export interface Jupyter {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
  display(bundle: unknown, options: Record<string, unknown>): Promise<void>;
}

/** The kernel's interface; undefined outside of a notebook, where merely asking for it throws. */
export function jupyter(): Jupyter | undefined {
  try {
    return (Deno as unknown as { jupyter: Jupyter }).jupyter;
  } catch {
    return undefined;
  }
}
