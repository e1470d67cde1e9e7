/** Builds the server into `dist` and its pages into `dist/pages`. Node can't run the decorators of NestJS without a build. */
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import process from 'node:process';
import { build } from 'esbuild';

process.chdir(import.meta.dirname);
await linkPackage();
await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    entryPoints: ['src/main.ts', 'src/demo.ts'],
    outdir: 'dist',
    platform: 'node',
    target: 'node22',
    format: 'esm',
    bundle: true,
    splitting: true,
    packages: 'external',
    sourcemap: true,
  }),
  build({
    entryPoints: ['pages/inbox.ts', 'pages/campaigns.ts', 'pages/signup.ts'],
    outdir: 'dist/pages',
    target: 'es2022',
    format: 'esm',
    bundle: true,
  }),
  ...['inbox.html', 'campaigns.html', 'signup.html', 'style.css'].map((file) => cp(`pages/${file}`, `dist/pages/${file}`)),
]);

/** In a copy of this folder, npm has installed the package. In the repository of the package, it is two folders above. */
async function linkPackage() {
  try {
    import.meta.resolve('wa-coexist');
  } catch {
    await mkdir('node_modules', { recursive: true });
    await symlink('../../..', 'node_modules/wa-coexist', 'junction').catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
