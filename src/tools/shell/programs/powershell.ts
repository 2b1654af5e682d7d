/** Cmdlets that read. Sources: the reference of PowerShell 7.4 and of Windows PowerShell 5.1. Whatever is not here asks. */

/** A cmdlet: its switches, the parameters that take a literal, and which of its words are paths. */
export type Cmdlet = {
  readonly does: string;
  readonly switches: string;
  readonly valued: string;
  readonly paths: string;
  readonly positional: 'path' | 'text' | 'text,path' | 'none';
  /** It takes a script block of comparisons and properties. */
  readonly block?: true;
  /** Words of it name members, of which some would be called. */
  readonly members?: true;
  /** It takes commands in brackets as its operands. */
  readonly nested?: true;
  /** Only names and facts of its paths are shown. */
  readonly names?: true;
};

type More = Partial<Omit<Cmdlet, 'does' | 'positional'>>;
const c = (does: string, positional: Cmdlet['positional'], more: More = {}): Cmdlet => ({
  does,
  positional,
  switches: '',
  valued: '',
  paths: '',
  ...more,
});

const PLACE = 'Path LiteralPath';
const facts = (names: readonly string[], valued = ''): Record<string, Cmdlet> =>
  Object.fromEntries(
    names.map((name) => [name.toLowerCase(), c('shows facts of the system', 'text', { valued, switches: 'All ListAvailable List' })]),
  );

