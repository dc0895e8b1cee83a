// A terminal as lines: ask one, print above the one being typed. What was typed before a question was asked is dropped in a
// terminal, so nothing answers a card that was not there yet; from a pipe every line counts. Hidden input is never echoed
// and no history is kept.

import { clearLine, createInterface, cursorTo, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { invariant } from '../../../shared/result.ts';
import type { Terminal } from '../processes/machine.ts';

export type Asking = { readonly hidden?: boolean; readonly signal?: AbortSignal };

export type Lines = {
  readonly print: (text: string) => void;
  /** Undefined when the input has ended or the question was withdrawn. One at a time. */
  readonly ask: (prompt: string, asking?: Asking) => Promise<string | undefined>;
  /** Undefined where the output is no terminal: nothing scrolls away. */
  readonly size: () => { readonly columns: number; readonly rows: number } | undefined;
  readonly close: () => void;
};

type Question = { readonly prompt: string; readonly answer: (line: string | undefined) => void };

export function openLines(
  { input, output }: Pick<Terminal, 'input' | 'output'>,
  onInterrupt: () => void = () => {},
): Lines {
  const isTerminal = input.isTTY === true && output.isTTY === true;
  const echo = echoTo(output);
  const reader = createInterface({
    input,
    output: echo.stream,
    terminal: isTerminal,
    historySize: 0,
  });
  const questions = questionsOf(reader, isTerminal, () => {
    if (echo.muted(false) && isTerminal) output.write('\n');
  });
  reader.on('SIGINT', () => {
    reader.close();
    onInterrupt();
  });
  const put = (prompt: string, hidden: boolean): void => {
    if (!isTerminal || hidden) output.write(prompt);
    else {
      reader.setPrompt(prompt);
      reader.prompt(true);
    }
  };
  return {
    print: (text) => {
      const asked = isTerminal ? questions.open() : undefined;
      if (asked !== undefined) {
        clearLine(output, 0);
        cursorTo(output, 0);
      }
      output.write(`${text}\n`);
      if (asked !== undefined) put(asked, echo.isMuted());
    },
    ask: (prompt, { hidden = false, signal } = {}) => {
      if (signal?.aborted === true) return Promise.resolve(undefined);
      put(prompt, hidden);
      echo.muted(hidden);
      return questions.next(prompt, signal);
    },
    size: () =>
      output.isTTY === true
        ? { columns: output.columns ?? 80, rows: output.rows ?? 24 }
        : undefined,
    close: () => reader.close(),
  };
}

/** One question at a time, answered by the next line, by the end of the input, or by its signal. */
function questionsOf(reader: Interface, isTerminal: boolean, onAnswer: () => void) {
  const queue: string[] = [];
  let question: Question | undefined;
  let ended = false;
  const answer = (line: string | undefined): void => {
    const asked = question;
    question = undefined;
    onAnswer();
    asked?.answer(line);
  };
  reader.on('line', (line) => {
    if (question !== undefined) answer(line);
    else if (!isTerminal) queue.push(line);
  });
  reader.on('close', () => {
    ended = true;
    answer(undefined);
  });
  return {
    /** The prompt of the question that waits. */
    open: (): string | undefined => question?.prompt,
    next: (prompt: string, signal: AbortSignal | undefined): Promise<string | undefined> => {
      invariant(question === undefined, 'one question at a time');
      const line = queue.shift();
      if (line !== undefined || ended) return Promise.resolve(line);
      return new Promise((resolve) => {
        const withdraw = (): void => answer(undefined);
        signal?.addEventListener('abort', withdraw, { once: true });
        const settle = (given: string | undefined): void => {
          signal?.removeEventListener('abort', withdraw);
          resolve(given);
        };
        question = { prompt, answer: settle };
      });
    },
  };
}

/** The terminal as readline writes to it: silent while a secret is typed. */
function echoTo(output: Terminal['output']) {
  let silent = false;
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      if (!silent) output.write(chunk);
      done();
    },
  });
  // readline asks its output how wide it is.
  Object.defineProperty(stream, 'columns', { get: () => output.columns });
  output.on('resize', () => stream.emit('resize'));
  return {
    stream,
    /** What it was before. */
    muted: (next: boolean): boolean => {
      const before = silent;
      silent = next;
      return before;
    },
    isMuted: () => silent,
  };
}
