import { describe, expect, test } from 'vitest';
import { parseMot } from './mot-file.ts';

const row = (frame: number) => ({ frame, id: -1, box: [0, 1.5, 5, 5], score: 0.9 });

describe('what people feed it', () => {
  test.each([
    ['CRLF', '1,-1,0,1.5,5,5,0.9\r\n2,-1,0,1.5,5,5,0.9\r\n'],
    ['CR alone', '1,-1,0,1.5,5,5,0.9\r2,-1,0,1.5,5,5,0.9\r'],
    ['spaces and tabs around numbers', ' 1, -1,\t0, 1.5 , 5,5 ,0.9\n2,-1,0,1.5,5,5,0.9\n'],
    ['trailing commas', '1,-1,0,1.5,5,5,0.9,,,\n2,-1,0,1.5,5,5,0.9,\n'],
    ['empty lines', '\n1,-1,0,1.5,5,5,0.9\n\n   \n2,-1,0,1.5,5,5,0.9\n\n'],
    ['no last line end', '1,-1,0,1.5,5,5,0.9\n2,-1,0,1.5,5,5,0.9'],
    ['more columns', '1,-1,0,1.5,5,5,0.9,-1,-1,-1\n2,-1,0,1.5,5,5,0.9,x,y,z\n'],
    ['numbers as NumPy writes them', '1.000e+00,-1.0e+00,0.0,1.5,5.,5,.9\n2,-1,0,1.5,5,5,9e-1\n'],
    ['a byte order mark', '\ufeff1,-1,0,1.5,5,5,0.9\n2,-1,0,1.5,5,5,0.9\n'],
  ])('%s', (_, text) => {
    expect(parseMot(text)).toEqual({ rows: [row(1), row(2)] });
  });

  test('nothing at all is no detection', () => {
    expect(parseMot('')).toEqual({ rows: [] });
  });
});

test.each([
  ['frame,id,x,y,w,h,score', 'column 1 is not a number'],
  ['2,-1,0,x,5,5,1', 'column 4 is not a number'],
  ['2,-1,0,,5,5,1', 'column 4 is not a number'],
  ['2,-1,0,0,5,5,NaN', 'column 7 is not a number'],
  ['2,-1,0,0,5,5,Infinity', 'column 7 is not a number'],
  ['2,-1,0,0,5,5,1e999', 'column 7 is not a number'],
  ['0x2,-1,0,0,5,5,1', 'column 1 is not a number'],
  ['2,-1,0,0,5', 'has 5 columns, at least 7 are needed'],
  ['2,-1,0,0,5,5,,,', 'has 6 columns, at least 7 are needed'],
  ['2 -1 0 0 5 5 1', 'has 1 columns, at least 7 are needed'],
  ['2,-1,0,0,-5,5,1', 'width or height is negative'],
  ['1.5,-1,0,0,5,5,1', 'frame is not a whole number from 0 to 1000000'],
  ['-1,-1,0,0,5,5,1', 'frame is not a whole number from 0 to 1000000'],
  ['1e300,-1,0,0,5,5,1', 'frame is not a whole number from 0 to 1000000'],
  ['2,0.5,0,0,5,5,1', 'id is not a whole number'],
  ['2,-1,1e9,0,5,5,1', 'the box lies beyond any picture'],
])('%s is named with its line', (line, message) => {
  expect(parseMot(`1,-1,0,0,5,5,1\n\n${line}\n`)).toEqual({ fault: { line: 3, message } });
});
