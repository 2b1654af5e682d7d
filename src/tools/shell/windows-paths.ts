import { isDeviceOrNetwork } from '../../core/permission/paths';
import { pathsOf, type Scene } from './scene';

/** No network share, no device, no drive such as `Env:` or `HKLM:`, no list. */
export function isPlainPath(path: string): boolean {
  return !isDeviceOrNetwork(path) && !/[,`$]/.test(path) && !path.replace(/^[A-Za-z]:(?=[\\/])/, '').includes(':');
}

/** Backslashes separate folders in these shells, and a wildcard stands for what lies in its folder. */
export function windowsPaths(path: string, scene: Scene): readonly string[] {
  const slashed = path.replaceAll('\\', '/').replace(/[^/]*[*?].*$/, '') || '.';
  return pathsOf(slashed, false, scene);
}
