// Generated from the operations' definitions by `hearthd --describe typescript`. Do not edit.
import { call, stream } from './transport';

export type KernelApprovalState = "pending" | "once" | "always" | "denied" | "expired";

export interface KernelApproval {
  /** Its id. */
  id: string;
  /** Who asks. */
  principal: string;
  /** Who decides. */
  person: string;
  /** What it wants to call. */
  operation: string;
  /** With exactly this input. */
  input: unknown;
  /** On what. */
  resources: string[];
  /** Why it has to ask. */
  reason: string;
  /** Where it stands. */
  state: KernelApprovalState;
  /** When it asked. */
  created: string;
  /** When silence becomes a no. */
  expires: string;
  /** When it was decided. */
  decided?: string;
}

export interface KernelApprovalsOutput {
  /** Pending ones first, then the latest. */
  approvals: KernelApproval[];
}

export interface KernelAuditEntry {
  /** Its place in the chain, from 1. */
  seq: number;
  /** When. */
  time: string;
  /** Who called. */
  principal: string;
  /** On whose behalf. */
  person: string;
  /** What was called. */
  operation: string;
  /** What it does to the world. */
  effect: string;
  /** On what. */
  resource: string;
  /** How it ended: ok or an error's code. */
  outcome: string;
  /** From which address. */
  address: string;
}

export interface KernelAuditListOutput {
  /** The latest first. */
  entries: KernelAuditEntry[];
}

export interface KernelAuditVerdict {
  /** Whether the chain is whole. */
  ok: boolean;
  /** How many entries were verified. */
  entries: number;
  /** The first entry that is not as it was written. */
  first_bad?: number;
  /** What happened to it. */
  problem: string;
  /** The verdict in a sentence. */
  message: string;
}

export type KernelConfidentiality = "public" | "household" | "private" | "secret";

export interface KernelClearance {
  /** Where data goes: app:…, mail:…, model:…, peer:…. */
  destination: string;
  /** How confidential data it may receive. */
  confidentiality: KernelConfidentiality;
}

export interface KernelClearancesOutput {
  /** What the owner has set; all else stands at its default. */
  clearances: KernelClearance[];
}

export interface Nothing {
}

export interface GatewayEntranceKey {
  /** 32 bytes in base64url: the key of the HMAC-SHA256 in X-Hearth-Signature. */
  key: string;
}

export type GatewayAccess = "public" | "private" | "two_factor";

export interface GatewayPathRule {
  /** Path prefix this rule covers, such as /admin. */
  path: string;
  /** Who may pass. */
  access: GatewayAccess;
}

export interface GatewayEntranceInfo {
  /** Its name: the app's address is this label before the box's domain. */
  id: string;
  /** Where the app listens. */
  upstream: string;
  /** Who may pass where no rule says otherwise. */
  access: GatewayAccess;
  /** Rules for parts of the app; the longest that fits decides. */
  rules: GatewayPathRule[];
}

export interface GatewayEntranceList {
  /** Every entrance of this box, by name. */
  entrances: GatewayEntranceInfo[];
}

export type FilesEntryKind = "file" | "folder";

export interface FilesEntry {
  /** Its name. */
  name: string;
  /** Where it is, from the root of the home. */
  path: string;
  /** A file or a folder. */
  kind: FilesEntryKind;
  /** Bytes; 0 of a folder. */
  size: number;
  /** When its content last changed. */
  modified: string;
  /** The media type its name suggests; empty of a folder. */
  type: string;
}

export interface FilesCopyOutput {
  /** The copy, when it was made at once. */
  entry?: FilesEntry;
  /** The job that makes it: copying a folder. */
  job?: string;
}

export interface FilesEmptyTrashOutput {
  /** How many were removed for good. */
  removed: number;
}

export interface FilesListOutput {
  /** What is in it. */
  entries: FilesEntry[];
  /** Where the next page begins; absent on the last. */
  next?: string;
  /** How many entries the folder has. */
  total: number;
  /** Entries passed over: symbolic links, devices, names that are not valid. */
  unreadable: number;
}

export interface FilesReadTextOutput {
  /** The text. */
  text: string;
  /** What it was written in: utf-8, utf-16 or gb18030. */
  encoding: string;
  /** False when the file is longer. */
  complete: boolean;
  /** The version read: give it to files.write to replace just this one. */
  etag: string;
}

export interface FilesSearchOutput {
  /** What was found, best first. */
  entries: FilesEntry[];
  /** False when there is more than was looked at or given. */
  complete: boolean;
}

export interface FilesShare {
  /** Its id. */
  id: string;
  /** What is shared. */
  path: string;
  /** The link, below the box's own address. */
  address: string;
  /** When it was made. */
  created: string;
  /** When it ends. */
  expires?: string;
  /** Whether visitors must give a password. */
  has_password: boolean;
  /** How many visitors may still download. */
  uses_left?: number;
  /** How many have. */
  used: number;
}

export interface FilesSharesOutput {
  /** Your links, newest first. */
  shares: FilesShare[];
}

export interface FilesSpaceOutput {
  /** Bytes in your home. */
  home: number;
  /** Bytes in your trash. */
  trash: number;
  /** Bytes of unfinished uploads. */
  uploads: number;
  /** Bytes free on the disk. */
  free: number;
  /** Bytes of the disk. */
  total: number;
}

export interface FilesTrashedEntry {
  /** Its id in the trash. */
  id: string;
  /** Where it was. */
  path: string;
  /** A file or a folder. */
  kind: FilesEntryKind;
  /** Bytes; 0 of a folder. */
  size: number;
  /** When. */
  trashed: string;
}

export interface FilesTrashedOutput {
  /** What is in the trash, newest first. */
  entries: FilesTrashedEntry[];
  /** Where the next page begins; absent on the last. */
  next?: string;
}

export type FilesChangeKind = "created" | "changed" | "removed" | "lost";

