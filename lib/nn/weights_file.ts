/** From the name of published weights to their file: on this machine, or on the Hugging Face hub. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { exists } from "../core/files.ts";
import { projectPath } from "../core/paths.ts";
import { download, type Patience } from "../download/download.ts";
import { rootMessage } from "../download/failure.ts";
import { HUB_MODELS, type HubModel } from "./hub_models.ts";

/** Where weights of the hub are kept. */
interface Shelf {
  /** Default: data/pretrained/hub */
  folder?: string;
}

const FILE = "model.safetensors";
const KNOWN: Readonly<Record<string, HubModel>> = HUB_MODELS;

/** Owner and name on the hub of `hf:owner/name`, or of a known name; undefined where a source is neither. */
function repositoryOf(source: string): string | undefined {
  if (Object.hasOwn(KNOWN, source)) return KNOWN[source].repository;
  return /^hf:([\w.-]+\/[\w.-]+)$/.exec(source)?.[1];
}

/** Where a repository's weights lie, when they are here. */
const shelfPath = (
  repository: string,
  { folder = projectPath("data", "pretrained", "hub") }: Shelf,
) => join(folder, repository.replace("/", "--"), FILE);

/** Where a repository's weights are; `HF_ENDPOINT` names a mirror, as for the hub's own programs. */
function addressOf(repository: string): string {
  const hub = Deno.env.get("HF_ENDPOINT") || "https://huggingface.co";
  return `${hub.replace(/\/+$/, "")}/${repository}/resolve/main/${FILE}`;
}

/**
 * The file of weights that a source names, which must be on this machine.
 *
 * @param source a safetensors file; a folder with one; `hf:owner/name` on the hub, or a name of {@link HUB_MODELS}
 * @throws Error that says what to do, where it is not there
 */
export function weightsFile(source: string, shelf: Shelf = {}): string {
  if (!exists(source)) {
    const repository = repositoryOf(source);
    if (!repository) throw new Error(`there are no weights at ${source}: ${adviceFor(source)}`);
    const path = shelfPath(repository, shelf);
    if (exists(path)) return path;
    throw new Error(
      `the weights of ${repository} have not been fetched: training with them, or "./lumen predict --model ast", does it; by hand they are at ${
        addressOf(repository)
      }, and belong at ${path}`,
    );
  }
  if (/\.(pth|pt|bin|ckpt)$/.test(source)) throw new Error(`${source} ${NO_PICKLES}`);
  if (!Deno.statSync(source).isDirectory) return source;
  const files = readdirSync(source).filter((name) => name.endsWith(".safetensors"));
  const [file] = files.includes(FILE) ? [FILE] : files;
  if (!file || (files.length > 1 && file !== FILE)) {
    throw new Error(
      `${source} has ${files.length} files of weights (.safetensors): name the one that is meant`,
    );
  }
  return join(source, file);
}

const NO_PICKLES =
  "holds Python objects, not safetensors: take timm's copy (resnext50_32x4d.tv2_in1k is torchvision's), or convert it with torch, safetensors.torch.save_file(torch.load(path, weights_only=True), path)";

/** What else a source may be. */
function adviceFor(source: string): string {
  const hub = /^[\w.-]+\/[\w.-]+$/.test(source)
    ? `; of the model on the hub, write hf:${source}`
    : "";
  return `no such file or folder, nor one of ${Object.keys(KNOWN).join(", ")}${hub}`;
}

/**
 * The file of weights that a source names, fetched from the hub where it is not here: what came in an earlier attempt is gone
 * on with, and all of it checked against the hub's SHA-256.
 *
 * @param source as for {@link weightsFile}
 * @throws Error that says what to do, where the hub cannot be reached or has no such file
 */
export async function fetchWeights(
  source: string,
  { folder, ...options }: Shelf & Patience & {
    say?: (line: string) => void;
    signal?: AbortSignal;
  } = {},
): Promise<string> {
  const repository = exists(source) ? undefined : repositoryOf(source);
  if (!repository) return weightsFile(source);
  const path = shelfPath(repository, { folder });
  if (exists(path)) return path;
  const url = addressOf(repository);
  const advice =
    `where there is a network it can be had from ${url}: put it at ${path}, or give the path of the file instead of the name`;
  const expected = await askHub(url, { signal: options.signal }).catch((error: Error) => {
    options.signal?.throwIfAborted();
    throw new Error(`cannot fetch the weights of ${repository}: ${error.message}; ${advice}`, {
      cause: error,
    });
  });
  await download({ ...options, ...expected, url, to: path, label: repository, advice });
  return path;
}

/** Seconds that the hub has for its answer about a file. */
const PATIENCE = 30;

/** What the hub says of a large file before it leads to where that lies: its size and SHA-256. */
async function askHub(
  url: string,
  { signal }: { signal?: AbortSignal },
): Promise<{ size?: number; sha256?: string }> {
  const signals = [AbortSignal.timeout(1000 * PATIENCE), ...signal ? [signal] : []];
  let response: Response;
  try {
    response = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.any(signals),
    });
  } catch (error) {
    throw new Error(`the hub cannot be reached (${rootMessage(error)})`, { cause: error });
  }
  await response.body?.cancel();
  const { status, headers } = response;
  if (status === 401 || status === 404) {
    throw new Error(`the hub has no such model, or no file ${FILE} of it that it gives away`);
  }
  if (status >= 400) throw new Error(`the hub answered ${status}`);
  const tag = headers.get("x-linked-etag")?.replaceAll('"', ""),
    size = headers.get("x-linked-size");
  return {
    sha256: tag && /^[0-9a-f]{64}$/.test(tag) ? tag : undefined,
    size: size ? Number(size) : undefined,
  };
}
