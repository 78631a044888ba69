import './sabotage.js';
import '../redis/processes/worker.js';
