import { call, stream } from './transport';

export type Role = 'guest' | 'member' | 'owner';
export interface Person { id: string; name: string; display_name: string; role: Role; language: string; second_factor?: boolean; created: string }
export interface StateOutput { claimed: boolean; language: string; person?: Person; two_factor: boolean; confirmed_until?: string; session: string }
export interface SignInOutput { signed_in: boolean; needs?: 'code'; person?: Person; device?: string; recovery_codes_left?: number }
export interface Device { id: string; name: string; address: string; current: boolean; two_factor: boolean; created: string; seen: string; expires: string }
export interface Passkey { id: string; name: string; host: string; created: string; used?: string }
export interface CodeOutput { id: string; code: string; expires: string }
export interface Invitation { id: string; display_name: string; role: Role; new_password: boolean; made_by: string; created: string; expires: string }
export interface Token { id: string; principal: string; kind: 'app' | 'run' | 'device' | 'peer'; name: string; created: string; expires?: string }
export interface AccountEvent { at: string; kind: string; by_person: string; device: string; address: string }
export interface StartPasskeyOutput { challenge: string; host: string; user: string; name: string; display_name: string; algorithms: number[]; exclude: string[] }
export interface Entry { name: string; path: string; kind: 'folder' | 'file'; size: number; modified: string; type: string }
export interface Trashed { id: string; path: string; kind: 'folder' | 'file'; size: number; trashed: string }
export interface Share { id: string; path: string; address: string; created: string; expires?: string; has_password: boolean; uses_left?: number; used: number }
export interface Change { kind: 'created' | 'changed' | 'removed' | 'lost'; path: string }
export interface Source { id: string; kind: 'mail' | 'folder'; name: string; origin: string; items: number; passages: number; original_bytes: number; created: string; finished?: string; job: string; forgetting: boolean; failed: number; failures: { place: string; offset: number; reason: string; time: string }[] }
export interface Citation { item: string; passage: string; source: string; source_name: string; title: string; authors: string[]; time?: string; text: string; sentence: string; sentence_start: number; sentence_length: number; score: number; why: string[] }
export interface AskOutput { answered: boolean; answer: string; citations: Citation[] }
export interface ItemOutput { id: string; source: string; source_name: string; type: string; title: string; time?: string; zone?: number; people: { role: 'author' | 'to' | 'copy'; name: string; address: string }[]; passages: { id: string; text: string }[]; attachments: { name: string; type: string; size: number }[]; places: string[]; thread: { item: string; title: string; authors: string[]; time?: string }[] }
export interface State { version: string; hostname: string; operating_system: string; kernel: string; processor: string; cores: number; memory_total: number; addresses: string[]; gpus: string[]; started: string; uptime: number; machine_uptime: number; home: string; home_size: number; disk_total: number; disk_used: number }
export interface Gpu { name: string; load?: number; memory_used?: number; memory_total?: number; temperature?: number; power?: number }
export interface Sample { time: string; cpu: number; cores: number[]; load: number[]; memory_used: number; memory_total: number; swap_used: number; swap_total: number; disk_used: number; disk_total: number; disk_read: number; disk_written: number; network_in: number; network_out: number; interfaces: { name: string; in: number; out: number }[]; temperature?: number; gpus: Gpu[]; own_memory: number }
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export interface Job { id: string; kind: string; person: string; title: string; state: JobState; done: number; total: number; note: string; error: string; result: unknown; created: string; finished?: string; attempts: number }
export interface Grant { id: string; principal: string; operations: string[]; resources: string[]; person: string; after_untrusted: boolean; until?: string; uses?: number; per_minute?: number; budget?: number; created: string; used: number }
export interface Approval { id: string; principal: string; person: string; operation: string; input: unknown; resources: string[]; reason: string; state: 'pending' | 'once' | 'always' | 'denied' | 'expired'; created: string; expires: string; decided?: string }
export interface AuditEntry { seq: number; time: string; principal: string; person: string; operation: string; effect: string; resource: string; outcome: string; address: string }
export interface Operation { name: string; effect: 'read' | 'write' | 'admin' | 'send' | 'spend'; audience: 'anyone' | 'guest' | 'member' | 'owner'; streaming: boolean; summary: string; summary_zh: string; input: unknown; output: unknown }
export interface Entrance { id: string; upstream: string; access: 'public' | 'private' | 'two_factor'; rules: { path: string; access: 'public' | 'private' | 'two_factor' }[]; url?: string }

