import { fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { UserError } from "../../postgres/user-error.ts";

/** Whose rights are used. Nothing here is a secret: those stay where the AWS CLI keeps them. */
export interface Identity {
  /** Profile of the AWS configuration files; the usual chain (environment, files, metadata services) without one. */
  profile?: string | undefined;
  /** Role to become, with the rights of the profile. */
  roleArn?: string | undefined;
  /** What the role's trust policy asks for. */
  externalId?: string | undefined;
  /** Another place than AWS, with credentials for it: the simulator. */
  standIn?: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } } | undefined;
}

/** Gives keys, reading and refreshing them as needed. */
export type CredentialProvider = ReturnType<typeof fromNodeProviderChain>;

/** A provider that has read nothing yet: configuration files and cached sign-ins are read anew. */
export function credentialProvider({ profile, roleArn, externalId, standIn }: Identity): CredentialProvider {
  // The SDK keeps what it read of the files; whoever signs in again meanwhile writes them.
  const base =
    standIn === undefined
      ? fromNodeProviderChain({ ...(profile !== undefined && { profile }), ignoreCache: true })
      : async () => standIn.credentials;
  if (roleArn === undefined) return base;
  return fromTemporaryCredentials({
    masterCredentials: base,
    params: {
      RoleArn: roleArn,
      RoleSessionName: "aws2openstack",
      ...(externalId !== undefined && { ExternalId: externalId }),
    },
    clientConfig: standIn === undefined ? {} : { endpoint: standIn.endpoint },
  });
}

/** The account cannot be read any further: its credentials are refused, and no others are to be had. */
export class CredentialsLost extends UserError {
  static from(problem: unknown): CredentialsLost {
    const message = problem instanceof Error ? problem.message : String(problem);
    return new CredentialsLost(message, problem instanceof UserError ? problem.advice : undefined, { cause: problem });
  }
}

/** Shows a person the problem and asks them to sign in again; settles when they say they did. */
export type AskToSignIn = (problem: unknown) => Promise<void>;

export interface CredentialsOptions {
  /**
   * Whether these credentials still are those of the account being read.
   * @throws UserError when AWS refuses them, or they belong to another account
   */
  verify: (provider: CredentialProvider) => Promise<void>;
  /** Left out where nobody watches. */
  ask?: AskToSignIn | undefined;
}

/**
 * The credentials of one account while it is read, shared by its regions. When AWS refuses them, because a session expired,
 * they are read anew; if that does not help and somebody watches, they are asked once to sign in.
 */
export class Credentials {
  /** Counts the renewals; who made a client under an earlier number makes another. */
  generation = 0;
  provider: CredentialProvider;
  readonly #identity: Identity;
  readonly #options: CredentialsOptions;
  #worked = true;
  #renewing: Promise<void> | undefined;

  constructor(identity: Identity, options: CredentialsOptions) {
    this.#identity = identity;
    this.#options = options;
    this.provider = credentialProvider(identity);
  }

  /** An answer came, so that the next refusal is another expiry. */
  worked(): void {
    this.#worked = true;
  }

  /**
   * Gets new credentials after those of `generation` were refused.
   * @param problem the refusal in words
   * @throws CredentialsLost when nothing newer is to be had
   */
  async renew(generation: number, problem: unknown): Promise<void> {
    if (generation !== this.generation) return;
    this.#renewing ??= this.#renew(problem).finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #renew(problem: unknown): Promise<void> {
    let trouble = problem;
    // Refused at once although they were just read: reading them again changes nothing.
    if (this.#worked) {
      trouble = await this.#readAnew();
      if (trouble === undefined) return;
    }
    if (this.#options.ask === undefined) throw CredentialsLost.from(trouble);
    await this.#options.ask(trouble);
    const still = await this.#readAnew();
    if (still !== undefined) throw CredentialsLost.from(still);
  }

  /** What is wrong with the credentials that are there now; undefined when they are in use. */
  async #readAnew(): Promise<unknown> {
    const provider = credentialProvider(this.#identity);
    try {
      await this.#options.verify(provider);
    } catch (error) {
      return error;
    }
    this.provider = provider;
    this.generation++;
    this.#worked = false;
    return undefined;
  }
}