export interface FilesChange {
  /** What happened; lost: too much at once, list the folder again. */
  kind: FilesChangeKind;
  /** To what. */
  path: string;
}

export interface KernelGrant {
  /** Its id. */
  id: string;
  /** Who may call. */
  principal: string;
  /** Which operations, as patterns such as files.*. */
  operations: string[];
  /** Which resources, as patterns such as files:/Documents/**; none: all. */
  resources: string[];
  /** Who gave it. */
  person: string;
  /** Also to send or spend after reading what outsiders wrote. */
  after_untrusted: boolean;
  /** When it ends. */
  until?: string;
  /** Calls left. */
  uses?: number;
  /** Calls a minute at most. */
  per_minute?: number;
  /** What may still be spent. */
  budget?: number;
  /** When it was given. */
  created: string;
  /** Calls made under it. */
  used: number;
}

export interface KernelGrantsOutput {
  /** The grants you gave. */
  grants: KernelGrant[];
}

export type IdentityNeed = "code";

export type KernelRole = "guest" | "member" | "owner";

export interface IdentityPerson {
  /** The person's id. */
  id: string;
  /** The name to sign in with. */
  name: string;
  /** The name that others see. */
  display_name: string;
  /** What they may do on the box. */
  role: KernelRole;
  /** Their language: en or zh-CN. */
  language: string;
  /** Whether signing in asks for a one-time code; told to the person and to owners. */
  second_factor?: boolean;
  /** When they came to the box. */
  created: string;
}

export interface IdentitySignInOutput {
  /** Whether you are signed in now. */
  signed_in: boolean;
  /** What to send as well: call again with the same name and password and the code. */
  needs?: IdentityNeed;
  /** Who is signed in. */
  person?: IdentityPerson;
  /** Keep it on this device and send it with the next sign-in. */
  device?: string;
  /** How many recovery codes are left, when one was used. */
  recovery_codes_left?: number;
}

export interface IdentityRecoveryCodesOutput {
  /** Ten codes, each of which signs you in once in place of a one-time code. Shown only now. */
  codes: string[];
}

export interface IdentityCreateTokenOutput {
  /** The token's id. */
  id: string;
  /** Whom it signs in: give this principal its grants. */
  principal: string;
  /** The secret, shown only now: send it as a bearer token. */
  token: string;
}

export interface IdentityDevice {
  /** The id of the session on this device. */
  id: string;
  /** Browser and system, as the device tells them. */
  name: string;
  /** The network address it was last seen at. */
  address: string;
  /** Whether it is the one in use now. */
  current: boolean;
  /** Whether it signed in with a second factor or a passkey. */
  two_factor: boolean;
  /** When it signed in. */
  created: string;
  /** When it was last seen. */
  seen: string;
  /** When it has to sign in again at the latest. */
  expires: string;
}

export interface IdentityDevicesOutput {
  /** Where you are signed in, the latest first. */
  devices: IdentityDevice[];
}

export type IdentityEventKind = "claimed" | "signed_in" | "password_changed" | "password_reset" | "codes_added" | "codes_removed" | "recovery_codes_made" | "passkey_added" | "passkey_removed" | "passkey_refused" | "role_changed" | "token_made" | "token_revoked" | "joined";

export interface IdentityAccountEvent {
  /** When it happened. */
  at: string;
  /** What happened. */
  kind: IdentityEventKind;
  /** The id of the person who did it. */
  by_person: string;
  /** On which device. */
  device: string;
  /** From which network address. */
  address: string;
}

export interface IdentityEventsOutput {
  /** What happened to your account, the latest first. */
  events: IdentityAccountEvent[];
}

export interface IdentityPasskey {
  /** The passkey's id. */
  id: string;
  /** What it is called. */
  name: string;
  /** At which address of the box it works. */
  host: string;
  /** When it was added. */
  created: string;
  /** When it last signed you in. */
  used?: string;
}

export interface IdentityInvitation {
  /** The id of the invitation. */
  id: string;
  /** Whom it is for. */
  display_name: string;
  /** What they may do on the box. */
  role: KernelRole;
  /** Whether it lets a person choose a new password. */
  new_password: boolean;
  /** The id of the person who made it. */
  made_by: string;
  /** When it was made. */
  created: string;
  /** Until when it works. */
  expires: string;
}

export interface IdentityInvitationsOutput {
  /** The invitations that nobody has used yet. */
  invitations: IdentityInvitation[];
}

export interface IdentityCodeOutput {
  /** The id of the invitation. */
  id: string;
  /** The code, shown only now: give it to the person. */
  code: string;
  /** Until when it works. */
  expires: string;
}

export interface IdentityPasskeysOutput {
  /** Your passkeys. */
  passkeys: IdentityPasskey[];
}

export interface IdentityPeopleOutput {
  /** The people of the box. */
  people: IdentityPerson[];
}

export interface IdentityStartCodesOutput {
  /** The secret, to type into an authenticator app. */
  secret: string;
  /** The same as an otpauth: address, for a QR code. */
  uri: string;
}

export interface IdentityStartPasskeyOutput {
  /** What the authenticator signs, base64url. */
  challenge: string;
  /** The relying party's id. */
  host: string;
  /** The user handle, base64url. */
  user: string;
  /** The login name. */
  name: string;
  /** The name that others see. */
  display_name: string;
  /** COSE algorithms the box takes, the best first. */
  algorithms: number[];
  /** Passkeys there are already, base64url. */
  exclude: string[];
}

export interface IdentityStartPasskeySignInOutput {
  /** What the authenticator signs, base64url. */
  challenge: string;
  /** The relying party's id. */
  host: string;
}

