// Our own origin, and who may call: only the main frame of the window itself, showing a page of this origin.

export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://countersign`;
export const PAGE = `${ORIGIN}/`;

export type Frame = { readonly origin: string; readonly url: string };

/** `sender` is null where the frame has gone meanwhile. Frames are one object each, so identity tells them apart. */
export const mayCall = (sender: Frame | null | undefined, mainFrame: Frame): boolean =>
  sender !== null &&
  sender !== undefined &&
  sender === mainFrame &&
  sender.origin === ORIGIN &&
  sender.url.startsWith(PAGE);
