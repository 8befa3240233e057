// The domain's types, named after what the operations give, so that they follow the generated client.
import type { api } from './api.gen';

type Output<F extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<F>>;

export type Person = NonNullable<Output<typeof api.identity.state>['person']>;
export type Entry = Output<typeof api.files.list>['entries'][number];
export type TrashedEntry = Output<typeof api.files.trashed>['entries'][number];
export type Share = Output<typeof api.files.shares>['shares'][number];
export type Source = Output<typeof api.memory.sources>['sources'][number];
export type Found = Output<typeof api.memory.search>['results'][number];
export type Answer = Output<typeof api.memory.ask>;
export type Item = Output<typeof api.memory.item>;
export type Job = Output<typeof api.jobs.list>['jobs'][number];
export type Approval = Output<typeof api.approvals.list>['approvals'][number];
export type Grant = Output<typeof api.grants.list>['grants'][number];
export type AuditEntry = Output<typeof api.audit.list>['entries'][number];
export type AuditVerdict = Output<typeof api.audit.verify>;
export type Operation = Output<typeof api.kernel.operations>['operations'][number];
export type Entrance = Output<typeof api.entrances.list>['entrances'][number];

type Event<F extends (...args: never[]) => AsyncIterable<unknown>> = ReturnType<F> extends AsyncIterable<infer E> ? E : never;

export type SystemState = Output<typeof api.system.state>;
export type Sample = Event<typeof api.system.watch>;
export type Device = Output<typeof api.identity.devices>['devices'][number];
export type Passkey = Output<typeof api.identity.passkeys>['passkeys'][number];
export type Token = Output<typeof api.identity.tokens>['tokens'][number];
export type Invitation = Output<typeof api.identity.invitations>['invitations'][number];
export type TimelineEntry = Output<typeof api.memory.timeline>['items'][number];
export type KnownPerson = Output<typeof api.memory.people>['people'][number];
export type PersonPage = Output<typeof api.memory.person>;
export type MergeSuggestion = Output<typeof api.memory.mergeSuggestions>['suggestions'][number];
export type MemoryPromise = Output<typeof api.memory.promises>['promises'][number];
export type SavedSearch = Output<typeof api.memory.savedSearches>['searches'][number];
export type Label = Source['label'];
