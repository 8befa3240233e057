// What runs and what waits, kept up to date by the box's events: shared by the top bar and the apps.
import { api } from './api.gen';
import { onEvent } from './events';
import type { Approval, Job } from './types';

class Live {
  jobs = $state.raw<Job[]>([]);
  approvals = $state.raw<Approval[]>([]);
  #names = $state.raw<ReadonlyMap<string, string>>(new Map());
  connected = $state(true);
  running = $derived(this.jobs.filter((job) => job.state === 'running' || job.state === 'queued'));
  pending = $derived(this.approvals.filter((approval) => approval.state === 'pending'));
  #ends: (() => void)[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  begin(): void {
    void this.refresh();
    this.#ends = [
      onEvent('job', () => void this.refreshJobs()),
      onEvent('approval', () => void this.refreshApprovals()),
      onEvent('lost', () => void this.refresh()),
      onEvent('connection', (event) => (this.connected = (event.data as { open: boolean }).open)),
    ];
    // Should the events fail to come, progress still shows.
    this.#timer = setInterval(() => {
      if (this.running.length > 0 && !document.hidden) void this.refreshJobs();
    }, 2000);
  }

  end(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    clearInterval(this.#timer);
    this.jobs = [];
    this.approvals = [];
    this.#names = new Map();
  }

  /** What the person called the token behind a principal such as "app:01h…"; else the principal itself. */
  nameOf(principal: string): string {
    return this.#names.get(principal) ?? principal;
  }

  job(id: string | undefined): Job | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  async refresh(): Promise<void> {
    await Promise.all([this.refreshJobs(), this.refreshApprovals()]);
  }

  #jobsAgain: boolean | undefined;

  async refreshJobs(): Promise<void> {
    // Events may come faster than answers: one call at a time, and one more if something came meanwhile.
    if (this.#jobsAgain !== undefined) {
      this.#jobsAgain = true;
      return;
    }
    this.#jobsAgain = false;
    try {
      this.jobs = (await api.jobs.list({ limit: 100 })).jobs;
    } catch {
      // The connection is shown elsewhere; the next event or tick tries again.
    }
    const again = this.#jobsAgain;
    this.#jobsAgain = undefined;
    if (again) await this.refreshJobs();
  }

  async refreshApprovals(): Promise<void> {
    try {
      const { approvals } = await api.approvals.list({ limit: 100 });
      if (approvals.some((approval) => !this.#names.has(approval.principal))) await this.#refreshNames(approvals);
      this.approvals = approvals;
    } catch {
      // As above.
    }
  }

  async #refreshNames(approvals: Approval[]): Promise<void> {
    const { tokens } = await api.identity.tokens({});
    // A principal that has no token any more keeps its own name, and is not asked for again.
    const names = new Map(approvals.map((approval) => [approval.principal, this.nameOf(approval.principal)]));
    for (const token of tokens) names.set(token.principal, token.name);
    this.#names = names;
  }
}

export const live = new Live();
