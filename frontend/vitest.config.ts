import { defineConfig, mergeConfig } from 'vitest/config';
import client from './vite.config.ts';

const include = ['src/**/*.test.ts', 'rules/*.test.ts'];
// Each plant of the rules starts a compiler or a linter.
export default mergeConfig(client, defineConfig({ test: { environment: 'node', include, testTimeout: 60_000 } }));
