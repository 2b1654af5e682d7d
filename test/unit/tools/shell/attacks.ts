import { PROGRAM_ATTACKS } from './attack-programs';
import { SYNTAX_ATTACKS } from './attack-syntax';

export const ATTACKS = { ...SYNTAX_ATTACKS, ...PROGRAM_ATTACKS };
export const ATTACK_LINES: readonly string[] = Object.values(ATTACKS).flat();
