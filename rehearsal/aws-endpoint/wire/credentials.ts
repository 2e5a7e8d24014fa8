/** What a SigV4 `Authorization` header says in plain text: who signs, and for which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly service: string | undefined;
}

/** Reads `Credential=KEY/DATE/REGION/SERVICE/aws4_request`; an unsigned request is `anonymous`. */
export function credentialScope(authorization: string | undefined): CredentialScope {
  const [, credential] = /Credential=([^,\s]+)/.exec(authorization ?? '') ?? [];
  const parts = credential?.split('/') ?? [];
  return { accessKeyId: parts[0] ?? 'anonymous', service: parts[3] };
}
