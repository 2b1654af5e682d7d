/** What a Git command throws away: work that is not committed, commits that nothing else names, or history of others [B5]. */
export function gitDestruction(args: readonly string[]): string | undefined {
  const [verb = '', ...rest] = afterGlobals(args);
  const has = (...shapes: readonly RegExp[]): boolean => rest.some((arg) => shapes.some((shape) => shape.test(arg)));
  switch (verb) {
    case 'reset':
      return has(/^--(?:hard|merge|keep)$/) ? 'It throws away changes that are not committed.' : undefined;
    case 'clean':
      return has(/^-\w*n/, /^--dry-run$/) ? undefined : 'It deletes files that Git does not track.';
    case 'push':
      if (has(/^-\w*f/, /^--force/, /^--mirror$/, /^\+/)) return 'It overwrites history on the remote.';
      return has(/^-\w*d/, /^--(?:delete|prune)$/, /^:.+/) ? 'It deletes branches or tags on the remote.' : undefined;
    case 'checkout':
      if (has(/^-\w*f/, /^--(?:force|ours|theirs|patch)$/, /^--$/, /^\.{1,2}(?:\/|$)/, /^:\//))
        return 'It throws away changes that are not committed.';
      return has(/^-B/) ? 'It moves a branch away from its commits.' : undefined;
    case 'restore':
      return has(/^--staged$/, /^-\w*S/) && !has(/^--worktree$/, /^-\w*W/) ? undefined : 'It throws away changes that are not committed.';
    case 'switch':
      return has(/^-\w*[fC]/, /^--(?:force|discard-changes|force-create)/) ? 'It throws away changes or moves a branch.' : undefined;
    case 'branch':
      return has(/^-\w*[dDMC]/, /^--(?:delete|force)/, /^-\w*f/) ? 'It deletes or overwrites a branch.' : undefined;
    case 'tag':
      return has(/^-\w*[df]/, /^--(?:delete|force)/) ? 'It deletes or moves a tag.' : undefined;
    case 'stash':
      return has(/^(?:drop|clear)$/) ? 'It throws away stashed changes.' : undefined;
    case 'reflog':
      return has(/^(?:expire|delete|drop)$/) ? 'It deletes what lost commits could be found by.' : undefined;
    case 'rm':
      return has(/^--cached$/, /^-\w*n\w*$/, /^--dry-run$/) ? undefined : 'It deletes files.';
    case 'worktree':
      return has(/^(?:remove|prune)$/) ? 'It deletes a worktree.' : undefined;
    case 'remote':
      return has(/^(?:remove|rm|prune)$/) ? 'It removes a remote.' : undefined;
    case 'submodule':
      return has(/^deinit$/) ? 'It deletes the files of a submodule.' : undefined;
    case 'update-ref':
      return has(/^-\w*d/, /^--(?:delete|stdin)$/) ? 'It deletes a reference.' : undefined;
    case 'symbolic-ref':
      return has(/^-d$/, /^--delete$/) ? 'It deletes a reference.' : undefined;
    case 'gc':
      return has(/^--prune/, /^--aggressive$/) ? 'It deletes objects that nothing names.' : undefined;
    case 'notes':
      return has(/^(?:remove|prune)$/) ? 'It deletes notes.' : undefined;
    case 'fetch':
      return has(/^(?:-p|--prune|-P|--prune-tags)$/) ? 'It deletes names of remote branches.' : undefined;
    case 'read-tree':
      return has(/^--reset$/, /^-u$/) ? 'It throws away changes that are not committed.' : undefined;
    case 'checkout-index':
      return has(/^-\w*f/, /^--force$/) ? 'It throws away changes that are not committed.' : undefined;
    case 'replace':
      return has(/^-d$/, /^--delete$/, /^-f$/) ? 'It deletes a replacement.' : undefined;
    case 'commit':
      return has(/^--amend$/) ? 'It replaces the last commit.' : undefined;
    case 'rebase':
    case 'merge':
    case 'cherry-pick':
    case 'am':
      return has(/^--(?:abort|skip|quit)$/) ? 'It throws away what was being combined.' : undefined;
    case 'filter-branch':
    case 'filter-repo':
      return 'It rewrites the whole history.';
    case 'prune':
    case 'prune-packed':
      return 'It deletes objects that nothing names.';
    case 'lfs':
      return has(/^prune$/) ? 'It deletes stored files.' : undefined;
    default:
      return undefined;
  }
}

/** The verb and its arguments: what stands after Git's own options. */
function afterGlobals(args: readonly string[]): readonly string[] {
  let i = 0;
  while (i < args.length && args[i]?.startsWith('-')) {
    i += /^(?:-C|-c|--git-dir|--work-tree|--namespace|--config-env|--exec-path|--super-prefix|--attr-source)$/.test(args[i] ?? '') ? 2 : 1;
  }
  return args.slice(i);
}
