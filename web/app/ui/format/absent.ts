/** Stands where a value does not apply. Where there is a reason, write the reason instead; never 0, never nothing. */
export const absent = "–";
