/**
 * The keys that AWS's documentation uses as its example, and nobody has. Only these are ever sent to a stand-in for AWS whose
 * address stands in the database: real ones go to AWS alone.
 */
export const standInCredentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
} as const;
