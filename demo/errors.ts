/** An error in AWS's sense: a code that clients see as the exception's name, an HTTP status and a message. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

/** "1 validation error detected: …", in the words of AWS's request validation. */
export function validationError(value: unknown, member: string, constraint: string): AwsError {
  const shown = value === undefined || value === null ? "null" : `'${String(value)}'`;
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** The denial that IAM words when no policy of the caller allows the action. */
export function accessDenied(principalArn: string, action: string, resourceArn: string): AwsError {
  return new AwsError(
    "AccessDeniedException",
    `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resourceArn} ` +
      `because no identity-based policy allows the ${action} action`,
  );
}
