// Mail to test with: real people's anonymised mails, which lie beside the repository and are not part of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from './box';

const folder = join(top, '..', 'shared', 'data', 'mail');
export const mailPresent = existsSync(join(folder, 'david.jsonl'));
export const mailAbsent = `no mail to import: ${join('..', 'shared', 'data', 'mail')} is not there`;

/** The mails of one file as an mbox (RFC 4155), the way mail programs export it. */
export function mbox(name: string): Buffer {
  const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n').filter((line) => line.trim() !== '');
  const mails = lines.map((line, index) => {
    const { subject, email } = JSON.parse(line) as { subject: string; email: string };
    const date = new Date(Date.UTC(2023, 0, 9, 8, 30) + index * 26 * 3_600_000);
    const encoded = /^[\x20-\x7e]*$/.test(subject) ? subject : `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
    const body = email.replace(/\r\n/g, '\n').replace(/^(>*From )/gm, '>$1');
    return [
      `From ${name}@example.org ${date.toUTCString()}`,
      `From: ${name.charAt(0).toUpperCase()}${name.slice(1)} <${name}@example.org>`,
      'To: Colleagues <colleagues@example.org>',
      `Subject: ${encoded}`,
      `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${name}-${index}@example.org>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      body,
      '',
      '',
    ].join('\n');
  });
  return Buffer.from(mails.join(''), 'utf8');
}
