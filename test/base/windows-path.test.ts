import { describe, expect, test } from 'vitest';
import {
  absoluteOnWindows,
  isAbsoluteOnWindows,
  isShare,
  windowsPaths,
} from '../../src/base/index.ts';

const { read, print } = windowsPaths;

/** As it is written, as the kernel has it, and as it is printed where that is something else. */
const forms = (
  [
    ['C:\\x\\y', '/x/y'],
    ['c:\\x\\y', '/x/y', 'C:\\x\\y'],
    ['C:/x/y', '/x/y', 'C:\\x\\y'],
    ['c:/x\\y', '/x/y', 'C:\\x\\y'],
    ['/C:/x/y', '/x/y', 'C:\\x\\y'],
    ['\\x\\y', '/x/y', 'C:\\x\\y'],
    ['/x/y', '/x/y', 'C:\\x\\y'],
    ['C:\\', '/'],
    ['C:', '/', 'C:\\'],
    ['/', '/', 'C:\\'],
    ['\\', '/', 'C:\\'],
    ['C:x', '/x', 'C:\\x'],
    ['C:\\\\x', '/x', 'C:\\x'],
    ['C:\\x\\', '/x/'],
    ['C:\\a b\\..\\c', '/a b/../c'],
    ['D:\\x', '/D:/x'],
    ['d:/x', '/D:/x', 'D:\\x'],
    ['/D:/x', '/D:/x', 'D:\\x'],
    ['D:\\', '/D:', 'D:'],
    ['D:', '/D:'],
    ['x\\y', 'x/y'],
    ['x/y', 'x/y', 'x\\y'],
    ['..\\x', '../x'],
    ['.', '.'],
    ['', ''],
    ['ab:\\x', 'ab:/x'],
    ['x\\C:\\y', 'x/C:/y'],
    ['\\\\server\\share\\x', '/UNC:/server/share/x'],
    ['\\\\?\\UNC\\server\\share', '/UNC:/server/share', '\\\\server\\share'],
    ['\\\\?\\C:\\x', '/x', 'C:\\x'],
    ['\\\\.\\D:\\x', '/D:/x', 'D:\\x'],
    ['\\\\.\\pipe\\docker_engine', '/UNC:/pipe/docker_engine', '\\\\pipe\\docker_engine'],
  ] as [string, string, string?][]
).map(([written, kernel, printed = written]) => [written, kernel, printed] as const);

describe('a path of Windows', () => {
  test.each(forms)('%j is %j of the kernel', (written, kernel, printed) => {
    expect(read(written)).toBe(kernel);
    expect(print(kernel)).toBe(printed);
  });

  test.each(forms)('%j: what was read is read as itself', (_, kernel) => {
    expect(read(kernel)).toBe(kernel);
    expect(read(print(kernel))).toBe(kernel);
  });

  /** What upstream's own function makes of it, by its table. */
  test.each([
    ['C:\\etc\\foo', 'C:\\etc\\foo', true],
    ['C:/etc/foo', 'C:/etc/foo', true],
    ['/cache', 'c:/cache', true],
    ['\\cache', 'c:\\cache', true],
    ['cache', 'c:\\cache', false],
    ['cache/x', 'c:\\cache/x', false],
    ['F:', 'F:', false],
    ['F:x', 'F:x', false],
    ['\\\\server\\share', '\\\\server\\share', true],
    ['\\\\.\\pipe\\x', '\\\\.\\pipe\\x', true],
  ])('%j made absolute is %j', (path, made, absolute) => {
    expect(absoluteOnWindows(path)).toBe(made);
    expect(isAbsoluteOnWindows(path)).toBe(absolute);
    expect(isShare(path)).toBe(path.startsWith('\\\\'));
  });
});
