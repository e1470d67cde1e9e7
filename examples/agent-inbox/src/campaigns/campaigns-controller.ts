import { Body, Controller, Get, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import type { CampaignView, TemplateView } from '../views.ts';
import { agentOf } from '../web/access.ts';
import { ConnectedNumber } from '../web/connected-number.ts';
import { readText } from '../web/read-body.ts';
import { Campaigns } from './campaigns.ts';

const maxRecipientsText = 2_000_000;

/** The API of the campaign page. */
@Controller('api/numbers/:number')
@UseGuards(ConnectedNumber)
export class CampaignsController {
  @Inject(Campaigns) private readonly campaigns!: Campaigns;

  @Get('templates')
  templates(@Param('number') number: string): Promise<readonly TemplateView[]> {
    return this.campaigns.templates(number);
  }

  @Get('campaigns')
  list(@Param('number') number: string): Promise<readonly CampaignView[]> {
    return this.campaigns.list(number);
  }

  @Post('campaigns')
  create(@Param('number') number: string, @Body() body: unknown, @Res({ passthrough: true }) response: Response): Promise<CampaignView> {
    return this.campaigns.create(number, agentOf(response), {
      id: readText(body, 'key', { pattern: /^[\da-f-]{36}$/ }),
      name: readText(body, 'name', { max: 100 }),
      template: readText(body, 'template'),
      language: readText(body, 'language'),
      recipients: readText(body, 'recipients', { max: maxRecipientsText }),
    });
  }

  @Post('campaigns/:campaign/actions')
  run(@Param('number') number: string, @Param('campaign') campaign: string, @Body() body: unknown): Promise<CampaignView> {
    return this.campaigns.run(number, campaign, readText(body, 'action', { allowed: ['pause', 'resume', 'cancel'] }));
  }
}
