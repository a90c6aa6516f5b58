/** Other programs' output. */

/**
 * What a program prints, without blanks around it; null where it is not installed, may not be run, or fails.
 *
 * @param options.cwd the folder that it runs in. Default: this process's
 */
export async function outputOf(
  program: string,
  args: string[],
  { cwd }: { cwd?: string } = {},
): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args, cwd, stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) return null;
    throw error;
  }
}
