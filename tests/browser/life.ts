// A small life, made up for these tests, so that its pictures may be shown: mail between a few people over some years.

interface Mail {
  from: string;
  to: string;
  at: Date;
  subject: string;
  text: string;
  answers?: number; // which mail before, by its place in the list
}

const ann = 'Ann Lindgren <ann@example.org>';
const bo = 'Bo Tanaka <bo@example.org>';
const bosWork = 'Bo Tanaka <bo@harbour.example>';
const ming = '小明 <xiaoming@example.org>';
const robin = 'Robin <robin@example.org>';

const day = 86_400_000;

/** A moment so many days before now, at an hour and minute of this machine's clock. */
function before(now: Date, days: number, hour: number, minute = 0): Date {
  const then = new Date(now.getTime() - days * day);
  return new Date(then.getFullYear(), then.getMonth(), then.getDate(), hour, minute);
}

/** The same date some years before; the last of February stands in for the day that is not there. */
function yearsBefore(now: Date, years: number, hour: number): Date {
  const then = new Date(now.getFullYear() - years, now.getMonth(), now.getDate(), hour, 12);
  return then.getMonth() === now.getMonth() ? then : new Date(now.getFullYear() - years, now.getMonth() + 1, 0, hour, 12);
}

export function mails(now: Date): Mail[] {
  return [
    { from: ann, to: robin, at: yearsBefore(now, 7, 9), subject: 'First snow', text: 'It snowed all night. The path to the boathouse is gone, and the cat refuses to go out.\n\nCome by for soup on Sunday?' },
    { from: robin, to: ann, at: yearsBefore(now, 3, 18), subject: 'Keys to the boathouse', text: 'I found the second key behind the clock. It hangs by the door now, on the blue ribbon.' },
    { from: ming, to: robin, at: yearsBefore(now, 1, 11), subject: '敦煌的照片', text: '照片洗出来了，九层楼那张最好看。\n\n下次见面带给你。第二百二十窟不让拍照，可惜。' },
    { from: bo, to: robin, at: before(now, 212, 10), subject: 'Lease for the workshop', text: 'The lease for the workshop runs until the end of March. Rent stays at 640 a month, heating included.\n\nThey want the deposit by transfer.' },
    { from: bosWork, to: robin, at: before(now, 96, 8, 20), subject: 'Moorings in the east basin', text: 'The harbour office has two moorings free in the east basin. Shall I put your name down?' },
    { from: robin, to: bosWork, at: before(now, 95, 19), subject: 'Re: Moorings in the east basin', text: 'Yes please, the one nearer the crane.', answers: 4 },
    { from: ann, to: `${robin}, ${bo}`, at: before(now, 12, 21, 5), subject: 'Choir on Thursday', text: 'We sing the Tallis on Thursday at seven. I will send you the scores tomorrow.\n\nCould you bring the folding chairs?' },
    { from: bo, to: `${robin}, ${ann}`, at: before(now, 11, 8, 40), subject: 'Re: Choir on Thursday', text: 'I bring the chairs. Twelve of them fit into the van.', answers: 6 },
    { from: ming, to: robin, at: before(now, 6, 14, 30), subject: '火车票', text: '去敦煌的火车票订好了，十月四日早上八点从兰州出发。\n\n酒店我明天订，订好告诉你。' },
    { from: robin, to: ming, at: before(now, 5, 9, 15), subject: 'Re: 火车票', text: '太好了。请在周五之前把身份证号发给我，我来买门票。', answers: 8 },
    { from: ann, to: robin, at: before(now, 1, 17, 45), subject: 'Boiler', text: 'The plumber comes on Friday at ten to look at the boiler. He needs to get into the cellar, so please leave the key with me.\n\nThe old one lasted nineteen years; the new one is the same make.' },
    { from: bo, to: robin, at: new Date(now.getTime() - 40 * 60_000), subject: 'Varnish', text: 'Two tins of varnish are enough for the hull. I will pick them up on Wednesday.\n\nDo you still have the brush that Ann gave us?' },
  ];
}

/** The mails as an mbox (RFC 4155). */
export function lifeAsMbox(now = new Date()): Buffer {
  const all = mails(now);
  const encode = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
  const address = (text: string) => text.replace(/^(\P{ASCII}+) </u, (_, name: string) => `${encode(name)} <`);
  return Buffer.from(
    all
      .map((mail, index) => {
        const date = mail.at.toUTCString().replace('GMT', '+0000');
        return [
          `From mail@example.org ${mail.at.toUTCString()}`,
          `From: ${address(mail.from)}`,
          `To: ${mail.to.split(', ').map(address).join(', ')}`,
          `Subject: ${encode(mail.subject)}`,
          `Date: ${date}`,
          `Message-ID: <life-${index}@example.org>`,
          ...(mail.answers === undefined ? [] : [`In-Reply-To: <life-${mail.answers}@example.org>`, `References: <life-${mail.answers}@example.org>`]),
          'MIME-Version: 1.0',
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: 8bit',
          '',
          mail.text.replace(/^(>*From )/gm, '>$1'),
          '',
          '',
        ].join('\n');
      })
      .join(''),
    'utf8',
  );
}

export const notes = {
  'Journey.md': '# Journey\n\nWe travel to Dunhuang in October to see the wall paintings. The train tickets are booked; the hotel is not.\n\nWarm coats: the desert is cold at night.\n',
  'Boat.md': '# Boat\n\nThe hull wants two coats of varnish before winter. Sand it first.\n\nMooring: east basin, nearer the crane.\n',
  '厨房.md': '# 厨房\n\n新的水壶放在左边的柜子里。酸面包的酵母要每周喂一次。\n',
};

/** Many short mails, one every five hours, as an mbox. */
export function manyAsMbox(count: number, now = new Date()): Buffer {
  const all = Array.from({ length: count }, (_, index) => {
    const at = new Date(now.getTime() - (count - index) * 5 * 3_600_000);
    return [
      `From log@example.org ${at.toUTCString()}`,
      'From: Log <log@example.org>',
      'To: Robin <robin@example.org>',
      `Subject: Entry ${index}`,
      `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <log-${index}@example.org>`,
      '',
      `Line ${index}.`,
      '',
      '',
    ].join('\n');
  });
  return Buffer.from(all.join(''), 'utf8');
}
