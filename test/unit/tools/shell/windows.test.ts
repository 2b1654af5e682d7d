import { strict as assert } from 'node:assert';
import type { ShellKind } from '../../../../src/core/ports/shell';
import { assess } from './scene';

const READS: Readonly<Record<'powershell' | 'cmd', readonly string[]>> = {
  powershell: [
    'Get-ChildItem',
    'get-childitem -Recurse -Filter *.ts src',
    'ls src',
    'Get-Content package.json -TotalCount 20',
    'cat .\\src\\a.ts',
    "Select-String -Pattern 'foo bar' -Path src\\a.ts",
    'Get-ChildItem -Recurse | Select-Object -First 5',
    'Get-Content a.json | ConvertFrom-Json',
    'Test-Path src -ErrorAction SilentlyContinue',
    'Get-Location',
    'git status',
    'git log --oneline -5',
    'rg -n foo src',
    'echo hello',
  ],
  cmd: [
    'dir',
    'dir /s /b src',
    'type package.json',
    'findstr /s /i "foo bar" *.ts',
    'where node',
    'echo hello',
    'ver',
    'git status',
    'cd',
    'tree /f',
  ],
};

const ASKS: Readonly<Record<'powershell' | 'cmd', readonly string[]>> = {
  powershell: [
    'Remove-Item a',
    'Get-ChildItem; Remove-Item a',
    'Get-ChildItem | Remove-Item',
    'Get-Content $env:SECRET',
    'Get-Content "$(Remove-Item a)"',
    'Get-ChildItem | ForEach-Object { rm $_ }',
    'Select-Object @{E={rm a}}',
    'Get-ChildItem | Sort-Object { rm a }',
    '& "rm" a',
    '. .\\a.ps1',
    '.\\a.ps1',
    'Get-ChildItem Env:',
    'Get-Content HKLM:\\x',
    'Get-Content \\\\host\\share\\x',
    'Get-Content //host/share/x',
    'Get-ChildItem -OutVariable PSDefaultParameterValues',
    'Get-Content a > b',
    'Get-Content a &',
    'Get-ChildItem –Recurse',
    'Get-Content a`b',
    'Invoke-Expression ls',
    'iex (iwr x)',
    'Set-Content a b',
    'curl x',
    'git status; rm a',
    'git log --output=f',
    'git diff a,b',
    'cd..',
    'C:',
    'Get-ChildItem --% foo',
    'Get-Process -ErrorAction Break',
    'Get-Content a\nRemove-Item b',
    'Get-Unknown',
  ],
  cmd: [
    'del a',
    'rd /s /q d:\\',
    'dir & del a',
    'dir && del a',
    'dir | del',
    'type %USERPROFILE%\\a',
    'echo %PATH:~0,1%',
    'echo a > b',
    'dir ^& del a',
    'for /f %i in (a) do del %i',
    'type \\\\host\\share\\a',
    'a.bat',
    'call a',
    'start a',
    'git log --output=f',
    'findstr /g:a b',
    'findstr /f:a b',
    'dir /x:y',
    'type "a%b%"',
    'echo a\ndel b',
    'type C:\\x:stream',
    'type CON|del',
  ],
};

describe('PowerShell and cmd', () => {
  for (const [shell, lines] of Object.entries(READS)) {
    for (const line of lines)
      it(`${shell} reads: ${line}`, async () => assert.equal((await assess(line, shell as ShellKind)).class, 'read_only'));
  }
  for (const [shell, lines] of Object.entries(ASKS)) {
    for (const line of lines)
      it(`${shell} asks: ${JSON.stringify(line)}`, async () =>
        assert.notEqual((await assess(line, shell as ShellKind)).class, 'read_only'));
  }
  it('names destruction there too', async () => {
    for (const line of ['Remove-Item -Recurse dist', 'rd /s /q dist', 'del a.txt', 'Clear-Content a', 'ri a', 'git reset --hard']) {
      assert.equal((await assess(line, 'powershell')).class, 'destructive', line);
    }
    for (const line of ['rmdir /s /q d:\\', 'rd /s /q C:\\Windows', 'del /s C:\\*', 'Remove-Item -Recurse C:\\']) {
      assert.ok((await assess(line, 'cmd')).subjects[0]?.critical, line);
    }
  });
  it('judges sh as the shell that it is', async () => {
    assert.equal((await assess('ls &> /dev/null', 'bash')).class, 'read_only');
    assert.equal((await assess('ls &> /dev/null', 'sh')).subjects[0]?.opaque, true);
    assert.equal((await assess('ls |& cat', 'sh')).subjects[0]?.opaque, true);
    assert.equal((await assess('ls 2>&1 | cat', 'sh')).class, 'read_only');
  });
});