export const CMDLETS: Readonly<Record<string, Cmdlet>> = {
  'get-childitem': c('lists files', 'path', {
    switches: 'Recurse R S Force Name File Directory Hidden ReadOnly System FollowSymlink',
    valued: 'Filter Fi Include Exclude Depth Attributes',
    paths: PLACE,
    names: true,
  }),
  'get-content': c('prints files', 'path', {
    switches: 'Raw Force Wait',
    valued: 'TotalCount Tail Last First Head Encoding ReadCount Delimiter',
    paths: PLACE,
  }),
  'get-item': c('shows facts of files', 'path', { switches: 'Force', valued: 'Include Exclude', paths: PLACE, names: true }),
  'get-itemproperty': c('shows facts of files', 'path', { valued: 'Name', paths: PLACE, names: true }),
  'test-path': c('tells whether a file is there', 'path', { switches: 'IsValid', valued: 'PathType', paths: PLACE, names: true }),
  'resolve-path': c('shows a real path', 'path', { switches: 'Relative', paths: PLACE, names: true }),
  'convert-path': c('shows a real path', 'path', { paths: PLACE, names: true }),
  'split-path': c('shows a part of a path', 'text', {
    switches: 'Leaf Parent LeafBase Extension Qualifier NoQualifier IsAbsolute',
    valued: PLACE,
  }),
  'join-path': c('joins paths', 'text', { valued: 'Path ChildPath' }),
  'get-filehash': c('prints checksums', 'path', { valued: 'Algorithm', paths: PLACE }),
  'get-acl': c('shows rights of files', 'path', { paths: PLACE, names: true }),
  'format-hex': c('prints bytes', 'path', { valued: 'Count Offset', paths: PLACE }),
  'import-csv': c('reads a table', 'path', { valued: 'Delimiter Encoding Header', paths: PLACE }),
  'select-string': c('searches text', 'text,path', {
    switches: 'CaseSensitive SimpleMatch Quiet List NotMatch AllMatches Raw NoEmphasis',
    valued: 'Pattern Context Include Exclude Encoding',
    paths: PLACE,
  }),
  'get-location': c('prints the current folder', 'none', { switches: 'Stack' }),
  'get-date': c('prints the date', 'text', { switches: 'AsUTC', valued: 'Format UFormat Date Year Month Day Hour Minute Second' }),
  'get-process': c('lists processes', 'text', { switches: 'FileVersionInfo Module IncludeUserName', valued: 'Name Id' }),
  'get-service': c('lists services', 'text', {
    switches: 'DependentServices RequiredServices',
    valued: 'Name DisplayName Include Exclude',
  }),
  'get-command': c('finds a program', 'text', {
    switches: 'All Syntax ListImported',
    valued: 'Name CommandType Module Verb Noun TotalCount',
  }),
  'get-help': c('shows help', 'text', { switches: 'Examples Full Detailed', valued: 'Name Parameter Category' }),
  'get-member': c('shows what things have', 'text', { switches: 'Force Static', valued: 'Name MemberType' }),
  'get-computerinfo': c('shows facts of the system', 'text', { valued: 'Property' }),
  'get-ciminstance': c('shows facts of the system', 'text', { valued: 'ClassName Filter Property Namespace' }),
  'get-wmiobject': c('shows facts of the system', 'text', { switches: 'List', valued: 'Class Filter Property Namespace' }),
  'get-eventlog': c('shows a log', 'text', { switches: 'List', valued: 'LogName Newest EntryType Source After Before Message InstanceId' }),
  'get-winevent': c('shows a log', 'text', { switches: 'Oldest', valued: 'LogName MaxEvents ProviderName ListLog ListProvider' }),
  'get-nettcpconnection': c('lists connections', 'text', { valued: 'LocalPort RemotePort State LocalAddress RemoteAddress OwningProcess' }),
  'get-random': c('makes a number', 'text', { valued: 'Maximum Minimum Count' }),
  'get-counter': c('measures the system', 'text', { switches: 'Continuous', valued: 'Counter ListSet MaxSamples SampleInterval' }),
  'new-timespan': c('computes a time', 'text', { valued: 'Start End Days Hours Minutes Seconds' }),
  ...facts(
    'Get-Host Get-Alias Get-Module Get-History Get-Culture Get-UICulture Get-TimeZone Get-PSDrive Get-PSProvider Get-ExecutionPolicy Get-HotFix Get-Disk Get-Volume Get-Partition Get-PhysicalDisk Get-NetIPAddress Get-NetIPConfiguration Get-NetAdapter Get-NetRoute Get-NetFirewallRule Get-NetFirewallProfile Get-NetUDPEndpoint Get-NetNeighbor Get-DnsClientServerAddress Get-DnsClientCache Get-LocalUser Get-LocalGroup Get-LocalGroupMember Get-ScheduledTask Get-ScheduledTaskInfo Get-Package Get-InstalledModule Get-PSRepository Get-Job Get-PSSession Get-Uptime Get-Verb Get-FormatData Get-TypeData Get-Error Get-Printer Get-SmbShare Get-WindowsFeature Get-WindowsOptionalFeature Get-AppxPackage Get-PnpDevice Get-CimClass Get-Runspace Get-PSBreakpoint Get-PSCallStack Get-Event Get-EventSubscriber Get-TraceSource Get-InstalledScript Get-MpComputerStatus Get-BitLockerVolume Get-VM Get-PackageProvider Get-PackageSource Get-WinUserLanguageList Get-WinSystemLocale Get-StorageJob Get-PSHostProcessInfo Get-ExperimentalFeature'.split(
      ' ',
    ),
    'Name Id DriveLetter InterfaceAlias Scope DisplayName Number DiskNumber AddressFamily Module PSProvider TaskName Group Newest',
  ),
  'get-variable': c('shows variables of the shell', 'text', { switches: 'ValueOnly', valued: 'Name Scope' }),
  'get-unique': c('drops equal lines', 'none', { switches: 'AsString OnType' }),
  'measure-object': c('counts', 'text', {
    switches: 'Line Word Character Sum Average Maximum Minimum AllStats StandardDeviation',
    valued: 'Property',
  }),
  'select-object': c('picks lines', 'text', {
    switches: 'Unique',
    valued: 'First Last Skip SkipLast Property ExpandProperty Expand Index ExcludeProperty',
  }),
  'sort-object': c('sorts lines', 'text', {
    switches: 'Descending Desc Unique CaseSensitive Stable',
    valued: 'Property Top Bottom Culture',
    block: true,
  }),
  'group-object': c('groups lines', 'text', { switches: 'NoElement AsHashTable AsString CaseSensitive', valued: 'Property' }),
  'where-object': c('picks lines', 'text', {
    switches: 'Not',
    valued: 'Property Value EQ NE GT LT GE LE Like NotLike Match NotMatch Contains NotContains In NotIn CEQ CNE CLike CMatch Is',
    block: true,
  }),
  'foreach-object': c('prints a part of each line', 'text', { members: true, valued: 'MemberName', block: true }),
  'compare-object': c('compares', 'text', {
    switches: 'IncludeEqual ExcludeDifferent PassThru CaseSensitive',
    valued: 'Property SyncWindow',
    nested: true,
  }),
  'format-table': c('prints a table', 'text', { switches: 'AutoSize Wrap HideTableHeaders Auto', valued: 'Property GroupBy' }),
  'format-list': c('prints a list', 'text', { valued: 'Property GroupBy' }),
  'format-wide': c('prints a list', 'text', { switches: 'AutoSize', valued: 'Property Column' }),
  'out-string': c('prints a text', 'none', { switches: 'Stream NoNewline', valued: 'Width' }),
  'out-null': c('prints nothing', 'none'),
  'out-host': c('prints a text', 'none', { switches: 'Paging' }),
  'out-default': c('prints a text', 'none'),
  'convertto-json': c('prints JSON', 'none', { switches: 'Compress AsArray EnumsAsStrings', valued: 'Depth' }),
  'convertfrom-json': c('reads JSON', 'text', { switches: 'AsHashtable NoEnumerate', valued: 'Depth InputObject' }),
  'convertto-csv': c('prints a table', 'none', { switches: 'NoTypeInformation IncludeTypeInformation UseCulture', valued: 'Delimiter' }),
  'convertfrom-csv': c('reads a table', 'text', { valued: 'Delimiter Header' }),
  'convertto-xml': c('prints XML', 'none', { switches: 'NoTypeInformation', valued: 'Depth As' }),
  'convertto-html': c('prints HTML', 'text', { switches: 'Fragment', valued: 'Property Title As' }),
  'convertfrom-stringdata': c('reads settings', 'text'),
  'write-output': c('prints a text', 'text', { switches: 'NoEnumerate' }),
  'write-host': c('prints a text', 'text', { switches: 'NoNewline', valued: 'ForegroundColor BackgroundColor Separator Object' }),
  'write-verbose': c('prints a text', 'text', { valued: 'Message' }),
  'write-warning': c('prints a text', 'text', { valued: 'Message' }),
  'write-debug': c('prints a text', 'text', { valued: 'Message' }),
  'write-information': c('prints a text', 'text', { valued: 'MessageData' }),
  'start-sleep': c('waits', 'text', { valued: 'Seconds Milliseconds' }),
  'clear-host': c('clears the screen', 'none'),
};

