import { Module } from '@nestjs/common';
import { AssetStore } from './asset-store.js';
import { AssetsController } from './assets.controller.js';
import { Views } from './views.js';

/** What all pages are made of, whoever they are for: templates, stylesheets, scripts and fonts, read once. */
@Module({ controllers: [AssetsController], providers: [AssetStore, Views], exports: [AssetStore, Views] })
export class LookModule {}
