/** Programs and builtins of Windows that look at things. Source: Windows Commands reference. Whatever is not here asks. */

export type WindowsProgram = {
  readonly does: string;
  readonly switches?: RegExp;
  readonly operands?: 'none' | 'text' | 'path' | 'text,path';
  /** The arguments as one text, where verbs and their words count. */
  readonly whole?: RegExp;
  readonly names?: true;
  /** A builtin of cmd, which PowerShell has not. */
  readonly cmdOnly?: true;
  readonly most?: number;
};

const NAME = String.raw`[\w.-]+`;
const w = (does: string, whole: RegExp): WindowsProgram => ({ does, whole });

export const WINDOWS: Readonly<Record<string, WindowsProgram>> = {
  dir: {
    does: 'lists files',
    switches: /^\/(?:a(?::?[dhsrail-]*)?|b|s|o(?::?[nsedg-]*)?|q|t(?::[caw])?|w|x|n|l|4|p|c|d|r)$/i,
    operands: 'path',
    names: true,
    cmdOnly: true,
  },
  type: { does: 'prints files', switches: /^$/, operands: 'path', cmdOnly: true },
  more: { does: 'prints files', switches: /^\/(?:e|c|p|s|t\d)$/i, operands: 'path' },
  find: { does: 'searches text', switches: /^\/(?:v|c|n|i|off|offline)$/i, operands: 'text,path', cmdOnly: true },
  findstr: { does: 'searches text', switches: /^\/(?:[bielrsixvnmop]|c:.+)$/i, operands: 'text,path' },
  sort: { does: 'sorts lines', switches: /^\/(?:r|reverse|\+\d+|unique|c|case_sensitive)$/i, operands: 'path', cmdOnly: true, most: 1 },
  fc: { does: 'compares files', switches: /^\/(?:a|b|c|l|n|t|u|w|lb\d+|\d+)$/i, operands: 'path', cmdOnly: true },
  comp: { does: 'compares files', switches: /^\/(?:a|d|l|c|m|n=\d+|off)$/i, operands: 'path' },
  tree: { does: 'lists a folder as a tree', switches: /^\/[fa]$/i, operands: 'path', names: true },
  where: { does: 'finds a program', switches: /^\/[qft]$/i, operands: 'text', cmdOnly: true },
  'where.exe': { does: 'finds a program', switches: /^\/[qft]$/i, operands: 'text' },
  echo: { does: 'prints a text', switches: /^\/.*/, operands: 'text', cmdOnly: true },
  'echo.': { does: 'prints a text', switches: /^\/.*/, operands: 'text', cmdOnly: true },
  rem: { does: 'does nothing', switches: /^\/.*/, operands: 'text', cmdOnly: true },
  ver: { does: 'prints the system', cmdOnly: true },
  vol: { does: 'shows a disk', operands: 'text', whole: /^(?:[A-Za-z]:)?$/, cmdOnly: true },
  path: { does: 'prints where programs are', cmdOnly: true },
  cls: { does: 'clears the screen' },
  date: { does: 'prints the date', whole: /^\/t$/i, cmdOnly: true },
  time: { does: 'prints the time', whole: /^\/t$/i, cmdOnly: true },
  set: {
    does: 'prints a variable',
    whole: /^(?:PATH|OS|USERNAME|COMPUTERNAME|PATHEXT|COMSPEC|TEMP|TMP|WINDIR|SYSTEMROOT|PROCESSOR_\w+|NUMBER_OF_PROCESSORS)$/i,
    cmdOnly: true,
  },
  assoc: { does: 'shows what opens files', whole: /^(?:\.\w+)?$/, cmdOnly: true },
  ftype: { does: 'shows what opens files', whole: /^\w*$/, cmdOnly: true },
  attrib: { does: 'shows facts of files', switches: /^\/[sdl]$/i, operands: 'path', names: true },
  help: { does: 'shows help', whole: /^\w*$/, cmdOnly: true },
  chcp: { does: 'shows how text is written' },
  mode: { does: 'shows devices', whole: /^(?:con)?$/i },
  whoami: { does: 'prints the user', switches: /^\/(?:user|groups|priv|all|upn|fqdn|logonid|fo|nh)$/i },
  hostname: { does: 'prints the name of the machine' },
  tasklist: { does: 'lists processes', whole: /^(?:\/(?:v|svc|m|nh|apps|fo (?:list|table|csv)|fi [\w .=*-]+)(?: |$))*$/i },
  systeminfo: { does: 'shows the machine', whole: /^(?:\/fo (?:list|table|csv))?$/i },
  driverquery: { does: 'lists drivers', whole: /^(?:\/(?:v|si|nh|fo (?:list|table|csv))(?: |$))*$/i },
  netstat: { does: 'lists connections', whole: /^(?:-[abenoqrst]+|-p (?:tcp|udp)v?6?| )*$/i },
  ipconfig: { does: 'shows the network', whole: /^(?:\/(?:all|allcompartments|displaydns))?$/i },
  getmac: { does: 'shows the network', whole: /^(?:\/(?:v|nh|fo (?:list|table|csv))(?: |$))*$/i },
  arp: { does: 'shows neighbours in the network', whole: /^-[ag](?: [\d.]+)?$/i },
  route: { does: 'shows routes', whole: /^print(?: -[46])?$/i },
  net: {
    does: 'shows users and services',
    whole: /^(?:user(?: \w+)?|share|start|localgroup(?: \w+)?|view|accounts|statistics(?: \w+)?|use|config(?: \w+)?|session|file)$/i,
  },
  sc: { does: 'shows services', whole: new RegExp(`^(?:query|queryex|qc|qdescription|qfailure|sdshow)(?: ${NAME})?$`, 'i'), cmdOnly: true },
  'sc.exe': { does: 'shows services', whole: new RegExp(`^(?:query|queryex|qc|qdescription|qfailure|sdshow)(?: ${NAME})?$`, 'i') },
  schtasks: w('lists timed jobs', /^(?:\/query(?: \/(?:v|nh|fo (?:list|table|csv)|tn [\w\\ -]+))*)?$/i),
  reg: w('shows settings', /^query (?:HK(?:LM|CU|CR|U|CC)|HKEY_\w+)[\w\\ .-]*?(?: \/(?:s|ve|v [\w.]+|f [\w.]+|t \w+|k|d|e|c|reg:\d+))*$/i),
  wmic: w(
    'shows facts of the system',
    /^(?:os|cpu|bios|baseboard|computersystem|csproduct|diskdrive|logicaldisk|memorychip|nic|nicconfig|process|product|qfe|service|startup|useraccount|volume|partition|timezone)(?: (?:get [\w,]+|list(?: (?:brief|full|status))?|where name=\w+ get [\w,]+))?(?: \/value)?$/i,
  ),
  powercfg: w('shows power', /^\/(?:list|l|a|availablesleepstates|query|q|getactivescheme|lastwake|requests|waketimers|devicequery \w+)$/i),
  bcdedit: w('shows how the machine starts', /^(?:\/enum(?: \w+)?)?$/i),
  wevtutil: w('shows logs', /^(?:el|enum-logs|gl \w+|gli \w+|ep|qe \w+(?: \/(?:c:\d+|rd:true|f:text|q:\*))*)$/i),
  fsutil: w(
    'shows facts of disks',
    /^(?:fsinfo (?:drives|drivetype [A-Z]:|volumeinfo [A-Z]:|ntfsinfo [A-Z]:|statistics [A-Z]:)|volume diskfree [A-Z]:|dirty query [A-Z]:)\\?$/i,
  ),
  certutil: w('prints checksums', /^-hashfile [\w.\\-]+(?: (?:md5|sha1|sha256|sha384|sha512))?$/i),
  gpresult: w('shows policies', /^\/(?:r|v|z)$/i),
  query: w('shows users', /^(?:user|session|process)$/i),
  quser: w('shows users', /^$/),
  qwinsta: w('shows users', /^$/),
  openfiles: w('lists open files', /^\/query$/i),
  cmdkey: w('lists names of logins', /^\/list$/i),
  icacls: w('shows rights of files', /^[\w.\\-]+$/),
  timeout: w('waits', /^(?:\/t )?\d+(?: \/nobreak)?$/i),
};

/** Variables of cmd and PowerShell that hold no secret. */
export const SHOWN_VARIABLES =
  /^(?:PATH|PATHEXT|CD|DATE|TIME|OS|ERRORLEVEL|RANDOM|USERNAME|USERPROFILE|USERDOMAIN|COMPUTERNAME|HOMEPATH|HOMEDRIVE|TEMP|TMP|WINDIR|SYSTEMROOT|COMSPEC|PROGRAMFILES|PROGRAMDATA|APPDATA|LOCALAPPDATA|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|HOME|USER|SHELL|LANG|PSMODULEPATH)$/i;
