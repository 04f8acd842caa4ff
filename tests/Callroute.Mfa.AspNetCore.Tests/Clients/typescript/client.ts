// <imports>
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
// </imports>

// <refusal>
/** What the user does about a refusal; "tell": shows your text for its reason. */
export type Advice = "wait" | "type-again" | "give-code" | "start-over" | "tell";

export class Refusal extends Error {
  readonly response: Response;
  readonly problem?: Partial<Schemas["MfaProblem"]>;
  /** How long to wait, in seconds; 0 for not at all. */
  readonly seconds: number;

  constructor(response: Response, problem?: Partial<Schemas["MfaProblem"]>) {
    super(problem?.title ?? `${response.status}`);
    this.response = response;
    this.problem = problem;
    this.seconds = Number(response.headers.get("Retry-After") ?? 0);
  }

  get advice(): Advice {
    if (this.response.status === 401) return "start-over";
    switch (this.problem?.reason) {
      // A wait is for the kind of code that was sent. The other kind may work now, so keep the form.
      case "code-refused": return "type-again";
      case "code-required": return "give-code";
      // Your own endpoint: its policy requires a recent code.
      case undefined: return this.response.status === 403 ? "give-code" : "tell";
      default: return this.seconds > 0 ? "wait" : "tell";
    }
  }
}
// </refusal>

// <client>
export class MfaClient {
  readonly #api;
  readonly #devices;
  #name = "";
  // In memory only: a script of an attacker finds it in no storage. After a reload the user signs in again.
  #token?: string;

  constructor(baseUrl: string, devices: Pick<Storage, "getItem" | "setItem">, fetch?: (request: Request) => Promise<Response>) {
    this.#devices = devices;
    this.#api = createClient<paths>({ baseUrl, fetch });
    this.#api.use({
      onRequest: ({ request }) => {
        if (this.#token) request.headers.set("Authorization", `Bearer ${this.#token}`);
      },
    });
  }

  // One for each user. It counts this browser's wrong codes apart, and never replaces a code. So it may stay in localStorage.
  get #knownDevice() {
    return this.#devices.getItem(`mfa-known-device:${this.#name}`);
  }

  #use(tokens: Schemas["TokensResponse"]) {
    this.#token = tokens.accessToken;
    if (tokens.knownDevice) this.#devices.setItem(`mfa-known-device:${this.#name}`, tokens.knownDevice);
  }

  /** Takes the new tokens of any answer, of a refusal too. */
  #read<T extends object>(answer: { data?: T; error?: Partial<Schemas["MfaProblem"]>; response: Response }): T {
    const body: { tokens?: Schemas["TokensResponse"] | null } | undefined = answer.data ?? answer.error;
    if (body?.tokens) this.#use(body.tokens);
    if (!answer.data) throw new Refusal(answer.response, answer.error);
    return answer.data;
  }
  // </client>

  // <sign-in>
  /** Sends the password, and says what comes next. */
  async signIn(name: string, password: string): Promise<"code" | "enroll" | "signed-in"> {
    this.#name = name;
    this.#token = undefined;
    const { data, error, response } = await this.#api.POST("/token", { body: { name, password } });
    if (data) {
      this.#use(data);
      return "signed-in";
    }

    if (!error?.mfaToken) throw new Refusal(response, error);
    this.#token = error.mfaToken;
    return error.reason === "mfa-required" ? "code" : "enroll";
  }

  /** Sends a code of the app, or a recovery code. */
  async verify(code: string) {
    const body = { code, knownDevice: this.#knownDevice } satisfies Schemas["ChallengeRequest"];
    return this.#read(await this.#api.POST("/mfa/challenge/verify", { body }));
  }
  // </sign-in>

  // <enroll>
  async enroll(request: Omit<Schemas["EnrollmentRequest"], "knownDevice"> = {}) {
    const body = { ...request, knownDevice: this.#knownDevice } satisfies Schemas["EnrollmentRequest"];
    return this.#read(await this.#api.POST("/mfa/enrollments", { body }));
  }

  async confirm(enrollmentId: string, code: string) {
    return this.#read(await this.#api.POST("/mfa/enrollments/{enrollmentId}/confirm", {
      params: { path: { enrollmentId } },
      body: { code },
    }));
  }

  /** The user says that the recovery codes are saved. */
  async acknowledge(setId: string) {
    this.#read(await this.#api.POST("/mfa/recovery-codes/{setId}/acknowledge", { params: { path: { setId } } }));
  }
  // </enroll>

  // <step-up>
  async pay() {
    return this.#read(await this.#api.POST("/payments"));
  }

  /** Sends a code for what requires a recent one. The form keeps its attempt, and sends it again if the response is lost. */
  async stepUp(code: string, attempt: string) {
    const body = { code, attempt, knownDevice: this.#knownDevice } satisfies Schemas["CodeRequest"];
    return this.#read(await this.#api.POST("/mfa/step-up", { body }));
  }
  // </step-up>

  // <settings>
  async status() {
    return this.#read(await this.#api.GET("/mfa"));
  }

  async regenerate(code?: string) {
    return this.#read(await this.#api.POST("/mfa/recovery-codes", { body: { code, knownDevice: this.#knownDevice } }));
  }

  async disable(code?: string) {
    return this.#read(await this.#api.POST("/mfa/disable", { body: { code, knownDevice: this.#knownDevice } }));
  }
  // </settings>
}
