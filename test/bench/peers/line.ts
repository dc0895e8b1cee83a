// What the bench needs of a system that carries texts between two processes and writes each down first.

export type Role = 'requester' | 'approver';
/** Texts out; those of the other side come to `heard`. Rejects, or throws later, where the system fails: that ends the run. */
export type Connect = (
  role: Role,
  to: { readonly port: number; readonly folder: string },
  heard: (text: string) => void,
) => Promise<(text: string) => void>;
