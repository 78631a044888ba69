// Imported into each process by `node --import`: ends it when the process that started it is gone, however that went.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The leash alone keeps nobody alive.
process.channel?.unref();
