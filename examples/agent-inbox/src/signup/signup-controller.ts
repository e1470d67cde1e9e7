import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import type { Onboarding, OnboardingNumber } from 'wa-coexist/coexistence';
import { Accounts } from '../database/accounts.ts';
import { Settings } from '../settings.ts';
import type { NumberView, SignupView } from '../views.ts';
import { memberOf, readText } from '../web/read-body.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';

/** The public settings of the signup page. */
export interface SignupSettings {
  readonly appId: string;
  readonly configId: string;
  readonly version: string;
  readonly sdkUrl: string;
  /** Origins that the page trusts besides Meta's: the emulator. */
  readonly extraOrigins: readonly string[];
}

/** The API of the signup page. */
@Controller('api/signup')
export class SignupController {
  @Inject(Accounts) private readonly accounts!: Accounts;
  @Inject(Settings) private readonly settings!: Settings;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;

  @Get('settings')
  read(): SignupSettings {
    const { appId, configId, sdkUrl, baseUrl } = this.settings.meta;
    const { origin } = new URL(sdkUrl);
    return {
      appId,
      configId,
      sdkUrl,
      version: this.whatsapp.client.version,
      extraOrigins: baseUrl === undefined || new URL(baseUrl).origin !== origin ? [] : [origin],
    };
  }

  /** Exchanges the code for a token, checks the setup, and requests contacts and history. */
  @Post()
  async start(@Body() body: unknown): Promise<SignupView> {
    const { onboarding } = this.whatsapp.coexistence;
    const { id } = await onboarding.start({ code: readText(body, 'code', { max: 4_096 }), sessionEvent: memberOf(body, 'sessionEvent') });
    return this.finish(await onboarding.resume(id));
  }

  /** Continues with the chosen number, or after an error. */
  @Post(':onboarding')
  async resume(@Param('onboarding') id: string, @Body() body: unknown): Promise<SignupView> {
    const phoneNumberId = memberOf(body, 'phoneNumberId') === undefined ? undefined : readText(body, 'phoneNumberId');
    return this.finish(await this.whatsapp.coexistence.onboarding.resume(id, { phoneNumberId }));
  }

  private async finish(onboarding: Onboarding): Promise<SignupView> {
    const { id, state, phoneNumberId, checklist } = onboarding;
    const number = phoneNumberId === undefined ? null : numberView({ ...onboarding, phoneNumberId });
    if (onboarding.state === 'done') await this.accounts.saveNumber({ ...numberView(onboarding), wabaId: onboarding.wabaId });
    const numbers = onboarding.state === 'choose-number' ? onboarding.numbers : [];
    return { onboardingId: id, state, number, choices: numbers.map(numberView), checklist: checklist.map(({ text }) => text) };
  }
}

function numberView({ phoneNumberId, displayPhoneNumber = '', verifiedName = displayPhoneNumber }: OnboardingNumber): NumberView {
  return { phoneNumberId, displayPhoneNumber, verifiedName };
}
