// The two kinds of member a contract has, and the types every side derives from one contract object.
// Nobody writes a channel name: it is `group.member`, made from the object's own keys.

import type * as z from 'zod';

export type Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly kind: 'call';
  readonly input: I;
  readonly output: O;
};
export type Event<P extends z.ZodType = z.ZodType> = {
  readonly kind: 'event';
  readonly payload: P;
};
export type Member = Call | Event;
export type Contract = { readonly [group: string]: { readonly [member: string]: Member } };

/** The window asks, main answers. Both sides' values are parsed on arrival in main and before they leave it. */
export const call = <I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
): Call<I, O> => ({
  kind: 'call',
  input,
  output,
});

/** Main tells, the window listens. */
export const event = <P extends z.ZodType>(payload: P): Event<P> => ({ kind: 'event', payload });

type Input<M> = M extends Call<infer I> ? z.infer<I> : never;
type Output<M> = M extends Call<z.ZodType, infer O> ? z.infer<O> : never;
type Payload<M> = M extends Event<infer P> ? z.infer<P> : never;

/** What the window holds: calls to make and events to listen to; listening returns its own end. */
export type BridgeOf<C extends Contract> = {
  readonly [G in keyof C]: {
    readonly [M in keyof C[G]]: C[G][M] extends Event
      ? (listen: (payload: Payload<C[G][M]>) => void) => () => void
      : (input: Input<C[G][M]>) => Promise<Output<C[G][M]>>;
  };
};

/** What main must provide: a total map of the calls. A forgotten one does not compile. */
export type AnswersOf<C extends Contract, Caller> = {
  readonly [G in keyof C]: {
    readonly [M in keyof C[G] as C[G][M] extends Call ? M : never]: (
      input: Input<C[G][M]>,
      caller: Caller,
    ) => Promise<Output<C[G][M]>>;
  };
};
