// How far reading a source is, in figures: the box says it in a note, and once it is done in its result.
import type { Job } from '$lib/types';

export interface Counts {
  added: number;
  known: number;
  failed: number;
  passedOver: number;
}

export function countsOf(job: Pick<Job, 'note' | 'result'>): Counts | undefined {
  const result = job.result;
  if (typeof result === 'object' && result !== null && 'added' in result) {
    const of = (name: string) => Number((result as Record<string, unknown>)[name] ?? 0);
    return { added: of('added'), known: of('known'), failed: of('failed'), passedOver: of('passed_over') };
  }
  const note = /^(\d+) new, (\d+) known, (\d+) unreadable$/.exec(job.note);
  return note ? { added: Number(note[1]), known: Number(note[2]), failed: Number(note[3]), passedOver: 0 } : undefined;
}
