/** Where an archive's entry goes, and which entries go nowhere. */

/**
 * The path of an entry below the folder that an archive is unpacked into.
 *
 * Letters with marks are written in one way, whichever the archive has: as one character (Unicode's NFC).
 *
 * @param name as the archive has it
 * @returns parts joined by "/"; empty for the folder itself
 * @throws Error for a name that leaves the folder on any system: "..", absolute, with a drive letter or a
 *   backslash, and for one with control characters
 */
export function entryPath(name: string): string {
  const refuse = (why: string) => new Error(`the entry ${JSON.stringify(name)} ${why}`);
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(name)) throw refuse("has control characters in its name");
  if (name.includes("\\")) throw refuse("has a backslash in its name");
  if (name.startsWith("/")) throw refuse("has an absolute path");
  if (/^[a-z]:/i.test(name)) throw refuse("has a drive letter");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refuse("leads out of its folder");
  return parts.join("/").normalize("NFC");
}

/**
 * Whether a link's target lies within the folder.
 *
 * @param path the link's own path, as {@link entryPath} gives it
 * @param target where it points to: from the link's folder on for a symbolic link, from the archive's for a hard one
 */
export function staysInside(
  path: string,
  { target, symbolic }: { target: string; symbolic: boolean },
): boolean {
  if (/^\/|\\|^[a-z]:/i.test(target)) return false;
  let depth = symbolic ? path.split("/").length - 1 : 0;
  for (const part of target.split("/")) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) return false;
  }
  return true;
}

/** Whether a path is what macOS adds to archives of its own accord: `__MACOSX`, `.DS_Store`, `._name`. */
export function isClutter(path: string): boolean {
  return path.split("/").some((part) =>
    part === "__MACOSX" || part === ".DS_Store" || part.startsWith("._")
  );
}
