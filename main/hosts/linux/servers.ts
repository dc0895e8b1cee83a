// How much of a body a daemon shows whole, with the settings it is shipped with. What a person may approve on the spot
// depends on it, so a server that is not known here gets the least: the lines of a short notification.

export type ServerLimits = {
  readonly maxBytes: number;
  readonly maxLines: number;
  readonly columns: number;
};

const LEAST: ServerLimits = { maxBytes: 160, maxLines: 4, columns: 40 };

const SERVERS: Readonly<Record<string, ServerLimits>> = {
  // Its dunstrc: width and height 300 at `Monospace 8` hold 18 lines of 43 characters, the title's among them.
  dunst: { maxBytes: 1000, maxLines: 17, columns: 43 },
  // js/ui/messageList.js: an expanded message has six lines.
  'gnome-shell': { maxBytes: 300, maxLines: 6, columns: 40 },
};

export const limitsOf = (server: string | undefined): ServerLimits =>
  SERVERS[server?.toLowerCase() ?? ''] ?? LEAST;
