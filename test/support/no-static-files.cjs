/** In place of `@fastify/static`, which mercurius needs for a page that no test opens, and which Jest cannot load on Node 20. */
module.exports = () => {
  throw new Error('there are no static files in tests');
};
