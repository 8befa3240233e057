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
  /** The same in Chinese. */
  reason_zh: string;
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
  /** The same in Chinese. */
  message_zh: string;
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

export interface GatewayDomainList {
  /** The box's names, its own first. Entrances are one label below each. */
  domains: string[];
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
  /** From when it works. A reset waits a day, unless it is made at the console. */
  valid_from: string;
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
  /** The same in Chinese; empty when it is equal. */
  title_zh: string;
  /** Where it stands. */
  state: KernelJobState;
  /** Units done. */
  done: number;
  /** Units in all; 0 when not known yet. */
  total: number;
  /** What it is doing now. */
  note: string;
  /** The same in Chinese; empty when it is equal. */
  note_zh: string;
  /** Why it failed. */
  error: string;
  /** The same in Chinese; empty when it is equal. */
  error_zh: string;
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

export interface MemoryAnswerSentence {
  /** The sentence. */
  text: string;
  /** The citations that it rests on, counted from 0. */
  citations: number[];
}

export type MemoryWhyKind = "word" | "title" | "person" | "time" | "context" | "meaning";

export interface MemoryWhy {
  /** Word: a word of the query stands in it. Title: its title holds the query. Person: somebody named wrote it. Time: it is from then. Context: the word stands beside it. Meaning: it says something alike in other words. */
  kind: MemoryWhyKind;
  /** The word, the title, the person, the time as it was asked for. */
  text: string;
}

export type MemoryExtractItemKind = "document" | "mail" | "message" | "note" | "event" | "task" | "contact" | "page" | "recording" | "photo" | "audio";

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
  /** Why it was found. */
  why: MemoryWhy[];
  /** What the item is. */
  kind: MemoryExtractItemKind;
}

export interface MemoryAskOutput {
  /** Whether the memory holds something that fits. */
  answered: boolean;
  /** The best sentence, word for word; or that nothing fits, in the question's language. */
  answer: string;
  /** A written answer, sentence by sentence, when a model wrote one; sentences that their citations do not hold are left out. */
  sentences: MemoryAnswerSentence[];
  /** Where it stands, best first. */
  citations: MemoryCitation[];
}

export interface MemoryConnectOutput {
  /** The source's id. */
  source: string;
}

export interface MemoryExportOutput {
  /** The job that writes it. */
  job: string;
  /** Where it will be in your files. */
  path: string;
}

export interface MemoryForgetOutput {
  /** The job that overwrites what is left on the disk. Nothing of it is found from now on. */
  job: string;
  /** How many items leave the memory. */
  items: number;
}

export interface MemoryForgetPreviewOutput {
  /** How many items would leave the memory. */
  items: number;
  /** How many of them only because they are attached to another one. */
  attached: number;
  /** Of a source: how many of its items stay, because another source has them too. */
  shared: number;
  /** The time of the oldest. */
  first?: string;
  /** The time of the newest. */
  last?: string;
}

export interface MemoryImportOutput {
  /** The source's id; empty for an exported memory, which brings its own. */
  source: string;
  /** The job that reads it. */
  job: string;
}

export type MemoryExtractTimeCertainty = "exact" | "zone" | "day" | "file";

export type MemoryPersonRole = "author" | "to" | "copy" | "participant" | "subject";

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

export interface MemoryItemPlace {
  /** Its name. */
  name: string;
  /** Degrees north. */
  latitude?: number;
  /** Degrees east. */
  longitude?: number;
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
  /** What it is. */
  kind: MemoryExtractItemKind;
  /** Media type of the original. */
  type: string;
  /** Its title. */
  title: string;
  /** When it was written, or begins. */
  time?: string;
  /** When it ends. */
  until?: string;
  /** How sure the time is. */
  certainty: MemoryExtractTimeCertainty;
  /** The author's clock: minutes east of Greenwich. */
  zone?: number;
  /** Who wrote it, and to whom. */
  people: MemoryItemPerson[];
  /** Its text: the passages one after the other. */
  passages: MemoryItemPassage[];
  /** What is attached. */
  attachments: MemoryItemAttachment[];
  /** Places on the map that it names. */
  places: MemoryItemPlace[];
  /** Tags that its source gave it. */
  tags: string[];
  /** The item that it is attached to. */
  part_of: string;
  /** Items that are attached to it. */
  parts: string[];
  /** Where it was found, source by source. */
  origins: string[];
  /** What came before and after in its thread. */
  thread: MemoryThreadEntry[];
}

export interface MemoryLabelOutput {
  /** The label it had. */
  before: KernelLabel;
  /** The label it has now. */
  label: KernelLabel;
}

export interface MemoryMergePeopleOutput {
  /** The merge's id, to take it back. */
  merge: string;
  /** The person that both are now. */
  person: string;
}

export interface MemoryPersonEntry {
  /** Their id. */
  id: string;
  /** Their name. */
  name: string;
  /** Mail addresses, numbers and handles. */
  addresses: string[];
  /** How many items name them. */
  items: number;
  /** When they were last seen. */
  last?: string;
}

