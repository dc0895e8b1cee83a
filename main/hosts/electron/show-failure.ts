// A start that failed, as a box on the screen: it stays until somebody has read it. Not where nobody looks: a test, a run
// that says so.

type Screen = {
  readonly env: { readonly [name: string]: string | undefined };
  /** Before it is ready Electron can show no box on Linux. */
  readonly ready: () => Promise<unknown>;
  /** Resolves once it was closed. Not Electron's box for errors, which keeps the process from every signal. */
  readonly box: (title: string, text: string) => Promise<unknown>;
};

export async function showFailure(
  { env, ready, box }: Screen,
  title: string,
  sentence: string,
): Promise<void> {
  const nobody = ['COUNTERSIGN_NO_OPEN', 'CI'].some((name) => (env[name] ?? '') !== '');
  if (nobody) return;
  await ready();
  await box(title, sentence);
}
