import { loadSync } from '@grpc/proto-loader';

export const load = loadSync;
