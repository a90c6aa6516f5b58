import assert from "node:assert/strict";
import { join } from "node:path";
import { HUB_MODELS } from "lib/nn/hub_models.ts";
import { parameterCount } from "lib/nn/layer.ts";
import { fetchWeights, weightsFile } from "lib/nn/weights_file.ts";
import { BASE_CONFIG, parseConfig } from "lib/train/config.ts";
import { buildNetwork } from "lib/train/model.ts";
import { CONTENT, ETAG, SHA256 } from "../download/quick.ts";
import { type Answer, type Asked, fileAnswer, TestServer } from "../download/server.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const FILE = "timm/a_model.in1k/resolve/main/model.safetensors";

/** A hub: it says what a file is and leads to where it lies, on another path, with another tag. */
function hub(
  { content = CONTENT, sha256 = SHA256, lies = () => ({}) }: {
    content?: Uint8Array;
    sha256?: string;
    /** Changes an answer of where the file lies. */
    lies?: (before: number) => Partial<Answer>;
  } = {},
): TestServer {
  let gets = 0;
  return new TestServer((asked: Asked) => {
    if (asked.path === FILE) {
      return {
        status: 302,
        headers: {
          location: "/blobs/1",
          "x-linked-etag": `"${sha256}"`,
          "x-linked-size": `${CONTENT.length}`,
        },
      };
    }
    if (asked.path !== "blobs/1") {
      return { status: 404, headers: { "x-error-code": "EntryNotFound" } };
    }
    return { ...fileAnswer({ content, etag: ETAG }, asked), ...lies(gets++) };
  });
}

/** Fetches from a server in the hub's place. */
async function fetchFrom(
  server: TestServer | string,
  folder: TemporaryFolder,
  source = "hf:timm/a_model.in1k",
) {
  const before = Deno.env.get("HF_ENDPOINT");
  Deno.env.set("HF_ENDPOINT", typeof server === "string" ? server : server.url(""));
  try {
    return await fetchWeights(source, { folder: folder.path, firstPause: 0.001, say: () => {} });
  } finally {
    if (before === undefined) Deno.env.delete("HF_ENDPOINT");
    else Deno.env.set("HF_ENDPOINT", before);
  }
}

Deno.test("weights come from the hub once, checked, and are there then", async () => {
  using folder = new TemporaryFolder();
  await using server = hub();
  const path = await fetchFrom(server, folder);
  assert.equal(path, join(folder.path, "timm--a_model.in1k", "model.safetensors"));
  assert.deepEqual(Deno.readFileSync(path), CONTENT);
  assert.deepEqual(server.asked.map(({ method, path }) => `${method} ${path}`), [
    `HEAD ${FILE}`,
    `GET ${FILE}`,
    "GET blobs/1",
  ]);
  assert.equal(await fetchFrom(server, folder), path);
  assert.equal(weightsFile("hf:timm/a_model.in1k", { folder: folder.path }), path);
  assert.equal(server.asked.length, 3);
});

Deno.test("what was cut goes on where it was; what is not the published file is not kept", async () => {
  using folder = new TemporaryFolder();
  await using server = hub({ lies: (before) => before === 0 ? { cutAfter: 20_000 } : {} });
  assert.deepEqual(Deno.readFileSync(await fetchFrom(server, folder)), CONTENT);
  assert.equal(server.asked.at(-1)!.headers.get("range"), "bytes=20000-");
  using other = new TemporaryFolder();
  await using wrong = hub({ content: CONTENT.map((byte) => byte ^ 1) });
  await assert.rejects(
    fetchFrom(wrong, other),
    /cannot download timm\/a_model.in1k from .*: what came is not the published file, its SHA-256 is .*; it was removed; where there is a network/,
  );
  assert.throws(
    () => weightsFile("hf:timm/a_model.in1k", { folder: other.path }),
    /the weights of timm\/a_model.in1k have not been fetched: .* they are at .*a_model.in1k\/resolve\/main\/model.safetensors, and belong at /,
  );
});

Deno.test("no network, no such model: one sentence says what to do", async () => {
  using folder = new TemporaryFolder();
  await using server = hub();
  await assert.rejects(
    fetchFrom(server, folder, "hf:timm/other"),
    /cannot fetch the weights of timm\/other: the hub has no such model, or no file model.safetensors of it/,
  );
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nowhere = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  listener.close();
  await assert.rejects(
    fetchFrom(nowhere, folder, "ast"),
    /cannot fetch the weights of MIT\/ast-finetuned-audioset-10-10-0.4593: the hub cannot be reached \(.*\); where there is a network it can be had from .*: put it at .*, or give the path of the file instead of the name/,
  );
  await assert.rejects(fetchFrom(server, folder, "/nowhere"), /there are no weights at \/nowhere/);
});

Deno.test("every known name is of a network that a run can have, and says which", () => {
  const repositories = Object.values(HUB_MODELS).map(({ repository }) => repository);
  assert.equal(new Set(repositories).size, repositories.length);
  const options = { head: "pooled", hidden: [], dropRate: 0 };
  const more = {
    convnext: { layerScale: 1e-6, stochasticDepthRate: 0 },
    "efficientnet-v2": { stochasticDepthRate: 0 },
  };
  for (const [weights, { network }] of Object.entries(HUB_MODELS)) {
    const { model } = parseConfig({
      ...BASE_CONFIG,
      recipe: "hub",
      seed: 1,
      data: { source: "demo", size: "small" },
      model: { ...network, ...options, ...more[network.backbone as keyof typeof more], weights },
    });
    assert.ok(parameterCount(buildNetwork(model).backbone) > 0, weights);
  }
});
