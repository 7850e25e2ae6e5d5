import { defineConfig, mergeConfig } from 'vitest/config';
import client from './vite.config.ts';

const include = ['src/**/*.test.ts', 'rules/*.test.ts'];
// The plants of the rules start a compiler or a linter each.
export default mergeConfig(client, defineConfig({ test: { environment: 'node', include, testTimeout: 60_000 } }));
