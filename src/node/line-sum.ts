import { crc32 } from 'node:zlib';

/** Each line of a log ends with the CRC-32 of what stands before it, so that a line changed by hand or by a bad disk is seen. */
const SUM = /,"sum":"([0-9a-f]{8})"\}$/;
const LENGTH = ',"sum":"00000000"}'.length;

/** The line of a JSON object with its sum. */
export function sealed(json: string): string {
  return `${json.slice(0, -1)},"sum":"${sumOf(json.slice(0, -1))}"}`;
}

export function sealOf(line: string): 'whole' | 'changed' | 'missing' {
  const sum = SUM.exec(line)?.[1];
  if (sum === undefined) return 'missing';
  return sumOf(line.slice(0, -LENGTH)) === sum ? 'whole' : 'changed';
}

/** The JSON of a line as it was before it was sealed. */
export function unsealed(line: string): string {
  return `${line.slice(0, -LENGTH)}}`;
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
