import { defineConfig, mergeConfig } from 'vitest/config';
import client from './vite.config.ts';

const include = ['src/**/*.test.ts', 'rules/*.test.ts'];
export default mergeConfig(client, defineConfig({ test: { environment: 'node', include } }));
