import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The first is Chromium without windows, which takes half the processor time. */
const browsers = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const chromium = process.env.CHROMIUM ?? browsers.find(existsSync);
const isLight = chromium === browsers[0];

export default defineConfig({
  testDir: '.',
  // More than the smallest machine has cores, which is two: a third of the time is spent waiting for clocks and lost
  // networks, and with four light browsers a quarter of the cores was idle. A running deployment has one worker: it is
  // emptied between tests.
  workers: process.env.E2E_STACK ? 1 : isLight ? 5 : 4,
  fullyParallel: true,
  // A real browser on a loaded machine: a test that passes the second time is reported as flaky and needs a look.
  retries: process.env.CI ? 1 : 0,
  // Four browsers, their servers and the decoders of pictures share two cores: what takes a second alone may take ten.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // A microphone that beeps, and pages that may use it.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
