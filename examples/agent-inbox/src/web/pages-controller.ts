import { Controller, Get, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { readFile } from 'node:fs/promises';
import { Settings } from '../settings.ts';

/** The pages, as `build.js` writes them. Other paths don't exist. */
const files: Readonly<Record<string, string>> = {
  'inbox.js': 'text/javascript',
  'campaigns.js': 'text/javascript',
  'signup.js': 'text/javascript',
  'style.css': 'text/css',
};
const folder = new URL('./pages/', import.meta.url);

/** Serves the pages. */
@Controller()
export class PagesController {
  @Inject(Settings) private readonly settings!: Settings;

  @Get()
  inbox(@Res() response: Response): Promise<void> {
    return send(response, 'inbox.html', 'text/html', policy());
  }

  @Get('campaigns')
  campaigns(@Res() response: Response): Promise<void> {
    return send(response, 'campaigns.html', 'text/html', policy());
  }

  /** Only this page runs Meta's script. */
  @Get('signup')
  signup(@Res() response: Response): Promise<void> {
    const { origin } = new URL(this.settings.meta.sdkUrl);
    return send(response, 'signup.html', 'text/html', policy(origin, 'https://*.facebook.com'));
  }

  @Get('assets/:file')
  asset(@Param('file') file: string, @Res() response: Response): Promise<void> {
    const type = Object.hasOwn(files, file) ? files[file] : undefined;
    if (type === undefined) throw new NotFoundException('This file does not exist.');
    return send(response, file, type, policy());
  }
}

/** A content security policy: only scripts of this server, and the ones of Meta on the signup page. */
function policy(sdkOrigin = '', metaOrigins = ''): string {
  return [
    `default-src 'none'`,
    `script-src 'self' ${sdkOrigin}`,
    `connect-src 'self' ${metaOrigins}`,
    `img-src data: ${metaOrigins}`,
    ...(metaOrigins === '' ? [] : [`frame-src ${metaOrigins}`]),
    `style-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

async function send(response: Response, file: string, type: string, contentSecurityPolicy: string): Promise<void> {
  response
    .set({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // The signup page needs its popup.
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cache-control': 'no-cache',
    })
    .type(type)
    .send(await readFile(new URL(file, folder)));
}