export interface IdentityStateOutput {
  /** Whether the box has an owner yet. */
  claimed: boolean;
  /** The language to speak: the person's, else the box's. */
  language: string;
  /** Who is signed in. */
  person?: IdentityPerson;
  /** Whether this session passed a second factor or a passkey. */
  two_factor: boolean;
  /** Until when sensitive changes need no password. */
  confirmed_until?: string;
  /** The id of this session. */
  session: string;
}

export type IdentityTokenKind = "app" | "run" | "device" | "peer";

export interface IdentityToken {
  /** The token's id. */
  id: string;
  /** Whom it signs in. */
  principal: string;
  /** What it is for. */
  kind: IdentityTokenKind;
  /** What it is called. */
  name: string;
  /** When it was made. */
  created: string;
  /** When it ends. */
  expires?: string;
}

export interface IdentityTokensOutput {
  /** Your access tokens, without their secrets. */
  tokens: IdentityToken[];
}

export type KernelJobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface KernelJob {
  /** Its id. */
  id: string;
  /** What kind of work. */
  kind: string;
  /** Whose it is. */
  person: string;
  /** What it does. */
  title: string;
  /** Where it stands. */
  state: KernelJobState;
  /** Units done. */
  done: number;
  /** Units in all; 0 when not known yet. */
  total: number;
  /** What it is doing now. */
  note: string;
  /** Why it failed. */
  error: string;
  /** What it gave. */
  result: unknown;
  /** When it was started. */
  created: string;
  /** When it ended. */
  finished?: string;
  /** How often it was started. */
  attempts: number;
}

export interface KernelJobsOutput {
  /** Your jobs, the latest first. */
  jobs: KernelJob[];
}

export type KernelVerdict = "allow" | "ask" | "deny";

export interface KernelGuardRuleView {
  /** The columns that must match. */
  when: Record<string, boolean>;
  /** What then happens. */
  verdict: KernelVerdict;
  /** Why. */
  reason: string;
  /** Why, in Chinese. */
  reason_zh: string;
}

export interface KernelGuardOutput {
  /** The guard's table; the first row that matches decides. */
  rules: KernelGuardRuleView[];
}

export type KernelEffect = "read" | "write" | "admin" | "send" | "spend";

export type KernelAudience = "anyone" | "guest" | "member" | "owner";

export interface KernelOperationView {
  /** Its name. */
  name: string;
  /** What it does to the world. */
  effect: KernelEffect;
  /** Who may call it without a grant. */
  audience: KernelAudience;
  /** Whether it answers with a stream of events. */
  streaming: boolean;
  /** What it does, in English. */
  summary: string;
  /** The same in Chinese. */
  summary_zh: string;
  /** JSON Schema of its input. */
  input: unknown;
  /** JSON Schema of its output, or of one event. */
  output: unknown;
}

export interface KernelOperationsOutput {
  /** Every operation of the box. */
  operations: KernelOperationView[];
}

export type KernelIntegrity = "owner" | "known" | "untrusted";

export interface KernelLabel {
  /** How far it may travel. */
  confidentiality: KernelConfidentiality;
  /** Whose it is. */
  owner: string;
  /** Who could have written it. */
  integrity: KernelIntegrity;
}

export interface KernelPrincipalLabel {
  /** Who. */
  principal: string;
  /** What it has read so far. */
  label: KernelLabel;
}

export interface KernelLabelsOutput {
  /** What apps, runs, devices and peers have read. */
  labels: KernelPrincipalLabel[];
}

export interface MemoryCitation {
  /** The item it stands in. */
  item: string;
  /** The passage. */
  passage: string;
  /** The source. */
  source: string;
  /** The source's name. */
  source_name: string;
  /** The item's title. */
  title: string;
  /** Who wrote it. */
  authors: string[];
  /** When it was written. */
  time?: string;
  /** The passage, word for word. */
  text: string;
  /** The sentence that answers best. */
  sentence: string;
  /** Where it begins in the passage, in characters (Unicode code points). */
  sentence_start: number;
  /** How many characters it has. */
  sentence_length: number;
  /** How well it fits; only for comparison within one answer. */
  score: number;
  /** The words that were found. */
  why: string[];
}

export interface MemoryAskOutput {
  /** Whether the memory holds something that fits. */
  answered: boolean;
  /** The best sentence, word for word; or that nothing fits, in the question's language. */
  answer: string;
  /** Where it stands, best first. */
  citations: MemoryCitation[];
}

export interface MemoryForgetOutput {
  /** The job that overwrites what is left on the disk. Nothing of it is found from now on. */
  job: string;
}

export interface MemoryImportOutput {
  /** The source's id. */
  source: string;
  /** The job that reads it. */
  job: string;
}

export type MemoryPersonRole = "author" | "to" | "copy";

export interface MemoryItemPerson {
  /** What they have to do with it. */
  role: MemoryPersonRole;
  /** Their name. */
  name: string;
  /** Their address. */
  address: string;
}

export interface MemoryItemPassage {
  /** Its id. */
  id: string;
  /** Its text. */
  text: string;
}

export interface MemoryItemAttachment {
  /** Its file name. */
  name: string;
  /** Its media type. */
  type: string;
  /** Its size in bytes. */
  size: number;
}

export interface MemoryThreadEntry {
  /** The item. */
  item: string;
  /** Its title. */
  title: string;
  /** Who wrote it. */
  authors: string[];
  /** When it was written. */
  time?: string;
}

export interface MemoryItemOutput {
  /** Its id. */
  id: string;
  /** The source. */
  source: string;
  /** The source's name. */
  source_name: string;
  /** Media type of the original. */
  type: string;
  /** Its title. */
  title: string;
  /** When it was written. */
  time?: string;
  /** The author's clock: minutes east of Greenwich. */
  zone?: number;
  /** Who wrote it, and to whom. */
  people: MemoryItemPerson[];
  /** Its text: the passages one after the other. */
  passages: MemoryItemPassage[];
  /** What is attached. */
  attachments: MemoryItemAttachment[];
  /** Where it was found, source by source. */
  places: string[];
  /** What came before and after in its thread. */
  thread: MemoryThreadEntry[];
}

