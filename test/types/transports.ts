// Compiled by `npm run typecheck`, never run: each `@ts-expect-error` is a mistake that must not compile.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { TcpContext } from '@nestjs/microservices';
import type { ActionRequest, SignedInRequest } from 'authsignal-guard';
import { actionRequestOf, RequireAction } from 'authsignal-guard/nest';
import type { Request } from 'express';
import type { Socket } from 'socket.io';

declare const context: ExecutionContext;
declare const request: Request;

// Of a context and of a request alike; the application names what it gave its gate.
export const asked: ActionRequest<unknown, SignedInRequest> = actionRequestOf(context);
export const askedBySocket: ActionRequest<unknown, Socket> = actionRequestOf<Socket>(context);
export const askedByHttp: ActionRequest<unknown, SignedInRequest> = actionRequestOf(request);
// @ts-expect-error neither a context nor a request
actionRequestOf({ headers: {} });

export const Asked = createParamDecorator((_data: undefined, given: ExecutionContext) =>
  actionRequestOf(given),
);

// Whom a message comes from stands where the application has put it.
RequireAction<unknown, Socket>('pay', { subject: ({ raw }) => String(raw.data.userId) });
RequireAction<unknown, TcpContext>('pay', { subject: ({ raw }) => raw.getPattern() });
// @ts-expect-error no such method
RequireAction<unknown, TcpContext>('pay', { subject: ({ raw }) => raw.getUser() });

// Nothing is known of the parent of a field.
RequireAction('pay', { bind: ({ parent }) => String(parent) });
// @ts-expect-error unknown until the application says what it is
RequireAction('pay', { bind: ({ parent }) => parent.id });