export const ALIASES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'gci=get-childitem ls=get-childitem dir=get-childitem gc=get-content cat=get-content type=get-content gi=get-item gp=get-itemproperty rvpa=resolve-path cvpa=convert-path ipcsv=import-csv ' +
    'sls=select-string pwd=get-location gl=get-location gps=get-process ps=get-process gsv=get-service gcm=get-command help=get-help man=get-help gm=get-member gal=get-alias gmo=get-module h=get-history history=get-history ghy=get-history ' +
    'gdr=get-psdrive gjb=get-job gcim=get-ciminstance gwmi=get-wmiobject gv=get-variable gu=get-unique measure=measure-object select=select-object sort=sort-object group=group-object where=where-object ?=where-object ' +
    '%=foreach-object foreach=foreach-object compare=compare-object diff=compare-object ft=format-table fl=format-list fw=format-wide oh=out-host echo=write-output write=write-output sleep=start-sleep cls=clear-host clear=clear-host gin=get-computerinfo'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
);

/** Members that are no methods: a method of that name would be called. */
export const MEMBERS =
  /^(?:Name|FullName|Length|Id|Path|Line|LineNumber|Count|Extension|BaseName|Directory|DirectoryName|LastWriteTime|CreationTime|ProcessName|CPU|Status|DisplayName|Version|Source|Key|Value|Definition|Matches|Filename|Mode|Parent|Root|StartTime|WorkingSet|Handles|Description)$/i;

/** Programs that PowerShell and cmd do not replace by a command of their own, judged by the common table. */
export const NATIVE =
  /^(?:git|rg|fd|jq|yq|node|npm|pip|pip3|python|python3|docker|podman|kubectl|helm|gh|terraform|tofu|aws|az|gcloud|winget|choco|scoop|java|javac|tsc|eslint|prettier|code|bun|deno|ruby|php|cmake|gcc|clang|minikube|kind|conda|bat|psql|sqlite3|redis-cli|mysql|openssl|cloc|tokei|dotnet|ffmpeg|ffprobe|nvm|volta|pyenv|vercel|heroku|fly|ssh-keygen|gpg|vagrant|pulumi|eksctl|curl|wget)(?:\.exe|\.cmd)?$/i;
