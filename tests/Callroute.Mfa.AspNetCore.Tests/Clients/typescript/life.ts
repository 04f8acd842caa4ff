// The whole life of a user's MFA. TypeScriptLifeTests runs it: node life.js SITE ORIGIN.
import { type Advice, MfaClient, Refusal } from "./client.js";

declare const process: { argv: string[] };
const [site = "", origin = ""] = process.argv.slice(2);

function check(isTrue: boolean, text: string): asserts isTrue {
  if (!isTrue) throw new Error(text);
}

// What a browser would do on a page of another site: say its origin, and keep answers from it that are not for this origin.
async function fetchFromOrigin(request: Request) {
  request.headers.set("Origin", origin);
  request.headers.set("Sec-Fetch-Site", "cross-site");
  const response = await fetch(request);
  check(response.headers.get("Access-Control-Allow-Origin") === origin, `${request.url} is not readable by ${origin}.`);
  return response;
}

const devices = new Map<string, string>();
const client = new MfaClient(
  site, { getItem: key => devices.get(key) ?? null, setItem: (key, value) => void devices.set(key, value) }, fetchFromOrigin);

/** The next code of the phone that scanned the URI. The test keeps the phone and the clock. */
const codeOf = async (uri: string) => (await fetch(`${site}/phone?uri=${encodeURIComponent(uri)}`)).text();

async function signIn(code: string) {
  check(await client.signIn("ann", "correct horse") === "code", "No code was required.");
  return client.verify(code);
}

async function refused(advice: Advice, action: () => Promise<unknown>) {
  const refusal = await action().then(() => undefined, (error: unknown) => error);
  check(refusal instanceof Refusal && refusal.advice === advice, `Not '${advice}': ${refusal}`);
}

// Enrol, and sign in.
await refused("start-over", () => client.status());
check(await client.signIn("ann", "correct horse") === "signed-in", "A user without MFA was asked for a code.");
let phone = await client.enroll({ name: "phone" });
const bound = await client.confirm(phone.enrollmentId, await codeOf(phone.uri));
await client.acknowledge(bound.recoveryCodes!.setId);
await refused("type-again", () => signIn("no code"));
await signIn(await codeOf(phone.uri));

// Recover, and make new recovery codes.
const recovered = await signIn(bound.recoveryCodes!.codes[0]!);
check(recovered.method === "recovery", recovered.method);
await client.acknowledge(recovered.recoveryCodes!.setId);
check((await client.regenerate()).recoveryCodes!.codes.length === 1, "No new recovery code.");

// Change the device.
const [old] = (await client.status()).authenticators;
phone = await client.enroll({ name: "new phone", replaces: old!.id });
await client.confirm(phone.enrollmentId, await codeOf(phone.uri));
check((await client.status()).authenticators.map(it => it.name).join() === "new phone", "The device was not changed.");

// Step up.
await fetch(`${site}/sleep`);
await refused("give-code", () => client.pay());
await client.stepUp(await codeOf(phone.uri), "0123456789abcdef".repeat(2));
await client.pay();

// Disable.
await client.disable();
check(await client.signIn("ann", "correct horse") === "signed-in", "MFA is not disabled.");
check(!(await client.status()).isEnabled && devices.size === 1, "The status is wrong.");