export const api = {
  identity: {
    state: (input = {}) => call<unknown, StateOutput>('identity.state', input),
    setup: (input: { code: string; name: string; display_name: string; password: string; language?: string }) => call<unknown, SignInOutput>('identity.setup', input),
    signIn: (input: { name: string; password: string; code?: string; device?: string }) => call<unknown, SignInOutput>('identity.sign_in', input),
    signOut: (input = {}) => call<unknown, object>('identity.sign_out', input),
    confirm: (input: { password: string }) => call<unknown, object>('identity.confirm', input),
    people: (input = {}) => call<unknown, { people: Person[] }>('identity.people', input),
    updateProfile: (input: { display_name?: string; language?: string }) => call<unknown, Person>('identity.update_profile', input),
    createPerson: (input: { name: string; display_name: string; role?: Role; password: string; language?: string }) => call<unknown, Person>('identity.create_person', input),
    changeRole: (input: { person: string; role: Role }) => call<unknown, object>('identity.change_role', input),
    resetPassword: (input: { person: string; second_factor?: boolean }) => call<unknown, CodeOutput>('identity.reset_password', input),
    removePerson: (input: { person: string; data: 'keep' | 'remove' }) => call<unknown, object>('identity.remove_person', input),
    invite: (input: { role?: Role; display_name: string }) => call<unknown, CodeOutput>('identity.invite', input),
    invitations: (input = {}) => call<unknown, { invitations: Invitation[] }>('identity.invitations', input),
    revokeInvitation: (input: { id: string }) => call<unknown, object>('identity.revoke_invitation', input),
    acceptInvitation: (input: { code: string; name: string; display_name?: string; password: string; language?: string }) => call<unknown, SignInOutput>('identity.accept_invitation', input),
    setPassword: (input: { code: string; password: string }) => call<unknown, object>('identity.set_password', input),
    changePassword: (input: { current?: string; password: string }) => call<unknown, object>('identity.change_password', input),
    devices: (input = {}) => call<unknown, { devices: Device[] }>('identity.devices', input),
    revokeDevice: (input: { id: string }) => call<unknown, object>('identity.revoke_device', input),
    events: (input = {}) => call<unknown, { events: AccountEvent[] }>('identity.events', input),
    passkeys: (input = {}) => call<unknown, { passkeys: Passkey[] }>('identity.passkeys', input),
    startPasskey: (input = {}) => call<unknown, StartPasskeyOutput>('identity.start_passkey', input),
    finishPasskey: (input: { client_data: string; attestation: string; name: string }) => call<unknown, Passkey>('identity.finish_passkey', input),
    removePasskey: (input: { id: string }) => call<unknown, object>('identity.remove_passkey', input),
    startPasskeySignIn: (input = {}) => call<unknown, { challenge: string; host: string }>('identity.start_passkey_sign_in', input),
    finishPasskeySignIn: (input: { id: string; client_data: string; authenticator_data: string; signature: string; user?: string }) => call<unknown, SignInOutput>('identity.finish_passkey_sign_in', input),
    startCodes: (input = {}) => call<unknown, { secret: string; uri: string }>('identity.start_codes', input),
    confirmCodes: (input: { code: string }) => call<unknown, { codes: string[] }>('identity.confirm_codes', input),
    removeCodes: (input = {}) => call<unknown, object>('identity.remove_codes', input),
    recoveryCodes: (input = {}) => call<unknown, { codes: string[] }>('identity.recovery_codes', input),
    tokens: (input = {}) => call<unknown, { tokens: Token[] }>('identity.tokens', input),
    createToken: (input: { kind: Token['kind']; name: string; expires?: string }) => call<unknown, { id: string; principal: string; token: string }>('identity.create_token', input),
    revokeToken: (input: { id: string }) => call<unknown, object>('identity.revoke_token', input),
  },
  files: {
    list: (input: { path?: string; after?: string; limit?: number; order?: 'name' | 'modified' | 'size' }) => call<unknown, { entries: Entry[]; next?: string; total: number; unreadable: number }>('files.list', input),
    makeFolder: (input: { path: string }) => call<unknown, Entry>('files.make_folder', input),
    move: (input: { from: string; to: string; replace?: boolean }) => call<unknown, Entry>('files.move', input),
    copy: (input: { from: string; to: string }) => call<unknown, { entry?: Entry; job?: string }>('files.copy', input),
    trash: (input: { path: string }) => call<unknown, Trashed>('files.trash', input),
    trashed: (input: { after?: string; limit?: number }) => call<unknown, { entries: Trashed[]; next?: string }>('files.trashed', input),
    restore: (input: { id: string; to?: string }) => call<unknown, Entry>('files.restore', input),
    emptyTrash: (input: { ids?: string[] }) => call<unknown, { removed: number }>('files.empty_trash', input),
    readText: (input: { path: string; limit?: number }) => call<unknown, { text: string; encoding: string; complete: boolean; etag: string }>('files.read_text', input),
    space: (input = {}) => call<unknown, { home: number; trash: number; uploads: number; free: number; total: number }>('files.space', input),
    watch: (input: { path: string }, signal?: AbortSignal) => stream<unknown, Change>('files.watch', input, signal),
    search: (input: { text: string; path?: string; limit?: number }) => call<unknown, { entries: Entry[]; complete: boolean }>('files.search', input),
    share: (input: { path: string; expires?: string; password?: string; uses?: number }) => call<unknown, Share>('files.share', input),
    shares: (input = {}) => call<unknown, { shares: Share[] }>('files.shares', input),
    unshare: (input: { id: string }) => call<unknown, object>('files.unshare', input),
  },
  memory: {
    import: (input: { kind: 'mail' | 'folder'; path: string; name?: string }) => call<unknown, { source: string; job: string }>('memory.import', input),
    sources: (input = {}) => call<unknown, { sources: Source[] }>('memory.sources', input),
    ask: (input: { question: string; source?: string; limit?: number }) => call<unknown, AskOutput>('memory.ask', input),
    item: (input: { item: string }) => call<unknown, ItemOutput>('memory.item', input),
    original: (input: { item: string }) => call<unknown, { name: string; type: string; size: number; text?: string; base64?: string }>('memory.original', input),
    forget: (input: { source?: string; item?: string }) => call<unknown, { job: string }>('memory.forget', input),
  },
  audit: {
    list: (input: { before?: number; operation?: string; principal?: string; outcome?: string; limit?: number }) => call<unknown, { entries: AuditEntry[] }>('audit.list', input),
    verify: (input = {}) => call<unknown, { ok: boolean; entries: number; first_bad?: number; problem: string; message: string }>('audit.verify', input),
  },
  jobs: {
    list: (input: { limit?: number }) => call<unknown, { jobs: Job[] }>('jobs.list', input),
    get: (input: { id: string }) => call<unknown, Job>('jobs.get', input),
    cancel: (input: { id: string }) => call<unknown, object>('jobs.cancel', input),
  },
  approvals: {
    list: (input: { limit?: number }) => call<unknown, { approvals: Approval[] }>('approvals.list', input),
    decide: (input: { id: string; decision: 'once' | 'always' | 'deny' }) => call<unknown, Approval>('approvals.decide', input),
  },
  grants: {
    list: (input = {}) => call<unknown, { grants: Grant[] }>('grants.list', input),
    create: (input: { principal: string; operations: string[]; resources?: string[]; after_untrusted?: boolean; until?: string; uses?: number; per_minute?: number; budget?: number }) => call<unknown, Grant>('grants.create', input),
    revoke: (input: { id: string }) => call<unknown, object>('grants.revoke', input),
  },
  system: {
    state: (input = {}) => call<unknown, State>('system.state', input),
    watch: (input: { interval?: number } = {}, signal?: AbortSignal) => stream<unknown, Sample>('system.watch', input, signal),
  },
  entrances: {
    list: (input = {}) => call<unknown, { entrances: Entrance[] }>('entrances.list', input),
    set: (input: Entrance) => call<unknown, object>('entrances.set', input),
    remove: (input: { id: string }) => call<unknown, object>('entrances.remove', input),
  },
  kernel: {
    operations: (input = {}) => call<unknown, { operations: Operation[] }>('kernel.operations', input),
  },
};
