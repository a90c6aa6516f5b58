/** The one place that speaks to the Deno kernel. */

import { jupyter } from "../core/jupyter.ts";

/** One output in several forms; the front end takes the richest that it knows. */
export interface Bundle {
  /** By media type. */
  data: Record<string, unknown>;
  /** By media type. */
  metadata?: Record<string, unknown>;
}

/** Whether the program runs in a notebook. */
export function inNotebook(): boolean {
  return jupyter() !== undefined;
}

/**
 * Sends an output to the notebook, or, outside a notebook, prints its text.
 *
 * @param id a name for the output, under which {@link replace} finds it again
 */
export async function send({ data, metadata = {} }: Bundle, id?: string): Promise<void> {
  const kernel = jupyter();
  if (!kernel) return console.log(data["text/plain"]);
  const transient = id ? { display_id: id } : {};
  await kernel.broadcast("display_data", { data, metadata, transient });
}

/** Replaces an output that was sent under an id. Outside a notebook nothing is printed. */
export async function replace({ data, metadata = {} }: Bundle, id: string): Promise<void> {
  await jupyter()?.broadcast("update_display_data", {
    data,
    metadata,
    transient: { display_id: id },
  });
}
