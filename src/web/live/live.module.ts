import { Module } from '@nestjs/common';
import { LiveStreams } from './live-streams.js';

/** One for the whole process, so that its end reaches every stream. */
@Module({ providers: [LiveStreams], exports: [LiveStreams] })
export class LiveModule {}
