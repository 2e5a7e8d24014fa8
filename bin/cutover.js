#!/usr/bin/env node
require('../cli/load-typescript.js');
require('../cli/main.ts');