export interface MemoryOriginalOutput {
  /** A file name for it. */
  name: string;
  /** Its media type. */
  type: string;
  /** Its size in bytes. */
  size: number;
  /** Its bytes, when they are text (UTF-8). */
  text?: string;
  /** Its bytes in base64 otherwise. */
  base64?: string;
}

export interface MemoryPiece {
  /** The text. */
  text: string;
  /** It is one of the words looked for. */
  match: boolean;
}

export interface MemoryFound {
  /** The item. */
  item: string;
  /** The passage of the item. */
  passage: string;
  /** The source. */
  source: string;
  /** The source's name. */
  source_name: string;
  /** The item's title. */
  title: string;
  /** Who wrote it. */
  authors: string[];
  /** When it was written. */
  time?: string;
  /** The place that fits best. */
  snippet: MemoryPiece[];
  /** How well it fits; only for comparison within one answer. */
  score: number;
  /** The words that were found. */
  why: string[];
}

export interface MemorySearchOutput {
  /** What was found, best first. */
  results: MemoryFound[];
  /** There are more results. */
  more: boolean;
}

export type MemorySourceKind = "mail" | "folder";

export interface MemoryReadFailure {
  /** The file, below the source. */
  place: string;
  /** Where in the file. */
  offset: number;
  /** What is wrong with it. */
  reason: string;
  /** When it was tried. */
  time: string;
}

export interface MemorySource {
  /** Its id. */
  id: string;
  /** What it is. */
  kind: MemorySourceKind;
  /** Its name. */
  name: string;
  /** Where it is read from. */
  origin: string;
  /** How many items it holds. */
  items: number;
  /** How many searchable passages. */
  passages: number;
  /** How many bytes of originals are kept. */
  original_bytes: number;
  /** What the system knows about its contents. */
  label: KernelLabel;
  /** When it was added. */
  created: string;
  /** When it was last read to its end. */
  finished?: string;
  /** The last job that worked on it. */
  job: string;
  /** It is being forgotten. */
  forgetting: boolean;
  /** How many items could not be read. */
  failed: number;
  /** The first hundred of them. */
  failures: MemoryReadFailure[];
}

export interface MemorySourcesOutput {
  /** Your sources. */
  sources: MemorySource[];
}

export interface SystemState {
  /** Hearth's version. */
  version: string;
  /** The machine's name. */
  hostname: string;
  /** The system it runs. */
  operating_system: string;
  /** Its kernel. */
  kernel: string;
  /** The processor's model. */
  processor: string;
  /** How many cores it has. */
  cores: number;
  /** Memory, in bytes. */
  memory_total: number;
  /** The machine's network addresses. */
  addresses: string[];
  /** The graphics processors, by name. */
  gpus: string[];
  /** When the box was started. */
  started: string;
  /** For how long the box has run, in seconds. */
  uptime: number;
  /** For how long the machine has run, in seconds. */
  machine_uptime: number;
  /** The folder that holds everything of the box. */
  home: string;
  /** What that folder takes, in bytes; measured once a minute. */
  home_size: number;
  /** The disk under it, in bytes. */
  disk_total: number;
  /** What of it is used, in bytes. */
  disk_used: number;
}

export interface SystemInterface {
  /** Its name. */
  name: string;
  /** Bytes received a second. */
  in: number;
  /** Bytes sent a second. */
  out: number;
}

export interface SystemGpu {
  /** Its name. */
  name: string;
  /** Percent of the time at work. */
  load?: number;
  /** Its memory in use, in bytes. */
  memory_used?: number;
  /** Its memory, in bytes. */
  memory_total?: number;
  /** Degrees Celsius. */
  temperature?: number;
  /** Watts. */
  power?: number;
}

export interface SystemSample {
  /** When it was taken. */
  time: string;
  /** Percent of all cores at work. */
  cpu: number;
  /** The same for each core. */
  cores: number[];
  /** The load average over 1, 5 and 15 minutes. */
  load: number[];
  /** Memory in use, in bytes; what can be taken back at once does not count. */
  memory_used: number;
  /** Memory, in bytes. */
  memory_total: number;
  /** Swap in use, in bytes. */
  swap_used: number;
  /** Swap, in bytes. */
  swap_total: number;
  /** Used of the disk under the box's home, in bytes. */
  disk_used: number;
  /** The size of that disk, in bytes. */
  disk_total: number;
  /** Bytes read from it a second. */
  disk_read: number;
  /** Bytes written to it a second. */
  disk_written: number;
  /** Bytes received a second, over all network cards. */
  network_in: number;
  /** Bytes sent a second, over all network cards. */
  network_out: number;
  /** Each network interface with traffic. */
  interfaces: SystemInterface[];
  /** The processor's, in degrees Celsius, where it has a sensor. */
  temperature?: number;
  /** The graphics processors. */
  gpus: SystemGpu[];
  /** Memory that the box's own process takes, in bytes. */
  own_memory: number;
}

export type KernelDecision = "once" | "always" | "deny";

export interface KernelDecideInput {
  /** The approval. */
  id: string;
  /** Allow this call once, allow its like always (as a grant), or deny it. */
  decision: KernelDecision;
}

export interface KernelLimitInput {
  /** How many at most. */
  limit?: number;
}

export interface KernelAuditListInput {
  /** Only entries before this number. */
  before?: number;
  /** Only this operation, or a room's: "files.". */
  operation?: string;
  /** Only this caller. */
  principal?: string;
  /** Only this outcome: ok, forbidden, …. */
  outcome?: string;
  /** How many at most. */
  limit?: number;
}

export interface NothingDraft {
}

