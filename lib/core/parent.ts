/** Children that end with their parent, however it ends: a notebook's kernel that is killed leaves no training behind. */

const PARENT = "LUMEN_PARENT";

/** What is added to the environment of a child that is to end with this process; it must call {@link endWithParent}. */
export function parentEnvironment(): Record<string, string> {
  return { [PARENT]: String(Deno.pid) };
}

/** Ends this process soon after its parent is gone, where the parent asked for that. */
export function endWithParent(): void {
  const parent = Number(Deno.env.get(PARENT));
  Deno.env.delete(PARENT); // this process's own children have another parent
  if (Deno.ppid !== parent) return;
  const timer = setInterval(() => {
    if (Deno.ppid !== parent) Deno.exit(1);
  }, 500);
  Deno.unrefTimer(timer);
}
