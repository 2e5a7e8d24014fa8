#!/usr/bin/env node
require('./load-typescript.js');
require('../cli/main.ts');
