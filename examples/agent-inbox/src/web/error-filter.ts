import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { describeError, GraphApiError, isWhatsAppError } from 'wa-coexist/errors';
import type { ErrorView } from '../views.ts';

/** Converts errors to JSON with a kind, a message and a remedy. Pages show them. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Requests');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { status, view } = describe(error);
    if (status >= 500) this.logger.error(error);
    // A stream has begun and can't change its status.
    if (response.headersSent) response.end();
    else response.status(status).json({ error: view });
  }
}

function describe(error: unknown): { readonly status: number; readonly view: ErrorView } {
  if (isWhatsAppError(error)) {
    const remedy = error instanceof GraphApiError ? describeError(error)?.remedy : undefined;
    // Messages of the library contain no secrets.
    return { status: 422, view: { kind: error.kind, message: error.message, remedy: remedy ?? null } };
  }
  if (error instanceof HttpException) {
    return { status: error.getStatus(), view: { kind: 'request', message: error.message, remedy: null } };
  }
  // Express reports requests that it can't read, for example invalid JSON.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status >= 400 && status < 500) {
    return { status, view: { kind: 'request', message: 'The server could not read this request.', remedy: null } };
  }
  return { status: 500, view: { kind: 'internal', message: 'This failed. The log of the server says why.', remedy: null } };
}