export interface KernelClearanceDraft {
  /** Where data goes: app:…, mail:…, model:…, peer:…. */
  destination: string;
  /** How confidential data it may receive. */
  confidentiality: KernelConfidentiality;
}

export interface GatewayEntranceInput {
  /** The entrance's name. */
  id: string;
}

export interface GatewayPathRuleDraft {
  /** Path prefix this rule covers, such as /admin. */
  path: string;
  /** Who may pass. */
  access: GatewayAccess;
}

export interface GatewaySetEntranceInput {
  /** Its name, such as notes: lower-case letters, digits and hyphens. */
  id: string;
  /** Where the app listens: 127.0.0.1:3000, [::1]:3000 or unix:/path. */
  upstream: string;
  /** Who may pass where no rule says otherwise. */
  access?: GatewayAccess;
  /** Rules for parts of the app; the longest that fits decides. */
  rules?: GatewayPathRuleDraft[];
}

export interface FilesCopyInput {
  /** What to copy. */
  from: string;
  /** The path of the copy, name included; it must not exist. */
  to: string;
}

export interface FilesEmptyTrashInput {
  /** Only these; none: everything in the trash. */
  ids?: string[];
}

export type FilesOrder = "name" | "modified" | "size";

export interface FilesListInput {
  /** The folder, from the root of your home. */
  path?: string;
  /** Continue after this name: `next` of the page before. */
  after?: string;
  /** How many entries at most. */
  limit?: number;
  /** By name (numbers by value, folders first), newest first, or biggest first. */
  order?: FilesOrder;
}

export interface FilesPathInput {
  /** The path, from the root of your home. */
  path: string;
}

export interface FilesMoveInput {
  /** What to move. */
  from: string;
  /** Where it goes: the new path, name included. */
  to: string;
  /** Put a file that is there already into the trash, instead of failing. */
  replace?: boolean;
}

export interface FilesReadTextInput {
  /** The file. */
  path: string;
  /** How many bytes of it at most. */
  limit?: number;
}

export interface FilesRestoreInput {
  /** Its id in the trash. */
  id: string;
  /** Another path for it; else where it was, with a number added when the name is taken. */
  to?: string;
}

export interface FilesSearchInput {
  /** Part of the name; case, accents and full-width forms do not matter. */
  text: string;
  /** The folder to search. */
  path?: string;
  /** How many at most. */
  limit?: number;
}

export interface FilesShareInput {
  /** The file or folder to share. */
  path: string;
  /** When the link ends; else it lasts until you end it. */
  expires?: string;
  /** A password that visitors must give. */
  password?: string;
  /** How many visitors may download: one use is one browser within 12 hours. */
  uses?: number;
}

export interface FilesTrashedInput {
  /** Continue after this id. */
  after?: string;
  /** How many at most. */
  limit?: number;
}

export interface FilesUnshareInput {
  /** The link's id. */
  id: string;
}

export interface FilesWriteInput {
  /** The file. */
  path: string;
  /** What it is to hold. */
  text: string;
  /** Replace a file that is there already. */
  replace?: boolean;
  /** Replace it only if it is still this version. */
  etag?: string;
}

export interface KernelCreateGrantInput {
  /** Who may call: app:…, run:…, device:…, peer:… or person:…. */
  principal: string;
  /** Which operations, as patterns such as files.list or files.*. */
  operations?: string[];
  /** Which resources, as patterns such as files:/Documents/**; none: all of yours. */
  resources?: string[];
  /** Also to send or spend after reading what outsiders wrote. */
  after_untrusted?: boolean;
  /** When it ends. */
  until?: string;
  /** How many calls it allows. */
  uses?: number;
  /** Calls a minute at most. */
  per_minute?: number;
  /** How much may be spent. */
  budget?: number;
}

export interface KernelIdInput {
  /** Its id. */
  id: string;
}

export interface IdentityAcceptInvitationInput {
  /** The code of the invitation. */
  code: string;
  /** The name to sign in with. */
  name: string;
  /** The name that others see; left out, the one in the invitation. */
  display_name?: string;
  /** At least 10 characters. */
  password: string;
  /** en or zh-CN. */
  language?: string;
}

export interface IdentityChangePasswordInput {
  /** Your current password; not needed within ten minutes of giving it. */
  current?: string;
  /** The new password: at least 10 characters. */
  password: string;
}

export interface IdentityChangeRoleInput {
  /** The person's id. */
  person: string;
  /** What they may do from now on. */
  role: KernelRole;
}

export interface IdentityConfirmInput {
  /** Your current password. */
  password: string;
}

export interface IdentityCodeInput {
  /** The code that the authenticator app shows now. */
  code: string;
}

export interface IdentityCreatePersonInput {
  /** The name to sign in with. */
  name: string;
  /** The name that others see. */
  display_name: string;
  /** What they may do on the box. */
  role?: KernelRole;
  /** Their first password: at least 10 characters. They should change it. */
  password: string;
  /** en or zh-CN. */
  language?: string;
}

export interface IdentityCreateTokenInput {
  /** What it is for. */
  kind: IdentityTokenKind;
  /** What to call it. */
  name: string;
  /** When it ends; left out, when you revoke it. */
  expires?: string;
}

export interface IdentityFinishPasskeyInput {
  /** clientDataJSON, base64url. */
  client_data: string;
  /** attestationObject, base64url. */
  attestation: string;
  /** What to call this passkey. */
  name: string;
}

export interface IdentityFinishPasskeySignInInput {
  /** The credential's id, base64url. */
  id: string;
  /** clientDataJSON, base64url. */
  client_data: string;
  /** authenticatorData, base64url. */
  authenticator_data: string;
  /** The signature, base64url. */
  signature: string;
  /** The user handle, base64url, where the authenticator gave one. */
  user?: string;
}

export interface IdentityInviteInput {
  /** What they may do on the box. */
  role?: KernelRole;
  /** Whom the invitation is for. */
  display_name: string;
}

