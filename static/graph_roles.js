// What a node can be in the question, and how that looks: words, a badge, an outline. No
// role is told by its colour alone.

export const ROLES = [
  {
    role: "exposure", key: "x", label: "Cause", tag: "cause",
    badge: "M-2.6 -4L4.2 0L-2.6 4Z", does: "the cause in question",
  },
  {
    role: "outcome", key: "y", label: "Outcome", tag: "outcome",
    badge: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M-.9 0a.9 .9 0 1 0 1.8 0a.9 .9 0 1 0 -1.8 0",
    does: "the outcome in question",
  },
  {
    role: "adjusted", key: "z", label: "Adjusted", tag: "adjusted",
    badge: "M-3.4 -3.4H3.4V3.4H-3.4ZM-3.4 0H3.4", does: "held in the analysis",
  },
  {
    role: "latent", key: "l", label: "Latent", tag: "latent",
    badge: "M-2.6 -2a2.6 2.6 0 1 1 3.6 2.4Q0 1 0 2M0 4.2V4.6", does: "unmeasured",
  },
  {
    role: "selected", key: "s", label: "Selects rows", tag: "selects rows",
    badge: "M-4.4 -3.6H4.4L1 .6V4.4L-1 3.2V.6Z", does: "it decided which rows are in the table",
  },
];

export const BADGED = ROLES.filter(({ role }) => role !== "latent");

export function rolesOf(node) {
  return ROLES.filter(({ role }) => node[role]);
}
