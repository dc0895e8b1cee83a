// Every number that bounds the wire (security note 4.4), with its unit in its name.

export const LIMITS = {
  maxFrameBytes: 256 * 1024,
  maxFragments: 16,
  maxBufferedChunks: 256,
  loginMs: 5_000,
  loginMaxBytes: 4 * 1024,
  loginNonceMs: 30_000,
  maxUnauthenticatedPerAddress: 20,
  maxUnauthenticated: 1_000,
  messagesPerSecond: 20,
  messageBurst: 60,
  /** Questions that change nothing: fifty runs of one guard prove what they owe at the same time. */
  questionsPerSecond: 200,
  questionBurst: 400,
  maxPendingPerAgent: 50,
  maxPending: 10_000,
  /** Grants of one agent behind one guard that are not over; all of them fit one frame. */
  maxGrantsPerAgent: 16,
  outboundWindowMessages: 256,
  outboundWindowBytes: 1024 * 1024,
  pauseBufferedBytes: 1024 * 1024,
  closeBufferedBytes: 8 * 1024 * 1024,
  stalledMs: 30_000,
  pingMs: 15_000,
  deadMs: 35_000,
  reconnectMinMs: 500,
  reconnectMaxMs: 30_000,
  sessionMs: 12 * 3600 * 1000,
  agentGoneMs: 30_000,
  /** How long the broker lets a guard end its own request before it does so with the log key. */
  expiryGraceMs: 2_000,
  clockSkewMs: 120_000,
  maxAttachmentBytes: 8 * 1024 * 1024,
  maxAttachmentsBytes: 16 * 1024 * 1024,
  /** Who asks to join: one message of so many bytes, kept so long, so many from an address and in all. */
  joinMaxBytes: 8 * 1024,
  joinKeptMs: 24 * 3600 * 1000,
  maxJoinsPerAddress: 3,
  maxJoins: 20,
  /** Of one policy, or of its settings. */
  maxPolicyBytes: 64 * 1024,
  /** Bytes of an attachment in one frame. */
  chunkBytes: 128 * 1024,
} as const;

export const SUBPROTOCOL = 'countersign.v1';
