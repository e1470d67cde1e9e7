/** Starts the application on real services. The README describes the environment variables. */
import { startApp } from './app.ts';
import { readSettings, type Settings } from './settings.ts';

const app = await startApp(settings());
console.log(`Open ${process.env['PUBLIC_URL'] ?? (await app.getUrl())}`);

function settings(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
