/**
 * Every job kind. `deliver`: drain the lane of a delivery. `deliver-media`: the same where the lane's head carries a file;
 * files have workers of their own, so that no text waits behind another dialog's upload.
 */
export const jobKinds = ['deliver', 'deliver-media'] as const;

export type JobKind = (typeof jobKinds)[number];