export interface IdentityPasskeyInput {
  /** The passkey's id. */
  id: string;
}

export type IdentityDataDecision = "keep" | "remove";

export interface IdentityRemovePersonInput {
  /** The person's id. */
  person: string;
  /** Whether the box keeps or removes what was theirs: files, memory. */
  data: IdentityDataDecision;
}

export interface IdentityResetPasswordInput {
  /** The person's id. */
  person: string;
  /** Also remove their one-time codes and passkeys, for somebody who lost them. */
  second_factor?: boolean;
}

export interface IdentitySessionInput {
  /** The id of the device's session. */
  id: string;
}

export interface IdentityInvitationInput {
  /** The id of the invitation. */
  id: string;
}

export interface IdentityTokenInput {
  /** The token's id. */
  id: string;
}

export interface IdentitySetPasswordInput {
  /** The code that the owner gave you. */
  code: string;
  /** Your new password: at least 10 characters. */
  password: string;
}

export interface IdentitySetupInput {
  /** The setup code that the box printed on its console. */
  code: string;
  /** The name to sign in with: letters, digits, Chinese characters, and . _ - between them. */
  name: string;
  /** The name that others see. */
  display_name: string;
  /** At least 10 characters. */
  password: string;
  /** en or zh-CN. */
  language?: string;
}

export interface IdentitySignInInput {
  /** Your login name. */
  name: string;
  /** Your password. */
  password: string;
  /** A one-time code, or one of your recovery codes. */
  code?: string;
  /** What an earlier sign-in on this device gave: it keeps your way in free while others guess. */
  device?: string;
}

export interface IdentityUpdateProfileInput {
  /** The name that others see. */
  display_name?: string;
  /** en or zh-CN. */
  language?: string;
}

export interface KernelPrincipalInput {
  /** Who: app:…, run:…, device:… or peer:…. */
  principal: string;
}

export interface MemoryAskInput {
  /** The question, in English or Chinese. */
  question: string;
  /** Only from this source. */
  source?: string;
  /** How many passages at most. */
  limit?: number;
}

export interface MemoryForgetInput {
  /** Forget this source with everything found only there. */
  source?: string;
  /** Forget this item; reading its source again does not bring it back. */
  item?: string;
}

export interface MemoryImportInput {
  /** Mail: an mbox file, a Maildir, or a folder of .eml files. Folder: text, Markdown and HTML files. */
  kind: MemorySourceKind;
  /** Where it is: a path in your files, or, for the owner, any path on the box. */
  path: string;
  /** What to call it; the file's name when left out. */
  name?: string;
}

export interface MemoryItemInput {
  /** The item's id. */
  item: string;
}

export interface MemorySearchInput {
  /** What to look for. Words between "quotation marks" must stand together. */
  query: string;
  /** Only in this source. */
  source?: string;
  /** Only with this person: an address, or a part of a name. */
  person?: string;
  /** Not before this time. */
  after?: string;
  /** Not after this time. */
  before?: string;
  /** How many results at most. */
  limit?: number;
  /** How many results to pass over. */
  offset?: number;
  /** The last word may not be finished. */
  typing?: boolean;
}

export interface SystemWatchInput {
  /** The time between two samples, in seconds. */
  seconds?: number;
}

