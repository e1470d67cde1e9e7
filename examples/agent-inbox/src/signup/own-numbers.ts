import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { getPhoneNumber } from 'wa-coexist';
import { Accounts } from '../database/accounts.ts';
import { Settings } from '../settings.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';

/** Connects the number of the environment variables, for teams that don't need the signup page. */
@Injectable()
export class OwnNumbers implements OnApplicationBootstrap {
  @Inject(Accounts) private readonly accounts!: Accounts;
  @Inject(Settings) private readonly settings!: Settings;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;

  async onApplicationBootstrap(): Promise<void> {
    const { ownNumber } = this.settings;
    if (!ownNumber) return;
    const { phoneNumberId, wabaId, accessToken } = ownNumber;
    await this.accounts.saveToken({ wabaId, token: accessToken });
    const { display_phone_number: displayPhoneNumber = phoneNumberId, verified_name: verifiedName = displayPhoneNumber } =
      await getPhoneNumber(this.whatsapp.client.for({ wabaId, phoneNumberId }));
    await this.accounts.saveNumber({ phoneNumberId, wabaId, displayPhoneNumber, verifiedName });
  }
}
