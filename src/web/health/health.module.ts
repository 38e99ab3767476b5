import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** Needs `HealthSources`, `OperationalFigures` and prom-client's `Registry` from a global module. */
@Module({ controllers: [HealthController, MetricsController] })
export class HealthModule {}