export type MemoryMergeReason = "same_name_and_account" | "same_name";

export interface MemoryMergeSuggestion {
  /** The one with more items. */
  keep: MemoryPersonEntry;
  /** The other one. */
  other: MemoryPersonEntry;
  /** Why they look like one. */
  reason: MemoryMergeReason;
}

export interface MemoryMergeSuggestionsOutput {
  /** People who may be the same; nothing is merged by itself but what a contact card says. */
  suggestions: MemoryMergeSuggestion[];
}

export interface MemoryTimelineEntry {
  /** The item. */
  item: string;
  /** The source. */
  source: string;
  /** The source's name. */
  source_name: string;
  /** What it is. */
  kind: MemoryExtractItemKind;
  /** Its title. */
  title: string;
  /** Who wrote it. */
  authors: string[];
  /** When it was written, or begins. */
  time?: string;
  /** When it ends. */
  until?: string;
  /** How sure the time is. */
  certainty: MemoryExtractTimeCertainty;
  /** The author's clock: minutes east of Greenwich. */
  zone?: number;
  /** The day in the zone asked for: 2026-11-23. */
  day: string;
  /** How its text begins. */
  line: string;
  /** How many attachments it has. */
  attachments: number;
}

export interface MemoryOnThisDayOutput {
  /** The day that was looked for. */
  date: string;
  /** What happened on it in earlier years, the latest year first. */
  items: MemoryTimelineEntry[];
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

export interface MemoryPeopleOutput {
  /** The people, those with most items first. */
  people: MemoryPersonEntry[];
  /** How many there are in all. */
  total: number;
}

export interface MemoryKindCount {
  /** The kind. */
  kind: MemoryExtractItemKind;
  /** How many items. */
  items: number;
}

export interface MemoryCompanion {
  /** Their id. */
  person: string;
  /** Their name. */
  name: string;
  /** How many items name both. */
  items: number;
}

export type MemoryMergedBy = "owner" | "card";

export interface MemoryMergedPerson {
  /** The merge's id, to take it back. */
  merge: string;
  /** The name that was joined. */
  name: string;
  /** The address that was joined. */
  address: string;
  /** Who said so: the owner, or a contact card. */
  by: MemoryMergedBy;
  /** When. */
  time: string;
}

export interface MemoryPersonOutput {
  /** Their id. */
  id: string;
  /** Their name. */
  name: string;
  /** Every name they go by. */
  names: string[];
  /** Mail addresses, numbers and handles. */
  addresses: string[];
  /** How many items name them. */
  items: number;
  /** How many of these they wrote. */
  written: number;
  /** When they were first seen. */
  first?: string;
  /** When they were last seen. */
  last?: string;
  /** How many items of each kind. */
  kinds: MemoryKindCount[];
  /** The latest items. */
  recent: MemoryTimelineEntry[];
  /** Who is named with them most often. */
  companions: MemoryCompanion[];
  /** Who was merged into them. */
  merged: MemoryMergedPerson[];
}

export type MemoryPromiseKind = "promise" | "request" | "meeting" | "deadline";

export interface MemoryPromise {
  /** The item. */
  item: string;
  /** Where the sentence begins in the item's text, in characters (Unicode code points). */
  start: number;
  /** How many characters it has. */
  length: number;
  /** The sentence, word for word. */
  sentence: string;
  /** What it is. */
  kind: MemoryPromiseKind;
  /** Who said it. */
  who: string;
  /** The item's title. */
  title: string;
  /** When it was said. */
  time?: string;
  /** The day on which it is due, as whoever said it counts days, like 2026-11-30: the same wherever it is read. Empty when no day is known. */
  due_day: string;
  /** The moment at which it is due, by the clock of whoever said it; left out when no time of day was said. */
  due?: string;
  /** The words that say when. */
  due_words: string;
}

export interface MemoryPromisesOutput {
  /** What is open: due next first, then what is overdue, then what has no date. */
  promises: MemoryPromise[];
  /** There are more. */
  more: boolean;
}

export interface MemorySaveSearchOutput {
  /** The saved search's id. */
  search: string;
}

export interface MemorySearchFilters {
  /** Only in this source. */
  source: string;
  /** Only with this person: their id, an address, or a part of a name. */
  person: string;
  /** Not before this time. */
  after?: string;
  /** Not after this time. */
  before?: string;
  /** Only items of these kinds. */
  kinds: MemoryExtractItemKind[];
  /** Only items with all of these tags, in capitals or not. */
  tags: string[];
  /** Only items with attachments, or only those without. */
  attachment?: boolean;
}

export interface MemorySavedSearch {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** What it looks for. */
  query: string;
  /** What it looks in. */
  filters: MemorySearchFilters;
  /** When it was saved. */
  created: string;
}

export interface MemorySavedSearchesOutput {
  /** Your saved searches, by name. */
  searches: MemorySavedSearch[];
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
  /** Why it was found. */
  why: MemoryWhy[];
  /** What the item is. */
  kind: MemoryExtractItemKind;
}

export interface MemorySearchOutput {
  /** What was found, best first. */
  results: MemoryFound[];
  /** There are more results. */
  more: boolean;
}

export type MemorySourceKind = "mail" | "folder" | "chat" | "notes" | "calendar" | "contacts" | "browser" | "recorder" | "files" | "imap" | "caldav" | "carddav";

export interface MemorySourceProgress {
  /** Units done: bytes read. */
  done: number;
  /** Units in all; 0 when not known. */
  total: number;
  /** What it is doing now. */
  note: string;
}

export interface MemoryReadFailure {
  /** The file, below the source. */
  place: string;
  /** Where in the file. */
  offset: number;
  /** What is wrong with it. */
  reason: string;
  /** The same in Chinese; empty when it is equal. */
  reason_zh: string;
  /** When it was tried. */
  time: string;
}

export type MemoryLiveState = "connecting" | "reading" | "current" | "waiting";

export interface MemoryLiveStatus {
  /** Where it stands. */
  state: MemoryLiveState;
  /** What is wrong; empty when all is well. */
  error: string;
  /** The same in Chinese; empty when it is equal. */
  error_zh: string;
  /** When it last was up to date. */
  current?: string;
  /** How many items came since the box started. */
  added: number;
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
  /** How far that job is, while it is under way. */
  progress?: MemorySourceProgress;
  /** It is being forgotten. */
  forgetting: boolean;
  /** How many items could not be read. */
  failed: number;
  /** The first hundred of them. */
  failures: MemoryReadFailure[];
  /** Of a server, or a place that is watched: how it is doing. */
  live?: MemoryLiveStatus;
}

export interface MemorySourcesOutput {
  /** Your sources. */
  sources: MemorySource[];
}

export interface MemoryThreadOutput {
  /** The thread's items, oldest first. */
  items: MemoryTimelineEntry[];
  /** How many the thread has. */
  total: number;
  /** The cursor of what comes before; empty at the beginning. */
  previous: string;
  /** The cursor of what follows; empty at the end. */
  next: string;
}

export interface MemoryTimelineOutput {
  /** The items, newest first. */
  items: MemoryTimelineEntry[];
  /** The cursor of what follows; empty at the end. */
  next: string;
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

export interface GatewayDomainInput {
  /** A name that leads to this box, such as home.example.org. */
  domain: string;
}

export interface GatewayEntranceInput {
  /** The entrance's name. */
  id: string;
}

export interface GatewaySetEntranceInput {
  /** Its name, such as notes: lower-case letters, digits and hyphens. */
  id: string;
  /** Where the app listens: 127.0.0.1:3000, [::1]:3000 or unix:/path. */
  upstream: string;
  /** Who may pass where no rule says otherwise. */
  access?: GatewayAccess;
  /** Rules for parts of the app; the longest that fits decides. */
  rules?: GatewayPathRule[];
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
  /** Who may call: app:…, run:…, device:… or peer:…. */
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

export type MemorySecurity = "tls" | "start_tls" | "none";

export interface MemoryConnectInput {
  /** What the server holds: imap, caldav or carddav. */
  kind: MemorySourceKind;
  /** Its host name; a calendar or address book may also be given by its web address. */
  server: string;
  /** Its port; the usual one when left out. */
  port?: number;
  /** How the connection is protected. None is for a server on this box alone. */
  security?: MemorySecurity;
  /** The account's name there. */
  user: string;
  /** Its password, or one made for this use. It is kept sealed and never shown. */
  password: string;
  /** Only these mail folders, calendars or address books, by name; all when left out. Of mail, junk, trash and drafts are left out unless they are named. */
  folders?: string[];
  /** What to call it; the account's name when left out. */
  name?: string;
  /** How often to look for news, in seconds, where the server does not tell by itself. */
  interval?: number;
  /** The certificate of an authority to trust beside the public ones (PEM), for a server of your own. */
  authority?: string;
}

export interface MemoryExportInput {
  /** Only these sources; all when left out. */
  sources?: string[];
  /** The folder to make in your files; named after the day when left out. */
  path?: string;
}

export interface MemoryForgetInput {
  /** Forget this source with everything found only there; with a person or a time, only those items of it. */
  source?: string;
  /** Forget this item; reading its source again does not bring it back. */
  item?: string;
  /** Forget what this person wrote: their id. Reading it again does not bring it back. */
  person?: string;
  /** Of a person: also what was written to them or names them. */
  mentions?: boolean;
  /** Forget what is not older than this time. */
  after?: string;
  /** Forget what is not newer than this time. */
  before?: string;
}

export interface MemoryImportInput {
  /** What it is; found out by looking when left out. Folder: files of any format that is read. Files: all of your own files, watched. A server is added with memory.connect. */
  kind?: MemorySourceKind;
  /** Where it is: a path in your files, or, for the owner, any path on the box. A folder that memory.export made brings all of it back. Not needed for kind files. */
  path?: string;
  /** What to call it; the file's name when left out. */
  name?: string;
  /** Read what is new or changed there as soon as it is; no ends that. Left out, it stays as it is. */
  watch?: boolean;
}

export interface MemoryItemInput {
  /** The item's id. */
  item: string;
}

export interface MemoryLabelInput {
  /** The source to label. */
  source?: string;
  /** The item to label, in place of its source's label. */
  item?: string;
  /** How far it may travel; as it is when left out. */
  confidentiality?: KernelConfidentiality;
  /** Who could have written it; as it is when left out. */
  integrity?: KernelIntegrity;
}

export interface MemoryMergePeopleInput {
  /** The person who stays. */
  keep: string;
  /** The person who is the same one. */
  other: string;
}

export interface MemoryMergeSuggestionsInput {
  /** How many at most. */
  limit?: number;
}

export interface MemoryOnThisDayInput {
  /** The day, as 2026-11-23; today when left out. */
  date?: string;
  /** Your clock: minutes east of Greenwich. */
  zone?: number;
  /** How many items at most. */
  limit?: number;
}

export interface MemoryPeopleInput {
  /** A part of a name or address; everybody when left out. */
  query?: string;
  /** How many people at most. */
  limit?: number;
  /** How many people to pass over. */
  offset?: number;
}

export interface MemoryPersonInput {
  /** The person's id. */
  person: string;
  /** How many recent items, and how many people they are with, at most. */
  limit?: number;
}

export interface MemoryPromisesInput {
  /** Only in items from this time on; the last 90 days when left out. */
  after?: string;
  /** Only from this source. */
  source?: string;
  /** How many at most. */
  limit?: number;
}

export interface MemoryRemoveSearchInput {
  /** The saved search to remove. */
  search: string;
}

export interface MemorySearchFiltersDraft {
  /** Only in this source. */
  source?: string;
  /** Only with this person: their id, an address, or a part of a name. */
  person?: string;
  /** Not before this time. */
  after?: string;
  /** Not after this time. */
  before?: string;
  /** Only items of these kinds. */
  kinds?: MemoryExtractItemKind[];
  /** Only items with all of these tags, in capitals or not. */
  tags?: string[];
  /** Only items with attachments, or only those without. */
  attachment?: boolean;
}

export interface MemorySaveSearchInput {
  /** What to call it. */
  name: string;
  /** What to look for. */
  query?: string;
  /** What to look in. */
  filters?: MemorySearchFiltersDraft;
  /** Put it in the place of the one that has this name; else that is a conflict. */
  replace?: boolean;
}

export interface MemorySearchInput {
  /** What to look for. Words between "quotation marks" must stand together. Left out, all that the filters let through is listed, newest first. */
  query?: string;
  /** Only in this source. */
  source?: string;
  /** Only with this person: their id, an address, or a part of a name. */
  person?: string;
  /** Not before this time. */
  after?: string;
  /** Not after this time. */
  before?: string;
  /** Only items of these kinds. */
  kinds?: MemoryExtractItemKind[];
  /** Only items with all of these tags, in capitals or not. */
  tags?: string[];
  /** Only items with attachments, or only those without. */
  attachment?: boolean;
  /** How many results at most. */
  limit?: number;
  /** How many results to pass over. */
  offset?: number;
  /** The last word may not be finished. */
  typing?: boolean;
}

export type MemoryPromiseState = "done" | "dismissed" | "open";

export interface MemorySettlePromiseInput {
  /** The item. */
  item: string;
  /** Where the sentence begins, as memory.promises gave it. */
  start: number;
  /** Done, dismissed (it is no promise), or open again. */
  state?: MemoryPromiseState;
}

export interface MemoryThreadInput {
  /** An item of the thread. */
  item: string;
  /** Begin half a page before the item, instead of at the thread's beginning. */
  around?: boolean;
  /** Your clock, for the days: minutes east of Greenwich. */
  zone?: number;
  /** How many items at most. */
  limit?: number;
  /** Continue at an earlier answer's `next` or `previous`. */
  cursor?: string;
}

export interface MemoryTimelineInput {
  /** Not before this time. */
  after?: string;
  /** Not after this time. */
  before?: string;
  /** Only items of these kinds. */
  kinds?: MemoryExtractItemKind[];
  /** Only from this source. */
  source?: string;
  /** Only with this person: their id. */
  person?: string;
  /** Your clock, for the days: minutes east of Greenwich. */
  zone?: number;
  /** How many items at most. */
  limit?: number;
  /** Continue where the last answer ended: its `next`. */
  cursor?: string;
}

export interface MemoryUndoMergeInput {
  /** The merge to take back. */
  merge: string;
}

export interface SystemWatchInput {
  /** The time between two samples, in seconds. */
  seconds?: number;
}

export const api = {
  approvals: {
    /** Allows a waiting call once, or always, or denies it. */
    decide: (input: KernelDecideInput, signal?: AbortSignal) => call<KernelDecideInput, KernelApproval>("approvals.decide", input, signal),
    /** Lists what waits for your word, and what you decided. */
    list: (input: KernelLimitInput = {}, signal?: AbortSignal) => call<KernelLimitInput, KernelApprovalsOutput>("approvals.list", input, signal),
  },
  audit: {
    /** Lists who did what, the latest first. */
    list: (input: KernelAuditListInput = {}, signal?: AbortSignal) => call<KernelAuditListInput, KernelAuditListOutput>("audit.list", input, signal),
    /** Checks that no entry of the audit was altered, removed or reordered. */
    verify: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelAuditVerdict>("audit.verify", input, signal),
  },
  clearances: {
    /** Lists how confidential data each destination may receive. */
    list: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelClearancesOutput>("clearances.list", input, signal),
    /** Sets how confidential data a destination may receive. */
    set: (input: KernelClearance, signal?: AbortSignal) => call<KernelClearance, Nothing>("clearances.set", input, signal),
  },
  entrances: {
    /** Makes the box answer to another name, and its entrances to names below it. */
    addDomain: (input: GatewayDomainInput, signal?: AbortSignal) => call<GatewayDomainInput, GatewayDomainList>("entrances.add_domain", input, signal),
    /** Lists the names that the box answers to and its entrances lie below. */
    domains: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, GatewayDomainList>("entrances.domains", input, signal),
    /** Shows the key with which an app checks who its visitors are. */
    key: (input: GatewayEntranceInput, signal?: AbortSignal) => call<GatewayEntranceInput, GatewayEntranceKey>("entrances.key", input, signal),
    /** Lists the apps' web addresses. */
    list: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, GatewayEntranceList>("entrances.list", input, signal),
    /** Takes a web address away from its app. */
    remove: (input: GatewayEntranceInput, signal?: AbortSignal) => call<GatewayEntranceInput, Nothing>("entrances.remove", input, signal),
    /** Takes a name away from the box and its entrances. */
    removeDomain: (input: GatewayDomainInput, signal?: AbortSignal) => call<GatewayDomainInput, GatewayDomainList>("entrances.remove_domain", input, signal),
    /** Gives an app a web address of its own, or changes who may pass. */
    set: (input: GatewaySetEntranceInput, signal?: AbortSignal) => call<GatewaySetEntranceInput, GatewayEntranceInfo>("entrances.set", input, signal),
  },
  files: {
    /** Copies a file at once, or a folder as a job. */
    copy: (input: FilesCopyInput, signal?: AbortSignal) => call<FilesCopyInput, FilesCopyOutput>("files.copy", input, signal),
    /** Removes what is in the trash for good. */
    emptyTrash: (input: FilesEmptyTrashInput = {}, signal?: AbortSignal) => call<FilesEmptyTrashInput, FilesEmptyTrashOutput>("files.empty_trash", input, signal),
    /** Lists a folder of your home. */
    list: (input: FilesListInput = {}, signal?: AbortSignal) => call<FilesListInput, FilesListOutput>("files.list", input, signal),
    /** Makes a folder. */
    makeFolder: (input: FilesPathInput, signal?: AbortSignal) => call<FilesPathInput, FilesEntry>("files.make_folder", input, signal),
    /** Moves or renames a file or folder; its links follow it. */
    move: (input: FilesMoveInput, signal?: AbortSignal) => call<FilesMoveInput, FilesEntry>("files.move", input, signal),
    /** Reads a text file, or its beginning. Downloads of whole files, at /files/<path>, stand under this too. */
    read: (input: FilesReadTextInput, signal?: AbortSignal) => call<FilesReadTextInput, FilesReadTextOutput>("files.read", input, signal),
    /** Takes something out of the trash, back to where it was. */
    restore: (input: FilesRestoreInput, signal?: AbortSignal) => call<FilesRestoreInput, FilesEntry>("files.restore", input, signal),
    /** Finds files and folders by a part of their name. */
    search: (input: FilesSearchInput, signal?: AbortSignal) => call<FilesSearchInput, FilesSearchOutput>("files.search", input, signal),
    /** Makes a link through which anyone who has it can see and download a file or folder. */
    share: (input: FilesShareInput, signal?: AbortSignal) => call<FilesShareInput, FilesShare>("files.share", input, signal),
    /** Lists your links. */
    shares: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, FilesSharesOutput>("files.shares", input, signal),
    /** Tells how much room your files take and how much is free. */
    space: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, FilesSpaceOutput>("files.space", input, signal),
    /** Tells about one file or folder. */
    stat: (input: FilesPathInput, signal?: AbortSignal) => call<FilesPathInput, FilesEntry>("files.stat", input, signal),
    /** Puts a file or folder into the trash; its links end. */
    trash: (input: FilesPathInput, signal?: AbortSignal) => call<FilesPathInput, FilesTrashedEntry>("files.trash", input, signal),
    /** Lists the trash. */
    trashed: (input: FilesTrashedInput = {}, signal?: AbortSignal) => call<FilesTrashedInput, FilesTrashedOutput>("files.trashed", input, signal),
    /** Ends a link. */
    unshare: (input: FilesUnshareInput, signal?: AbortSignal) => call<FilesUnshareInput, Nothing>("files.unshare", input, signal),
    /** Tells of changes in one folder as they happen. */
    watch: (input: FilesPathInput, signal?: AbortSignal) => stream<FilesPathInput, FilesChange>("files.watch", input, signal),
    /** Writes a text file. Uploads, at /uploads, stand under this too. */
    write: (input: FilesWriteInput, signal?: AbortSignal) => call<FilesWriteInput, FilesEntry>("files.write", input, signal),
  },
  grants: {
    /** Lets an app, run, device or peer call operations on your behalf, within limits. */
    create: (input: KernelCreateGrantInput, signal?: AbortSignal) => call<KernelCreateGrantInput, KernelGrant>("grants.create", input, signal),
    /** Lists the grants you gave. */
    list: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelGrantsOutput>("grants.list", input, signal),
    /** Takes a grant back, at once. */
    revoke: (input: KernelIdInput, signal?: AbortSignal) => call<KernelIdInput, Nothing>("grants.revoke", input, signal),
  },
  identity: {
    /** Joins the box with an invitation. */
    acceptInvitation: (input: IdentityAcceptInvitationInput, signal?: AbortSignal) => call<IdentityAcceptInvitationInput, IdentitySignInOutput>("identity.accept_invitation", input, signal),
    /** Changes your password and signs your other devices out. */
    changePassword: (input: IdentityChangePasswordInput, signal?: AbortSignal) => call<IdentityChangePasswordInput, Nothing>("identity.change_password", input, signal),
    /** Changes what a person may do on the box. */
    changeRole: (input: IdentityChangeRoleInput, signal?: AbortSignal) => call<IdentityChangeRoleInput, Nothing>("identity.change_role", input, signal),
    /** Confirms with your password that it is you, before a sensitive change. */
    confirm: (input: IdentityConfirmInput, signal?: AbortSignal) => call<IdentityConfirmInput, Nothing>("identity.confirm", input, signal),
    /** Turns one-time codes on and gives recovery codes. */
    confirmCodes: (input: IdentityCodeInput, signal?: AbortSignal) => call<IdentityCodeInput, IdentityRecoveryCodesOutput>("identity.confirm_codes", input, signal),
    /** Adds a person with a first password. */
    createPerson: (input: IdentityCreatePersonInput, signal?: AbortSignal) => call<IdentityCreatePersonInput, IdentityPerson>("identity.create_person", input, signal),
    /** Makes an access token for an app, run, device or peer that acts for you. */
    createToken: (input: IdentityCreateTokenInput, signal?: AbortSignal) => call<IdentityCreateTokenInput, IdentityCreateTokenOutput>("identity.create_token", input, signal),
    /** Lists the devices on which you are signed in. */
    devices: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityDevicesOutput>("identity.devices", input, signal),
    /** Lists what happened to your account. */
    events: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityEventsOutput>("identity.events", input, signal),
    /** Adds the passkey that the browser made. */
    finishPasskey: (input: IdentityFinishPasskeyInput, signal?: AbortSignal) => call<IdentityFinishPasskeyInput, IdentityPasskey>("identity.finish_passkey", input, signal),
    /** Signs you in with a passkey. */
    finishPasskeySignIn: (input: IdentityFinishPasskeySignInInput, signal?: AbortSignal) => call<IdentityFinishPasskeySignInInput, IdentitySignInOutput>("identity.finish_passkey_sign_in", input, signal),
    /** Lists the invitations that nobody has used yet. */
    invitations: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityInvitationsOutput>("identity.invitations", input, signal),
    /** Makes an invitation that lets one new person in. */
    invite: (input: IdentityInviteInput, signal?: AbortSignal) => call<IdentityInviteInput, IdentityCodeOutput>("identity.invite", input, signal),
    /** Lists your passkeys. */
    passkeys: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityPasskeysOutput>("identity.passkeys", input, signal),
    /** Lists the people of the box. */
    people: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityPeopleOutput>("identity.people", input, signal),
    /** Makes ten new recovery codes in place of the old ones. */
    recoveryCodes: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityRecoveryCodesOutput>("identity.recovery_codes", input, signal),
    /** Turns one-time codes off. */
    removeCodes: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, Nothing>("identity.remove_codes", input, signal),
    /** Removes a passkey. */
    removePasskey: (input: IdentityPasskeyInput, signal?: AbortSignal) => call<IdentityPasskeyInput, Nothing>("identity.remove_passkey", input, signal),
    /** Removes a person, and keeps or removes what was theirs. */
    removePerson: (input: IdentityRemovePersonInput, signal?: AbortSignal) => call<IdentityRemovePersonInput, Nothing>("identity.remove_person", input, signal),
    /** Gives a code with which a person chooses a new password, a day later: until then they see it, and end it by signing in. */
    resetPassword: (input: IdentityResetPasswordInput, signal?: AbortSignal) => call<IdentityResetPasswordInput, IdentityCodeOutput>("identity.reset_password", input, signal),
    /** Signs a device out at once. */
    revokeDevice: (input: IdentitySessionInput, signal?: AbortSignal) => call<IdentitySessionInput, Nothing>("identity.revoke_device", input, signal),
    /** Takes an invitation back. */
    revokeInvitation: (input: IdentityInvitationInput, signal?: AbortSignal) => call<IdentityInvitationInput, Nothing>("identity.revoke_invitation", input, signal),
    /** Revokes an access token, with its grants. */
    revokeToken: (input: IdentityTokenInput, signal?: AbortSignal) => call<IdentityTokenInput, Nothing>("identity.revoke_token", input, signal),
    /** Chooses a new password with a code from the owner. */
    setPassword: (input: IdentitySetPasswordInput, signal?: AbortSignal) => call<IdentitySetPasswordInput, Nothing>("identity.set_password", input, signal),
    /** Makes you the owner of a new box. */
    setup: (input: IdentitySetupInput, signal?: AbortSignal) => call<IdentitySetupInput, IdentitySignInOutput>("identity.setup", input, signal),
    /** Signs you in. */
    signIn: (input: IdentitySignInInput, signal?: AbortSignal) => call<IdentitySignInInput, IdentitySignInOutput>("identity.sign_in", input, signal),
    /** Signs this device out. */
    signOut: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, Nothing>("identity.sign_out", input, signal),
    /** Begins to set up one-time codes. */
    startCodes: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityStartCodesOutput>("identity.start_codes", input, signal),
    /** Begins to add a passkey. */
    startPasskey: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityStartPasskeyOutput>("identity.start_passkey", input, signal),
    /** Begins to sign in with a passkey. */
    startPasskeySignIn: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityStartPasskeySignInOutput>("identity.start_passkey_sign_in", input, signal),
    /** Tells whether the box has an owner and who is signed in. */
    state: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityStateOutput>("identity.state", input, signal),
    /** Lists your access tokens. */
    tokens: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, IdentityTokensOutput>("identity.tokens", input, signal),
    /** Changes your display name or language. */
    updateProfile: (input: IdentityUpdateProfileInput = {}, signal?: AbortSignal) => call<IdentityUpdateProfileInput, IdentityPerson>("identity.update_profile", input, signal),
  },
  jobs: {
    /** Cancels a job; what it has finished stays. */
    cancel: (input: KernelIdInput, signal?: AbortSignal) => call<KernelIdInput, Nothing>("jobs.cancel", input, signal),
    /** Shows one job. */
    get: (input: KernelIdInput, signal?: AbortSignal) => call<KernelIdInput, KernelJob>("jobs.get", input, signal),
    /** Lists your jobs. */
    list: (input: KernelLimitInput = {}, signal?: AbortSignal) => call<KernelLimitInput, KernelJobsOutput>("jobs.list", input, signal),
  },
  kernel: {
    /** Shows the guard's rule as a table. */
    guard: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelGuardOutput>("kernel.guard", input, signal),
    /** Lists every operation with its input and output. */
    operations: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelOperationsOutput>("kernel.operations", input, signal),
  },
  labels: {
    /** Shows what apps, runs, devices and peers have read. */
    list: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, KernelLabelsOutput>("labels.list", input, signal),
    /** Forgets what a principal has read: it starts afresh. */
    reset: (input: KernelPrincipalInput, signal?: AbortSignal) => call<KernelPrincipalInput, Nothing>("labels.reset", input, signal),
  },
  memory: {
    /** Answers a question with the passages of your memory that fit, word for word. */
    ask: (input: MemoryAskInput, signal?: AbortSignal) => call<MemoryAskInput, MemoryAskOutput>("memory.ask", input, signal),
    /** Adds a mail, calendar or contacts server to your memory and follows it, or changes how it is reached. */
    connect: (input: MemoryConnectInput, signal?: AbortSignal) => call<MemoryConnectInput, MemoryConnectOutput>("memory.connect", input, signal),
    /** Writes your memory to a folder of your files in open formats; memory.import takes such a folder in again. */
    export: (input: MemoryExportInput = {}, signal?: AbortSignal) => call<MemoryExportInput, MemoryExportOutput>("memory.export", input, signal),
    /** Forgets a source, an item, what a person wrote, or a time: from the index, the originals and the disk. */
    forget: (input: MemoryForgetInput = {}, signal?: AbortSignal) => call<MemoryForgetInput, MemoryForgetOutput>("memory.forget", input, signal),
    /** Says how much a call to memory.forget would remove. */
    forgetPreview: (input: MemoryForgetInput = {}, signal?: AbortSignal) => call<MemoryForgetInput, MemoryForgetPreviewOutput>("memory.forget_preview", input, signal),
    /** Reads mail, chats, notes, documents and more into your memory. */
    import: (input: MemoryImportInput = {}, signal?: AbortSignal) => call<MemoryImportInput, MemoryImportOutput>("memory.import", input, signal),
    /** Shows one item of your memory. */
    item: (input: MemoryItemInput, signal?: AbortSignal) => call<MemoryItemInput, MemoryItemOutput>("memory.item", input, signal),
    /** Changes the label of a source or an item; less careful only by the person themselves. */
    label: (input: MemoryLabelInput = {}, signal?: AbortSignal) => call<MemoryLabelInput, MemoryLabelOutput>("memory.label", input, signal),
    /** Says that two people are the same one. */
    mergePeople: (input: MemoryMergePeopleInput, signal?: AbortSignal) => call<MemoryMergePeopleInput, MemoryMergePeopleOutput>("memory.merge_people", input, signal),
    /** Lists people who may be the same one. */
    mergeSuggestions: (input: MemoryMergeSuggestionsInput = {}, signal?: AbortSignal) => call<MemoryMergeSuggestionsInput, MemoryMergeSuggestionsOutput>("memory.merge_suggestions", input, signal),
    /** Lists what happened on this day in earlier years. */
    onThisDay: (input: MemoryOnThisDayInput = {}, signal?: AbortSignal) => call<MemoryOnThisDayInput, MemoryOnThisDayOutput>("memory.on_this_day", input, signal),
    /** Gives an item as it came in, byte by byte. Downloads of any size, at /originals/<item>, stand under this too. */
    original: (input: MemoryItemInput, signal?: AbortSignal) => call<MemoryItemInput, MemoryOriginalOutput>("memory.original", input, signal),
    /** Lists the people whom your memory names. */
    people: (input: MemoryPeopleInput = {}, signal?: AbortSignal) => call<MemoryPeopleInput, MemoryPeopleOutput>("memory.people", input, signal),
    /** Shows a person: addresses, recent items, and who is with them. */
    person: (input: MemoryPersonInput, signal?: AbortSignal) => call<MemoryPersonInput, MemoryPersonOutput>("memory.person", input, signal),
    /** Lists open promises, meetings and deadlines of recent items. */
    promises: (input: MemoryPromisesInput = {}, signal?: AbortSignal) => call<MemoryPromisesInput, MemoryPromisesOutput>("memory.promises", input, signal),
    /** Removes a saved search. */
    removeSearch: (input: MemoryRemoveSearchInput, signal?: AbortSignal) => call<MemoryRemoveSearchInput, Nothing>("memory.remove_search", input, signal),
    /** Keeps a search under a name. */
    saveSearch: (input: MemorySaveSearchInput, signal?: AbortSignal) => call<MemorySaveSearchInput, MemorySaveSearchOutput>("memory.save_search", input, signal),
    /** Lists the searches that you keep. */
    savedSearches: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, MemorySavedSearchesOutput>("memory.saved_searches", input, signal),
    /** Searches your memory. */
    search: (input: MemorySearchInput = {}, signal?: AbortSignal) => call<MemorySearchInput, MemorySearchOutput>("memory.search", input, signal),
    /** Marks a promise as done, as none, or as open again. */
    settlePromise: (input: MemorySettlePromiseInput, signal?: AbortSignal) => call<MemorySettlePromiseInput, Nothing>("memory.settle_promise", input, signal),
    /** Lists where your memory comes from. */
    sources: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, MemorySourcesOutput>("memory.sources", input, signal),
    /** Shows a whole conversation, page by page. */
    thread: (input: MemoryThreadInput, signal?: AbortSignal) => call<MemoryThreadInput, MemoryThreadOutput>("memory.thread", input, signal),
    /** Lists items by time, newest first. */
    timeline: (input: MemoryTimelineInput = {}, signal?: AbortSignal) => call<MemoryTimelineInput, MemoryTimelineOutput>("memory.timeline", input, signal),
    /** Takes back that two people are the same one. */
    undoMerge: (input: MemoryUndoMergeInput, signal?: AbortSignal) => call<MemoryUndoMergeInput, Nothing>("memory.undo_merge", input, signal),
  },
  system: {
    /** Says what the machine is: its parts, its addresses, and the room the box takes. */
    state: (input: Nothing = {}, signal?: AbortSignal) => call<Nothing, SystemState>("system.state", input, signal),
    /** Shows how the machine is doing, live: processor, memory, disk, network and graphics. */
    watch: (input: SystemWatchInput = {}, signal?: AbortSignal) => stream<SystemWatchInput, SystemSample>("system.watch", input, signal),
  },
};
