import { describe, expect, it } from '@jest/globals';
import { type HttpFacts, httpActionRequest } from '../../../src/core/http-action-request.js';

const raw = { user: 'ann' };

const requestWith = (facts: Partial<HttpFacts<typeof raw>>) =>
  httpActionRequest({
    method: 'POST',
    url: '/payments?x=1',
    pattern: '/payments',
    params: {},
    query: {},
    headers: { 'content-length': '2', 'content-type': 'application/json' },
    body: {},
    ip: '192.0.2.1',
    message: { readableDidRead: true, readableEnded: true },
    raw,
    ...facts,
  });

describe('a request of an HTTP framework', () => {
  it('keeps what was routed, without the query in its path', () => {
    expect(requestWith({ params: { id: '7' }, query: { x: '1' }, body: { a: 1 } })).toEqual({
      transport: 'http',
      method: 'POST',
      path: '/payments',
      route: '/payments',
      params: { id: '7' },
      query: { x: '1' },
      headers: { 'content-length': '2', 'content-type': 'application/json' },
      body: { a: 1 },
      bodyState: 'read',
      ip: '192.0.2.1',
      raw,
    });
  });

  it('counts HEAD, in whatever case, as the GET that it runs', () => {
    expect(requestWith({ method: 'head' }).method).toBe('GET');
    expect(requestWith({ method: 'put' }).method).toBe('PUT');
  });

  it('has no route where the pattern is no text', () => {
    expect(requestWith({ pattern: /x/ }).route).toBe('');
  });

  it.each([undefined, null, 'text', 7])('has no fields in params and query of %p', (value) => {
    const { params, query } = requestWith({ params: value, query: value });
    expect({ params, query }).toEqual({ params: {}, query: {} });
    expect(Object.keys(query)).toEqual([]);
  });
});

describe('the body', () => {
  const stateOf = (facts: Partial<HttpFacts<typeof raw>>) => requestWith(facts).bodyState;
  const PLAIN = { 'content-length': '2', 'content-type': 'text/plain' };

  it.each([
    ['no header says so', { headers: {} }],
    ['its length is none', { headers: { 'content-length': '0' } }],
    [
      'an HTTP/2 stream ended with its headers',
      { headers: {}, message: { stream: { endAfterHeaders: true } } },
    ],
    ['there is no stream', { headers: {}, message: { stream: null } }],
    ['the stream is nothing of Node’s', { headers: {}, message: { stream: 'none' } }],
  ])('is absent where %s; an empty object is none', (_when, facts) => {
    expect(requestWith(facts)).toMatchObject({ bodyState: 'absent', body: undefined });
    expect(requestWith({ ...facts, body: { a: 1 } }).body).toEqual({ a: 1 });
    expect(requestWith({ ...facts, body: [] }).body).toEqual([]);
  });

  it.each([
    ['a length', {}],
    ['chunks', { headers: { 'transfer-encoding': 'chunked', 'content-type': 'application/json' } }],
    [
      'an HTTP/2 stream',
      {
        headers: { 'content-type': 'application/json' },
        message: { readableDidRead: true, stream: { endAfterHeaders: false } },
      },
    ],
  ])('is there by %s, and read where a parser has read it', (_how, facts) => {
    expect(stateOf(facts)).toBe('read');
    expect(stateOf({ ...facts, body: undefined })).toBe('unread');
  });

  it('is unread where nobody touched the stream', () => {
    expect(stateOf({ body: { a: 1 }, message: { readableDidRead: false } })).toBe('unread');
    expect(stateOf({ body: { a: 1 }, message: {} })).toBe('read');
  });

  it('is read where the stream was announced and had nothing in it', () => {
    const message = { readableDidRead: false, readableEnded: true };
    expect(stateOf({ message })).toBe('read');
    expect(stateOf({ message: { readableDidRead: false, readableEnded: false } })).toBe('unread');
  });

  it('is unread where an empty object stands for a type that no parser took', () => {
    expect(stateOf({ headers: PLAIN })).toBe('unread');
    expect(stateOf({ headers: PLAIN, body: { a: 1 } })).toBe('read');
    for (const type of [
      'application/vnd.api+JSON',
      'x-www-form-urlencoded',
      'multipart/form-data',
    ]) {
      expect(stateOf({ headers: { ...PLAIN, 'content-type': type } })).toBe('read');
    }
  });
});
