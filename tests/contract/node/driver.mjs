// Runs the vendor's SDK, unchanged, against the emulator at EMULATOR_URL: one JSON command a line in, one JSON answer a line out.
//
// A command is {"do": "classes"} | {"do": "sign in", ...config} | {"do": "run", "functions": [value, ...], "transaction": bool}.
// A value is plain JSON, or {"class": "Projects.ProjectCreate", "args": [...], "set": {...}, "calls": [[method, ...args], ...]} (what its last
// call returns, or the object), or {"static": class, "method": name, "args": [...]}, or {"date": "2026-03-10"}, or {"get": name, "of": value}.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";

const require = createRequire(import.meta.url);
const sdk = require("@intacct/intacct-sdk");
const home = path.join(path.dirname(require.resolve("@intacct/intacct-sdk/package.json")), "dist", "Functions");
const address = process.env.EMULATOR_URL;
let client;

// Every class is a file of its own, named like it.
function classes() {
  return readdirSync(home, { recursive: true })
    .filter((name) => name.endsWith(".js") && path.basename(name) !== "index.js")
    .map((name) => name.slice(0, -3).split(path.sep).join("."))
    .sort();
}

const load = (name) => require(path.join(home, ...name.split("."))).default;

function build(value) {
  if (Array.isArray(value)) return value.map(build);
  if (value === null || typeof value !== "object") return value;
  if ("date" in value) return new Date(`${value.date}T00:00:00`);
  if ("get" in value) return build(value.of)[value.get];
  if ("static" in value) return load(value.static)[value.method](...build(value.args ?? []));
  if (!("class" in value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, build(each)]));
  let made = new (load(value.class))(...build(value.args ?? []));
  for (const [name, each] of Object.entries(value.set ?? {})) made[name] = build(each);
  for (const [method, ...args] of value.calls ?? []) {
    const returned = made[method](...build(args));
    made = returned === undefined ? made : returned;
  }
  return made;
}

// The SDK refuses hosts outside the vendor's domain, but only when it builds credentials: so these are built with the default
// endpoint, and the emulator's address is set afterwards; the sign-in overwrites it, hence twice.
async function signIn(given) {
  const config = new sdk.ClientConfig();
  Object.assign(config, { senderId: "sandbox-sender", senderPassword: "sandbox-sender-pw", companyId: "SANDBOX", userId: "ws-user" });
  Object.assign(config, { userPassword: "ws-user-pw", ...given });
  new sdk.OnlineClient(config);
  config.endpointUrl = address;
  const session = await sdk.SessionProvider.factory(config);
  client = new sdk.OnlineClient(session);
  session.endpointUrl = address;
  return { sessionId: session.sessionId, entityId: session.entityId ?? "", endpoint: session.credentials.endpoint.url };
}

const plain = (result) => ({
  status: result.status,
  function: result.functionName,
  controlId: result.controlId,
  listType: result.listType,
  count: result.count,
  totalCount: result.totalCount,
  numRemaining: result.numRemaining,
  resultId: result.resultId,
  start: result.start,
  end: result.end,
  total: result.total,
  key: result.key,
  data: result.data,
  errors: result.errors ?? [],
});

async function run(command) {
  const settings = new sdk.RequestConfig();
  settings.transaction = command.transaction ?? false;
  settings.uniqueId = command.uniqueId ?? false;
  const functions = build(command.functions);
  if (functions.length === 1) return [plain((await client.execute(functions[0], settings)).getResult())];
  return (await client.executeBatch(functions, settings)).results.map(plain);
}

const work = { classes: async () => classes(), "sign in": ({ do: _, ...given }) => signIn(given), run };

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = { value: await work[command.do](command) };
  } catch (error) {
    answer = { refused: { name: error.constructor.name, message: error.message, errors: error.errors ?? [] } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
