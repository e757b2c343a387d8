#!/usr/bin/env node
import { runCommand } from './command-line.js';

runCommand(process.argv.slice(2));
