import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { WhatsAppModule, webhooksToken } from 'wa-coexist/nestjs';
import { CampaignsController } from './campaigns/campaigns-controller.ts';
import { Campaigns } from './campaigns/campaigns.ts';
import { Accounts } from './database/accounts.ts';
import { Database, openDatabase } from './database/database.ts';
import { openStores, Stores } from './database/stores.ts';
import { Conversations } from './inbox/conversations.ts';
import { InboxController } from './inbox/inbox-controller.ts';
import { Inbox } from './inbox/inbox.ts';
import { LiveController } from './live/live-controller.ts';
import { LiveEvents } from './live/live-events.ts';
import { OwnNumbers } from './signup/own-numbers.ts';
import { SignupController } from './signup/signup-controller.ts';
import { Settings } from './settings.ts';
import { PagesController } from './web/pages-controller.ts';
import { Bot } from './whatsapp/bot.ts';
import { openWhatsApp, WhatsApp } from './whatsapp/whatsapp.ts';

/** The database and the tables of the library. The receiver needs them, too. */
@Module({})
export class DatabaseModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Database, useFactory: () => openDatabase(settings.databaseUrl) },
        { provide: Stores, useFactory: openStores, inject: [Database] },
        Accounts,
      ],
      exports: [Settings, Database, Stores, Accounts],
    };
  }
}

/** The application. */
@Module({
  controllers: [PagesController, InboxController, LiveController, CampaignsController, SignupController],
  providers: [
    {
      provide: WhatsApp,
      useFactory: (settings: Settings, stores: Stores, accounts: Accounts, webhooks: Parameters<typeof openWhatsApp>[0]['webhooks']) =>
        openWhatsApp({ settings, stores, accounts, webhooks }),
      inject: [Settings, Stores, Accounts, webhooksToken],
    },
    Bot,
    Inbox,
    LiveEvents,
    Conversations,
    Campaigns,
    OwnNumbers,
  ],
})
export class AppModule implements OnApplicationShutdown {
  @Inject(Conversations) private readonly conversations!: Conversations;
  @Inject(Campaigns) private readonly campaigns!: Campaigns;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;
  @Inject(Stores) private readonly stores!: Stores;
  @Inject(Database) private readonly database!: Database;

  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot(settings),
        WhatsAppModule.forRootAsync({
          inject: [Settings, Stores],
          useFactory: ({ meta }: Settings, { store }: Stores) => ({
            appSecret: meta.appSecret,
            verifyToken: meta.verifyToken,
            // Responds to Meta as soon as a delivery is in the database. Any process can handle it.
            mode: 'inbox',
            store,
          }),
        }),
      ],
    };
  }

  /** The receiver and the server are closed already. The order matters: each part uses the ones that close after it. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.conversations.close(), this.campaigns.close()]);
    await this.whatsapp.close();
    await this.stores.store.close();
    await this.database.close();
  }
}