export const api = {
  approvals: {
    /** Allows a waiting call once, or always, or denies it. */
    decide: (input: KernelDecideInput) => call<KernelDecideInput, KernelApproval>("approvals.decide", input),
    /** Lists what waits for your word, and what you decided. */
    list: (input: KernelLimitInput = {}) => call<KernelLimitInput, KernelApprovalsOutput>("approvals.list", input),
  },
  audit: {
    /** Lists who did what, the latest first. */
    list: (input: KernelAuditListInput = {}) => call<KernelAuditListInput, KernelAuditListOutput>("audit.list", input),
    /** Checks that no entry of the audit was altered, removed or reordered. */
    verify: (input: NothingDraft = {}) => call<NothingDraft, KernelAuditVerdict>("audit.verify", input),
  },
  clearances: {
    /** Lists how confidential data each destination may receive. */
    list: (input: NothingDraft = {}) => call<NothingDraft, KernelClearancesOutput>("clearances.list", input),
    /** Sets how confidential data a destination may receive. */
    set: (input: KernelClearanceDraft) => call<KernelClearanceDraft, Nothing>("clearances.set", input),
  },
  entrances: {
    /** Shows the key with which an app checks who its visitors are. */
    key: (input: GatewayEntranceInput) => call<GatewayEntranceInput, GatewayEntranceKey>("entrances.key", input),
    /** Lists the apps' web addresses. */
    list: (input: NothingDraft = {}) => call<NothingDraft, GatewayEntranceList>("entrances.list", input),
    /** Takes a web address away from its app. */
    remove: (input: GatewayEntranceInput) => call<GatewayEntranceInput, Nothing>("entrances.remove", input),
    /** Gives an app a web address of its own, or changes who may pass. */
    set: (input: GatewaySetEntranceInput) => call<GatewaySetEntranceInput, GatewayEntranceInfo>("entrances.set", input),
  },
  files: {
    /** Copies a file at once, or a folder as a job. */
    copy: (input: FilesCopyInput) => call<FilesCopyInput, FilesCopyOutput>("files.copy", input),
    /** Removes what is in the trash for good. */
    emptyTrash: (input: FilesEmptyTrashInput = {}) => call<FilesEmptyTrashInput, FilesEmptyTrashOutput>("files.empty_trash", input),
    /** Lists a folder of your home. */
    list: (input: FilesListInput = {}) => call<FilesListInput, FilesListOutput>("files.list", input),
    /** Makes a folder. */
    makeFolder: (input: FilesPathInput) => call<FilesPathInput, FilesEntry>("files.make_folder", input),
    /** Moves or renames a file or folder; its links follow it. */
    move: (input: FilesMoveInput) => call<FilesMoveInput, FilesEntry>("files.move", input),
    /** Reads a text file, or its beginning. Downloads of whole files, at /files/<path>, stand under this too. */
    read: (input: FilesReadTextInput) => call<FilesReadTextInput, FilesReadTextOutput>("files.read", input),
    /** Takes something out of the trash, back to where it was. */
    restore: (input: FilesRestoreInput) => call<FilesRestoreInput, FilesEntry>("files.restore", input),
    /** Finds files and folders by a part of their name. */
    search: (input: FilesSearchInput) => call<FilesSearchInput, FilesSearchOutput>("files.search", input),
    /** Makes a link through which anyone who has it can see and download a file or folder. */
    share: (input: FilesShareInput) => call<FilesShareInput, FilesShare>("files.share", input),
    /** Lists your links. */
    shares: (input: NothingDraft = {}) => call<NothingDraft, FilesSharesOutput>("files.shares", input),
    /** Tells how much room your files take and how much is free. */
    space: (input: NothingDraft = {}) => call<NothingDraft, FilesSpaceOutput>("files.space", input),
    /** Tells about one file or folder. */
    stat: (input: FilesPathInput) => call<FilesPathInput, FilesEntry>("files.stat", input),
    /** Puts a file or folder into the trash; its links end. */
    trash: (input: FilesPathInput) => call<FilesPathInput, FilesTrashedEntry>("files.trash", input),
    /** Lists the trash. */
    trashed: (input: FilesTrashedInput = {}) => call<FilesTrashedInput, FilesTrashedOutput>("files.trashed", input),
    /** Ends a link. */
    unshare: (input: FilesUnshareInput) => call<FilesUnshareInput, Nothing>("files.unshare", input),
    /** Tells of changes in one folder as they happen. */
    watch: (input: FilesPathInput, signal?: AbortSignal) => stream<FilesPathInput, FilesChange>("files.watch", input, signal),
    /** Writes a text file. Uploads, at /uploads, stand under this too. */
    write: (input: FilesWriteInput) => call<FilesWriteInput, FilesEntry>("files.write", input),
  },
  grants: {
    /** Lets an app, run, device, peer or person call operations on your behalf, within limits. */
    create: (input: KernelCreateGrantInput) => call<KernelCreateGrantInput, KernelGrant>("grants.create", input),
    /** Lists the grants you gave. */
    list: (input: NothingDraft = {}) => call<NothingDraft, KernelGrantsOutput>("grants.list", input),
    /** Takes a grant back, at once. */
    revoke: (input: KernelIdInput) => call<KernelIdInput, Nothing>("grants.revoke", input),
  },
  identity: {
    /** Joins the box with an invitation. */
    acceptInvitation: (input: IdentityAcceptInvitationInput) => call<IdentityAcceptInvitationInput, IdentitySignInOutput>("identity.accept_invitation", input),
    /** Changes your password and signs your other devices out. */
    changePassword: (input: IdentityChangePasswordInput) => call<IdentityChangePasswordInput, Nothing>("identity.change_password", input),
    /** Changes what a person may do on the box. */
    changeRole: (input: IdentityChangeRoleInput) => call<IdentityChangeRoleInput, Nothing>("identity.change_role", input),
    /** Confirms with your password that it is you, before a sensitive change. */
    confirm: (input: IdentityConfirmInput) => call<IdentityConfirmInput, Nothing>("identity.confirm", input),
    /** Turns one-time codes on and gives recovery codes. */
    confirmCodes: (input: IdentityCodeInput) => call<IdentityCodeInput, IdentityRecoveryCodesOutput>("identity.confirm_codes", input),
    /** Adds a person with a first password. */
    createPerson: (input: IdentityCreatePersonInput) => call<IdentityCreatePersonInput, IdentityPerson>("identity.create_person", input),
    /** Makes an access token for an app, run, device or peer that acts for you. */
    createToken: (input: IdentityCreateTokenInput) => call<IdentityCreateTokenInput, IdentityCreateTokenOutput>("identity.create_token", input),
    /** Lists the devices on which you are signed in. */
    devices: (input: NothingDraft = {}) => call<NothingDraft, IdentityDevicesOutput>("identity.devices", input),
    /** Lists what happened to your account. */
    events: (input: NothingDraft = {}) => call<NothingDraft, IdentityEventsOutput>("identity.events", input),
    /** Adds the passkey that the browser made. */
    finishPasskey: (input: IdentityFinishPasskeyInput) => call<IdentityFinishPasskeyInput, IdentityPasskey>("identity.finish_passkey", input),
    /** Signs you in with a passkey. */
    finishPasskeySignIn: (input: IdentityFinishPasskeySignInInput) => call<IdentityFinishPasskeySignInInput, IdentitySignInOutput>("identity.finish_passkey_sign_in", input),
    /** Lists the invitations that nobody has used yet. */
    invitations: (input: NothingDraft = {}) => call<NothingDraft, IdentityInvitationsOutput>("identity.invitations", input),
    /** Makes an invitation that lets one new person in. */
    invite: (input: IdentityInviteInput) => call<IdentityInviteInput, IdentityCodeOutput>("identity.invite", input),
    /** Lists your passkeys. */
    passkeys: (input: NothingDraft = {}) => call<NothingDraft, IdentityPasskeysOutput>("identity.passkeys", input),
    /** Lists the people of the box. */
    people: (input: NothingDraft = {}) => call<NothingDraft, IdentityPeopleOutput>("identity.people", input),
    /** Makes ten new recovery codes in place of the old ones. */
    recoveryCodes: (input: NothingDraft = {}) => call<NothingDraft, IdentityRecoveryCodesOutput>("identity.recovery_codes", input),
    /** Turns one-time codes off. */
    removeCodes: (input: NothingDraft = {}) => call<NothingDraft, Nothing>("identity.remove_codes", input),
    /** Removes a passkey. */
    removePasskey: (input: IdentityPasskeyInput) => call<IdentityPasskeyInput, Nothing>("identity.remove_passkey", input),
    /** Removes a person, and keeps or removes what was theirs. */
    removePerson: (input: IdentityRemovePersonInput) => call<IdentityRemovePersonInput, Nothing>("identity.remove_person", input),
    /** Ends a person's sessions and password, and gives a code with which they choose a new one. */
    resetPassword: (input: IdentityResetPasswordInput) => call<IdentityResetPasswordInput, IdentityCodeOutput>("identity.reset_password", input),
    /** Signs a device out at once. */
    revokeDevice: (input: IdentitySessionInput) => call<IdentitySessionInput, Nothing>("identity.revoke_device", input),
    /** Takes an invitation back. */
    revokeInvitation: (input: IdentityInvitationInput) => call<IdentityInvitationInput, Nothing>("identity.revoke_invitation", input),
    /** Revokes an access token, with its grants. */
    revokeToken: (input: IdentityTokenInput) => call<IdentityTokenInput, Nothing>("identity.revoke_token", input),
    /** Chooses a new password with a code from the owner. */
    setPassword: (input: IdentitySetPasswordInput) => call<IdentitySetPasswordInput, Nothing>("identity.set_password", input),
    /** Makes you the owner of a new box. */
    setup: (input: IdentitySetupInput) => call<IdentitySetupInput, IdentitySignInOutput>("identity.setup", input),
    /** Signs you in. */
    signIn: (input: IdentitySignInInput) => call<IdentitySignInInput, IdentitySignInOutput>("identity.sign_in", input),
    /** Signs this device out. */
    signOut: (input: NothingDraft = {}) => call<NothingDraft, Nothing>("identity.sign_out", input),
    /** Begins to set up one-time codes. */
    startCodes: (input: NothingDraft = {}) => call<NothingDraft, IdentityStartCodesOutput>("identity.start_codes", input),
    /** Begins to add a passkey. */
    startPasskey: (input: NothingDraft = {}) => call<NothingDraft, IdentityStartPasskeyOutput>("identity.start_passkey", input),
    /** Begins to sign in with a passkey. */
    startPasskeySignIn: (input: NothingDraft = {}) => call<NothingDraft, IdentityStartPasskeySignInOutput>("identity.start_passkey_sign_in", input),
    /** Tells whether the box has an owner and who is signed in. */
    state: (input: NothingDraft = {}) => call<NothingDraft, IdentityStateOutput>("identity.state", input),
    /** Lists your access tokens. */
    tokens: (input: NothingDraft = {}) => call<NothingDraft, IdentityTokensOutput>("identity.tokens", input),
    /** Changes your display name or language. */
    updateProfile: (input: IdentityUpdateProfileInput = {}) => call<IdentityUpdateProfileInput, IdentityPerson>("identity.update_profile", input),
  },
  jobs: {
    /** Cancels a job; what it has finished stays. */
    cancel: (input: KernelIdInput) => call<KernelIdInput, Nothing>("jobs.cancel", input),
    /** Shows one job. */
    get: (input: KernelIdInput) => call<KernelIdInput, KernelJob>("jobs.get", input),
    /** Lists your jobs. */
    list: (input: KernelLimitInput = {}) => call<KernelLimitInput, KernelJobsOutput>("jobs.list", input),
  },
  kernel: {
    /** Shows the guard's rule as a table. */
    guard: (input: NothingDraft = {}) => call<NothingDraft, KernelGuardOutput>("kernel.guard", input),
    /** Lists every operation with its input and output. */
    operations: (input: NothingDraft = {}) => call<NothingDraft, KernelOperationsOutput>("kernel.operations", input),
  },
  labels: {
    /** Shows what apps, runs, devices and peers have read. */
    list: (input: NothingDraft = {}) => call<NothingDraft, KernelLabelsOutput>("labels.list", input),
    /** Forgets what a principal has read: it starts afresh. */
    reset: (input: KernelPrincipalInput) => call<KernelPrincipalInput, Nothing>("labels.reset", input),
  },
  memory: {
    /** Answers a question with the passages of your memory that fit, word for word. */
    ask: (input: MemoryAskInput) => call<MemoryAskInput, MemoryAskOutput>("memory.ask", input),
    /** Forgets a source or an item: from the index, the originals and the disk. */
    forget: (input: MemoryForgetInput = {}) => call<MemoryForgetInput, MemoryForgetOutput>("memory.forget", input),
    /** Reads mail or a folder into your memory. */
    import: (input: MemoryImportInput) => call<MemoryImportInput, MemoryImportOutput>("memory.import", input),
    /** Shows one item of your memory. */
    item: (input: MemoryItemInput) => call<MemoryItemInput, MemoryItemOutput>("memory.item", input),
    /** Gives an item as it came in, byte by byte. Downloads of any size, at /originals/<item>, stand under this too. */
    original: (input: MemoryItemInput) => call<MemoryItemInput, MemoryOriginalOutput>("memory.original", input),
    /** Searches your memory. */
    search: (input: MemorySearchInput) => call<MemorySearchInput, MemorySearchOutput>("memory.search", input),
    /** Lists where your memory comes from. */
    sources: (input: NothingDraft = {}) => call<NothingDraft, MemorySourcesOutput>("memory.sources", input),
  },
  system: {
    /** Says what the machine is: its parts, its addresses, and the room the box takes. */
    state: (input: NothingDraft = {}) => call<NothingDraft, SystemState>("system.state", input),
    /** Shows how the machine is doing, live: processor, memory, disk, network and graphics. */
    watch: (input: SystemWatchInput = {}, signal?: AbortSignal) => stream<SystemWatchInput, SystemSample>("system.watch", input, signal),
  },
};
