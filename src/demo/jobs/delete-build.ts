import { type Job, one } from '../play';
import { denial, paths } from '../reading';
import { count, glob, list, quote, type Scene, shell, shortPath } from '../scene';

/** Deletes a folder of generated files: the one job that destroys something, and therefore asks. */

/** The folder that the user speaks of, such as `dist` in "delete the dist folder". */
function wantedFolder(text: string): string {
  const named = /[`'"]?([\w.-]+(?:\/[\w.-]+)*)\/?[`'"]?\s+(?:folder|directory|dir)\b/i.exec(text)?.[1];
  const known = /\b(build|dist|out|output|coverage|tmp|temp|target)\b/i.exec(text)?.[1];
  const folder = named && !/^(the|a|an|this|that|my|whole|generated|old)$/i.test(named) ? named : known;
  return folder ?? 'build';
}

export function* deleteBuild(scene: Scene): Job {
  const folder = wantedFolder(scene.text);
  if (!isOwnFolder(folder)) return { text: `\`${folder}\` is not a folder inside this project, so I leave it alone.` };
  const listing = yield* one(glob(`${folder}/**`), {
    thinking: 'What is in it? I do not delete what I have not looked at.',
    text: `I look at what is in \`${folder}/\`.`,
  });
  const before = paths(listing).map((path) => shortPath(path, scene.root));
  if (before.length === 0)
    return {
      text: `There is no \`${folder}\` folder with files in it here${listing.isError ? ` (${listing.text})` : ''}, so there is nothing to delete.`,
    };
  if (!scene.has('shell'))
    return {
      text: `\`${folder}/\` holds ${count(before.length, 'file')}, but there is no \`shell\` tool in this session to delete a folder with.`,
    };

  const command = removal(scene.about('shell'), folder);
  const answer = yield* one(shell(command), {
    thinking: `${count(before.length, 'file')}: ${list(before.slice(0, 4))}${before.length > 4 ? ' and more' : ''}. Deleting can not be undone, so this will be asked.`,
    text: `It holds ${count(before.length, 'file')}: ${list(before.slice(0, 4).map((path) => `\`${path}\``))}${before.length > 4 ? ' and more' : ''}. I delete the folder.`,
  });
  const refused = denial(answer);
  if (refused) return { text: refusedText(folder, command, refused.reason, refused.byUser) };

  const left = paths(yield* one(glob(`${folder}/**`), { text: 'Is it gone?' }));
  if (left.length > 0)
    return { text: `\`${command}\` did not do it: \`${folder}/\` still holds ${count(left.length, 'file')}:\n\n${quote(answer.text)}` };
  return { text: `\`${folder}/\` is gone, with the ${count(before.length, 'file')} that were in it. A build writes it anew.` };
}

function refusedText(folder: string, command: string, reason: string, byUser: boolean): string {
  const who = byUser ? 'You did not allow it' : 'It was not allowed';
  const why = reason === '' ? '.' : `:\n\n${quote(reason)}\n`;
  return `${who}${why}\n\nI left \`${folder}/\` as it is and ran nothing. If you want it gone later, this is the command: \`${command}\`.`;
}

/** In the words of the shell that the tool names. */
function removal(about: string, folder: string): string {
  if (/command in PowerShell/.test(about)) return `Remove-Item -Recurse -Force ${folder}`;
  if (/command in cmd\.exe/.test(about)) return `rmdir /s /q ${folder.replaceAll('/', '\\')}`;
  return `rm -rf ${folder}`;
}

function isOwnFolder(folder: string): boolean {
  return !folder.startsWith('/') && !folder.split('/').some((part) => part === '..' || part === '.' || part === '.git');
}
